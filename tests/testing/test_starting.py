"""`MockOCR` and `create_app`: starting and stopping a server in this process."""

import asyncio
import json
import logging
import re
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest
import trio
from tencentcloud.common.credential import Credential
from tencentcloud.ocr.v20181119.ocr_client import OcrClient

import mockocr.admin.app  # noqa: F401 - not first while the catalogue is another
from mockocr import Account, MockOCR, Settings, create_app
from mockocr.actions import catalogue
from mockocr.client.client import NoServerError
from mockocr.server.ports import ListenError
from mockocr.settings import SettingError
from mockocr.testing.admin import Admin
from mockocr.testing.bugs import BugError
from mockocr.testing.errors import RefusedError
from mockocr.testing.starting import connected
from tests.testing.calling import URL, call, outcome, request_of

if TYPE_CHECKING:
    from tests.conftest import Serve, Signed


def threads() -> set[str]:
    return {each.name for each in threading.enumerate() if each.name.startswith("mockocr")}


def test_the_server_runs_only_during_the_block(state_dir: Path) -> None:
    before = threads()
    with MockOCR(state_dir=state_dir) as ocr:
        assert call(ocr).RequestId
        trusting = ssl.create_default_context(cafile=str(ocr.server.ca))
        health = httpx.get(f"{ocr.https_url}/healthz", verify=trusting, trust_env=False)

    assert health.json()["status"] == "healthy"
    assert threads() <= before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(ocr.endpoint.partition(":")[2])))


def test_two_servers_run_side_by_side_and_one_can_start_again(state_dir: Path) -> None:
    double = MockOCR(state_dir=state_dir)
    with double as one, MockOCR(state_dir=state_dir) as other:
        assert outcome(one) == outcome(other) == "ok"
        assert outcome(one, secret_id=other.secret_id) == "AuthFailure.SecretIdNotFound"
    with double as again:
        assert outcome(again) == "ok"
        assert again.name == one.name


@pytest.mark.parametrize("run", [asyncio.run, anyio.run, trio.run])
def test_the_server_runs_in_any_async_library(state_dir: Path, run: Callable[..., Any]) -> None:
    async def main() -> str:
        async with MockOCR(state_dir=state_dir) as ocr:
            return outcome(ocr)

    main_function: Callable[[], Awaitable[str]] = main
    assert run(main() if run is asyncio.run else main_function) == "ok"


def test_an_error_of_the_block_is_propagated_with_its_calls(state_dir: Path) -> None:
    def fail(ocr: Account) -> None:
        outcome(ocr, key="worn")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as raised, MockOCR(state_dir=state_dir) as ocr:
        fail(ocr)

    (note,) = raised.value.__notes__
    assert note.startswith("calls of 'account-1': 1\n")
    assert "wrong_secret_key" in note


