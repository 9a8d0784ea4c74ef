"""Whatever a client, a file or an argument contains: no printer moves a cursor, changes a color or
hides a text."""

import json
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx
import pytest

from mockocr.server.logs import JsonLines, TextLines
from mockocr.settings import Settings
from mockocr.testing.account import Account
from mockocr.testing.report import calls_of
from mockocr.testing.starting import connected
from mockocr.testing.strictness import complaints
from tests.conftest import running
from tests.explainer.signing import SECRET_ID, SECRET_KEY
from tests.requests import a_v1_call

if TYPE_CHECKING:
    from tests.conftest import Run, Running, Signed

HOSTILE = "\x1b[2J\x1b]0;title\x07\r\b\x7f\x9b31m\u202eevil\u2066\u200b\u2028\ufeff"
"""ANSI and C1 sequences, bidi overrides, zero-width characters, line ends."""
IN_A_HEADER = "\x9b2J\x85\u202eevil\u200b".encode()
"""What HTTP lets through: bytes from 0x80."""
NAME = f"name {HOSTILE}"

SCENARIO = {
    "name": NAME,
    "rules": [
        {
            "name": f"rule {HOSTILE}",
            "when": {"ImageUrl": {"contains": HOSTILE}, "header": {"User-Agent": HOSTILE}},
            "then": {"card": "invented"},
        }
    ],
    "expect": {f"rule {HOSTILE}": 3},
}


def assert_harmless(what: str, text: str) -> None:
    assert text.replace("\n", "").isprintable(), f"{what}: {text!r}"


