"""The code that the admin API writes, run by its program against the server that wrote it."""

import base64
import os
import shutil
import subprocess
import sys
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.builders import a_picture
from tests.code_samples.calls import HOSTILE

if TYPE_CHECKING:
    from mockocr.journal.exchange import Exchange
    from tests.conftest import Running

CLIENTS = Path(__file__).parents[2] / ".clients"
COMMANDS = {
    "python": [sys.executable],
    "node": ["node"],
    "curl": ["bash"],
    "tccli": ["bash"],
    "pytest": [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"],
}
FORM = {"CardSide": "BACK", "Config": '{"CropIdCard": true}', "EnableReflectDetail": True}
ODD = "https://xx/" + "".join(HOSTILE.values())


def code_of(server: "Running", **spec: Any) -> dict[str, str]:
    language = spec.pop("code")
    url = f"{server.url}/__admin/code?language={language}"
    reply = httpx.post(url, json=spec, trust_env=False, timeout=60)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def run(server: "Running", written: dict[str, str], folder: Path) -> "Exchange":
    """The journaled call that the code made."""
    (folder / written["file"]).write_text(written["code"], encoding="utf-8")
    command = COMMANDS[written["language"]]
    if written["language"] == "pytest":
        command = [*command, "--mockocr-url", server.url]
    if shutil.which(command[0]) is None:
        pytest.skip(f"this machine has no {command[0]}")
    done = subprocess.run(
        [*command, written["file"]],
        cwd=folder,
        env={
            "PATH": f"{CLIENTS / 'tccli/bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "NODE_PATH": str(CLIENTS / "node/node_modules"),
            "TENCENTCLOUD_SECRET_ID": "AKIDMOCKOCR",
            "TENCENTCLOUD_SECRET_KEY": "mockocr",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        },
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (folder / "evil").exists()
    return server.state.journal.newest_first()[0]


@pytest.mark.parametrize("language", COMMANDS)
def test_the_code_makes_the_call_of_the_form(
    server: "Running", tmp_path: Path, language: str
) -> None:
    picture = a_picture("PNG")
    parameters: dict[str, Any] = {"ImageBase64": base64.b64encode(picture).decode(), **FORM}
    call = {"parameters": parameters, "region": "ap-beijing", "language": "en-US"}
    written = code_of(server, **call, code=language)
    file = f"picture-{sha256(picture).hexdigest()[:12]}.png"
    (tmp_path / file).write_bytes(picture)
    exchange = run(server, written, tmp_path)

    assert exchange.outcome == "ok"
    assert exchange.parameters == {
        "ImageBase64": f"<{len(parameters['ImageBase64'])} characters>",
        **FORM,
    }
    assert exchange.picture is not None
    assert exchange.headers["x-tc-region"] == "ap-beijing"
    assert exchange.language == "en-US"


@pytest.mark.parametrize("language", sorted(COMMANDS.keys() - {"pytest"}))
def test_hostile_values_arrive_as_they_are_in_the_form(
    server: "Running", tmp_path: Path, language: str
) -> None:
    rule = {
        "name": "same",
        "when": {"ImageUrl": ODD},
        "then": {"error": "FailedOperation.OcrFailed"},
    }
    scenario = {"name": "hostile", "rules": [rule]}
    httpx.post(f"{server.url}/__admin/scenarios", json=scenario, trust_env=False)
    parameters = {"ImageUrl": ODD, "CardSide": "FRONT"}
    written = code_of(server, parameters=parameters, code=language)
    with nullcontext() if language == "curl" else pytest.raises(AssertionError):
        run(server, written, tmp_path)

    httpx.delete(f"{server.url}/__admin/scenarios/hostile", trust_env=False)
    assert server.state.journal.newest_first()[0].rule == "same"
    assert not (tmp_path / "evil").exists()
