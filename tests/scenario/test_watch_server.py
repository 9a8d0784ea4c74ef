"""Files that change while a server runs, observed over real sockets."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockocr.scenario.watch import follow
from mockocr.server.app import create_app
from mockocr.settings import Settings
from tests.conftest import Running, Serve, Signed

BODY = json.dumps({"ImageUrl": "https://xx/a.jpg"}).encode()


def write(file: Path, name: str, then: str) -> None:
    text = f"name: {name}\nrules: [{{name: a, then: {then}}}]\n"
    beside = file.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "played.yaml"
    write(file, "first", "{error: FailedOperation.ImageBlur}")
    return file


def outcome(server: Running, signed: Signed) -> str:
    headers = signed(server.endpoint, BODY)
    response = httpx.post(server.url, content=BODY, headers=headers).json()["Response"]
    return str(response["Error"]["Code"]) if "Error" in response else "ok"


def changes(stream: httpx.Response) -> Iterator[dict[str, Any]]:
    """The state of the scenarios in each event of the stream."""
    lines = stream.iter_lines()
    for line in lines:
        if line == "event: scenarios":
            yield json.loads(next(lines).removeprefix("data: "))


def test_a_saved_file_plays_soon_and_a_broken_one_leaves_the_last_good_version(
    serve: Serve, signed: Signed, file: Path
) -> None:
    server = serve(scenarios=(str(file),))
    assert outcome(server, signed) == "FailedOperation.ImageBlur"

    with httpx.stream("GET", f"{server.url}/__admin/events", timeout=20) as stream:
        events = changes(stream)

        write(file, "second", "{card: invented}")
        assert next(events)["refused"] == {}
        assert outcome(server, signed) == "ok"

        write(file, "third", "{eror: x}")
        assert list(next(events)["refused"]) == [str(file)]
        assert outcome(server, signed) == "ok"

        write(file, "fourth", "{error: InternalError}")
        assert next(events)["refused"] == {}
        assert outcome(server, signed) == "InternalError"


def test_a_folder_empty_at_the_start_plays_files_added_later(
    serve: Serve, signed: Signed, tmp_path: Path
) -> None:
    server = serve(scenarios=(str(tmp_path),))
    assert outcome(server, signed) == "ok"

    with httpx.stream("GET", f"{server.url}/__admin/events", timeout=20) as stream:
        write(tmp_path / "put.yaml", "put there", "{error: InternalError}")
        assert next(changes(stream))["refused"] == {}

    assert outcome(server, signed) == "InternalError"


def test_a_folder_that_stays_empty_is_not_reported_again(tmp_path: Path) -> None:
    app = create_app(Settings(port=0, scenarios=(str(tmp_path),)))
    assert app.files is not None

    assert not follow(app.files, app.state.registry)


def test_a_refused_file_is_logged_with_its_location(serve: Serve, file: Path) -> None:
    server = serve(scenarios=(str(file),))

    with httpx.stream("GET", f"{server.url}/__admin/events", timeout=20) as stream:
        write(file, "broken", "{eror: InternalError}")
        next(changes(stream))

    state = httpx.get(f"{server.url}/__admin/scenarios").json()
    assert [each["name"] for each in state["scenarios"]] == ["first"]
    assert "2:26: unknown key 'eror'; did you mean 'error'?" in state["refused"][str(file)]