@pytest.fixture(scope="module")
def hostile(
    signed: "Signed", state_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator["Running"]:
    """A server that was called with hostile text everywhere."""
    file = tmp_path_factory.mktemp("hostile") / "hostile.json.yaml"
    file.write_text(json.dumps(SCENARIO), encoding="utf-8")
    keys = ((SECRET_ID, SECRET_KEY),)
    settings = Settings(port=0, tls_port=0, rate=0, scenarios=(str(file),), keys=keys)
    with running(settings, state_dir) as server:
        call_with_hostile_text(server, signed)
        yield server


def call_with_hostile_text(server: "Running", signed: "Signed") -> None:
    with httpx.Client(trust_env=False) as client:
        for parameters in (
            {"ImageUrl": f"https://xx/{HOSTILE}", "CardSide": "FRONT"},
            {"ImageUrl": HOSTILE, "CardSide": HOSTILE},
            {HOSTILE: HOSTILE},
            {"ImageUrl": "https://xx/a.jpg", "Config": HOSTILE},
        ):
            body = json.dumps(parameters).encode()
            for key in (SECRET_KEY, f"{SECRET_KEY}\n", "another"):
                headers = signed(server.endpoint, body, secret_id=SECRET_ID, secret_key=key)
                raw = {name.encode(): value.encode() for name, value in headers.items()}
                for name in (b"User-Agent", b"X-TC-RequestClient", b"X-TC-Region", b"X-Other"):
                    raw[name] = IN_A_HEADER
                client.post(server.url, content=body, headers=raw)
            raw[b"Host"] = b"evil" + IN_A_HEADER
            client.post(server.url, content=body, headers=raw)
        for changes in (
            {},
            {"Action": HOSTILE},
            {"Region": HOSTILE, "RequestClient": HOSTILE},
            {"SecretId": f"AKID{HOSTILE}"},
            {"SecretId": f"${{{HOSTILE}}}"},
            {"Version": HOSTILE, "Nonce": HOSTILE},
        ):
            now: Any = {"Timestamp": str(int(time.time())), **changes}
            sent = a_v1_call({"ImageUrl": HOSTILE, HOSTILE: HOSTILE}, **now)
            client.post(server.url, content=sent.body, headers=dict(sent.headers))
            client.get(f"{server.url}/?{sent.body.decode()}")
        form = urlencode({"Action": HOSTILE}).encode()
        client.post(server.url, content=form, headers={b"Content-Type": b"text/" + IN_A_HEADER})


def test_commands_about_calls_print_no_hostile_text(hostile: "Running", run: "Run") -> None:
    remote = ("--server", hostile.url)
    with httpx.Client(base_url=hostile.url, trust_env=False) as client:
        rows = client.get("/__admin/requests").json()["requests"]
        scripts = [client.get(f"/__admin/requests/{it['RequestId']}/curl").text for it in rows]
    pair = ("--secret-id", SECRET_ID, "--secret-key", SECRET_KEY)
    commands: list[tuple[str, ...]] = [
        ("requests", *remote),
        ("requests", *remote, "--verify"),
        ("requests", *remote, "--since", HOSTILE),
        ("call", *pair, *remote, "--param", f"{HOSTILE}={HOSTILE}"),
        ("call", *pair, *remote, "--region", HOSTILE),
        ("call", *pair, *remote, "--side", "back", "--image", "https://xx/a.jpg"),
        *(("explain", row["RequestId"], *remote) for row in rows),
    ]

    for command in commands:
        for printed_as in ((), ("--json",)):
            finished = run(*command, *printed_as)
            assert finished.stdout + finished.stderr
            assert_harmless(str(command), finished.stdout + finished.stderr)
    assert len(rows) > 25
    for script in scripts:
        assert_harmless("script", script)


@pytest.mark.parametrize(
    "command",
    [
        ("explain", "--request", "saved", "--secret-id", SECRET_ID, "--secret-key", SECRET_KEY),
        ("explain", "--request", "saved", "--secret-id", SECRET_ID, "--secret-key", "another"),
        ("explain", HOSTILE, "--server", "http://127.0.0.1:1"),
        ("explain", "--request", HOSTILE),
        ("validate", HOSTILE),
        ("validate", "wrong.yaml"),
        ("validate", "right.yaml"),
        ("sign", "--param", f"{HOSTILE}={HOSTILE}"),
        ("sign", "--region", "a", "--header", f"X-A: {HOSTILE}"),
        ("sign", "--url", f"http://{HOSTILE}"),
        ("sign", "--param", HOSTILE),
        ("card", "--field", f"Name={HOSTILE}", "--json"),
        ("card", "--field", HOSTILE, "--json"),
        ("card", "--name", HOSTILE, "--json"),
        ("card", "-o", f"{HOSTILE}/a.png"),
        ("card", "-o", HOSTILE),
        ("ca", "path", "--state-dir", "file"),
        ("ca", HOSTILE),
        ("health", "--server", f"http://{HOSTILE}"),
        ("requests", "--server", f"http://{HOSTILE}"),
        ("contract", "diff", HOSTILE, "2024-01-01"),
        ("serve", "--scenarios", HOSTILE),
        ("serve", "--port", HOSTILE),
        ("serve", "--keys-file", HOSTILE),
        ("serve", f"--{HOSTILE}"),
        (HOSTILE,),
    ],
    ids=lambda it: f"{it[0][:8]!a}",
)
def test_a_command_prints_no_hostile_argument_or_file(
    run: "Run", tmp_path: Path, command: tuple[str, ...]
) -> None:
    lines = [
        b"POST / HTTP/1.1",
        b"Host: evil\x1b[2J\x9b\x07",
        b"Content-Type: application/json",
        b"X-TC-Action: IDCardOCR",
        b"X-TC-Version: 2018-11-19",
        b"X-TC-Region: \x1b]0;title\x07",
        b"X-TC-Timestamp: %d" % datetime(2026, 11, 22, tzinfo=UTC).timestamp(),
        b"Authorization: TC3-HMAC-SHA256 Credential=%s/2026-11-22/ocr/tc3_request,"
        b" SignedHeaders=content-type;host, Signature=%s" % (SECRET_ID.encode(), b"0" * 64),
    ]
    (tmp_path / "saved").write_bytes(b"\r\n".join([*lines, b"", b"{}"]))
    (tmp_path / "wrong.yaml").write_text(json.dumps({**SCENARIO, HOSTILE: HOSTILE}))
    (tmp_path / "right.yaml").write_text(json.dumps(SCENARIO))
    (tmp_path / "file").write_text("")

    finished = run(*command)

    assert finished.stdout + finished.stderr
    assert_harmless(str(command), finished.stdout + finished.stderr)


def test_reports_of_tests_contain_no_hostile_text(hostile: "Running", tmp_path: Path) -> None:
    with connected(hostile.url, None, tmp_path) as running:
        [name] = [it["name"] for it in running.admin.ask("GET", "accounts")["accounts"]]
        keys = [{"SecretId": SECRET_ID, "SecretKey": SECRET_KEY}]
        account = Account(running, {"name": name, "keys": keys, "seed": 0})
        account.play(SCENARIO)
        with pytest.raises(AssertionError) as failed:
            account.assert_called(99, ImageUrl={"contains": HOSTILE})

        began = datetime(2000, 1, 1, tzinfo=UTC).isoformat()
        assert_harmless("report", calls_of([account], began))
        assert_harmless("complaints", "\n".join(complaints(account)))
        assert_harmless("assertion", str(failed.value))


@pytest.mark.parametrize("lines", [TextLines(), JsonLines()])
def test_the_log_contains_no_hostile_text(hostile: "Running", lines: logging.Formatter) -> None:
    exchanges = tuple(hostile.state.journal.newest_first())
    calls = logging.makeLogRecord({"msg": "call", "exchanges": exchanges})
    bug = logging.makeLogRecord({"msg": f"a bug: {HOSTILE}", "exc_text": f"Trace\n{HOSTILE}"})

    for record in (calls, bug):
        assert_harmless("log", lines.format(record))