def test_an_error_without_calls_has_the_usual_reasons(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with pytest.raises(ZeroDivisionError) as raised, MockOCR(state_dir=state_dir):
        raise ZeroDivisionError

    none, interception, proxies = raised.value.__notes__[0].splitlines()
    assert none == "calls of 'account-1': none"
    assert "Use MockOCR(intercept=True), or give the client the endpoint" in interception
    assert re.search(r"send it elsewhere\? \(set are .*HTTPS_PROXY", proxies)


def test_the_real_names_lead_to_an_intercepting_server(state_dir: Path) -> None:
    with MockOCR(state_dir=state_dir, intercept=True) as ocr:
        credential = Credential(ocr.secret_id, ocr.secret_key)
        assert OcrClient(credential, "").IDCardOCR(request_of()).Name
        ocr.assert_called(1)


def test_a_strict_block_raises_complaints_with_its_calls(state_dir: Path) -> None:
    def miss(ocr: Account) -> None:
        ocr.respond(when={"CardSide": "FRONT"}, card="invented")
        outcome(ocr, CardSide="BACK")

    with (
        pytest.raises(AssertionError) as raised,
        MockOCR(state_dir=state_dir, strict=True) as ocr,
    ):
        miss(ocr)

    unused, unmatched, title, *_ = str(raised.value).splitlines()
    assert unused == "rule 'respond 1' was never used"
    assert unmatched.endswith("the nearest is rule 'respond 1': expected CardSide FRONT, got BACK")
    assert title == "calls of 'account-1': 1"
    with MockOCR(state_dir=state_dir, strict=True) as ocr:
        assert outcome(ocr) == "ok"


def test_settings_are_those_of_serve(state_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "always.yaml").write_text(
        "name: always\nrules:\n  - {name: r, then: {error: FailedOperation.OcrFailed}}\n"
    )
    settings: Any = {
        "scenarios": [tmp_path / "always.yaml"],
        "contract": date(2026, 3, 13),
        "seed": 9,
    }
    with MockOCR(state_dir=state_dir, admin_token="t", keys="AKIDx:y", **settings) as ocr:
        result = ocr.server.admin.ask("GET", "info")

        assert outcome(ocr) == "FailedOperation.OcrFailed"
        assert (result["seed"], result["contract"], result["scenarios"]) == (
            9,
            "2026-03-13",
            ["always"],
        )
        assert outcome(ocr, secret_id="AKIDx", key="y") == "FailedOperation.OcrFailed"


@pytest.mark.parametrize(
    ("settings", "result"),
    [
        ({"prot": 1}, "unknown setting 'prot'; did you mean 'port'?"),
        ({"seed": "x"}, "seed: expected a whole number, got 'x'"),
        ({"library": ["a", "b"]}, "library: invalid"),
        ({"scenarios": ["nothing"]}, "scenarios: invalid"),
        ({"tls_port": "x"}, "tls_port: expected a port"),
        ({"no_admin": True}, "tests need the admin API over HTTP"),
        ({"port": "off"}, "tests need the admin API over HTTP"),
    ],
)
def test_invalid_settings_are_refused(settings: dict[str, Any], result: str) -> None:
    with pytest.raises(SettingError, match="^" + result[:8]) as refused, MockOCR(**settings):
        pass

    assert result in str(refused.value)


def test_a_taken_port_is_an_error_that_leaves_nothing_open(state_dir: Path) -> None:
    with MockOCR(state_dir=state_dir) as ocr:
        port = ocr.endpoint.partition(":")[2]
        with pytest.raises(ListenError, match=f"cannot listen on 127.0.0.1:{port}"):
            MockOCR(state_dir=state_dir, tls_port=port).__enter__()


def test_the_port_file_exists_while_the_server_runs(state_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "ports.json"
    with MockOCR(state_dir=state_dir, port_file=path) as ocr:
        assert json.loads(path.read_text())["http"] == ocr.url

    assert not path.exists()


def test_a_ca_that_cannot_be_stored_lasts_as_long_as_the_server(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with MockOCR(state_dir=tmp_path / "file" / "below") as ocr:
        assert ocr.server.ca is not None
        trusting = ssl.create_default_context(cafile=str(ocr.server.ca))
        health = httpx.get(f"{ocr.https_url}/healthz", verify=trusting, trust_env=False)

    assert health.status_code == 200
    assert not ocr.server.ca.exists()


def test_the_environment_sets_the_folder_of_the_ca(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOCKOCR_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("MOCKOCR_PORT", "1")
    with MockOCR() as ocr:
        assert ocr.server.ca == tmp_path / "ca" / "ca.pem"


def test_a_server_without_https_has_no_https_url(state_dir: Path) -> None:
    with MockOCR(state_dir=state_dir, tls_port="off") as ocr:
        assert outcome(ocr) == "ok"
        with pytest.raises(LookupError, match=r"the HTTPS URL of .* is unknown"):
            ocr.https_url  # noqa: B018 - that there is none


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch, bugs: list[logging.LogRecord]) -> Any:
    """An action with a bug. Its log entries are expected."""

    def render(*_: Any) -> Any:
        raise ZeroDivisionError("the bug")

    monkeypatch.setattr(catalogue, "_ACTIONS", (replace(catalogue._ACTIONS[0], render=render),))
    yield
    assert bugs
    bugs.clear()


@pytest.mark.usefixtures("broken")
def test_a_bug_of_mockocr_is_raised_at_the_end_of_the_block(state_dir: Path) -> None:
    with (
        pytest.raises(ZeroDivisionError, match="the bug") as raised,
        MockOCR(state_dir=state_dir) as ocr,
    ):
        assert outcome(ocr) == "InternalError"

    assert raised.value.__notes__[0].startswith("This is a bug in mockocr. The call ")


@pytest.mark.usefixtures("broken")
def test_a_bug_of_a_remote_server_is_reported(serve: "Serve") -> None:
    with connected(serve().url, None, Path()) as server:
        account = server.account()
        server.reraise_bugs(account)
        assert outcome(account) == "InternalError"
        with pytest.raises(BugError, match=account.requests[0].request_id):
            server.reraise_bugs(account)


def test_a_scripted_internal_error_is_not_a_bug(serve: "Serve") -> None:
    with connected(serve().url, None, Path()) as server:
        account = server.account()
        account.respond(error="InternalError")
        assert outcome(account) == "InternalError"

        server.reraise_bugs(account)


@pytest.mark.parametrize("url", ["https://127.0.0.1:1", "127.0.0.1:8018", "http://a:b@127.0.0.1:1"])
def test_a_remote_server_is_given_by_its_http_url(url: str) -> None:
    with pytest.raises(SettingError, match="--mockocr-url: "), connected(url, None, Path()):
        pass


def test_connecting_without_a_server_or_its_admin_api_is_an_error(serve: "Serve") -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"

    with pytest.raises(NoServerError, match="no server at"), connected(nowhere, None, Path()):
        pass
    closed = serve(no_admin=True).url
    with pytest.raises(RefusedError, match="there is nothing"), connected(closed, None, Path()):
        pass


def test_the_admin_token_is_required_and_sent(serve: "Serve") -> None:
    url = serve(admin_token="open sesame").url

    with pytest.raises(RefusedError, match="set MOCKOCR_ADMIN_TOKEN"):
        connected(url, None, Path()).__enter__()
    with connected(url, "open sesame", Path()) as server:
        assert outcome(server.account()) == "ok"


def test_a_connection_closed_by_the_server_is_reopened(serve: "Serve") -> None:
    running = serve()
    with closing(Admin(running.url)) as admin:
        admin.ask("GET", "info")
        connection = admin._connection.sock
        connection.shutdown(socket.SHUT_RDWR)

        assert admin.ask("GET", "info")["version"]
        assert admin._connection.sock is not connection


def test_a_server_that_is_not_mockocr_is_an_error() -> None:
    def answer(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer, args=(listener,))
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with (
            closing(Admin(url)) as admin,
            pytest.raises(NoServerError, match="no mockocr with an admin API at"),
        ):
            admin.ask("GET", "info")
        thread.join()


async def _through(app: Any, headers: dict[str, str], body: bytes) -> Any:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8018") as client:
        called = await client.post("/", headers=headers, content=body)
        return called.json()["Response"], (await client.get("/__admin/info")).json()


def test_create_app_is_the_whole_application(signed: "Signed") -> None:
    app = create_app(Settings(scenarios=("error-image-blur",), seed=5))
    body = f'{{"ImageUrl": "{URL}"}}'.encode()

    answered, info = asyncio.run(_through(app, signed("127.0.0.1:8018", body), body))

    assert answered["Error"]["Code"] == "FailedOperation.ImageBlur"
    assert (info["seed"], info["scenarios"]) == (5, ["error-image-blur"])


def test_create_app_refuses_files_that_cannot_be_used() -> None:
    with pytest.raises(SettingError, match="--scenarios: invalid"):
        create_app(Settings(scenarios=("nothing",)))
