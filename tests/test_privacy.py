"""Secrets in calls appear in no log line, journal entry or explanation."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.conftest import Signed

SECRET_ID = "AKIDplanted"
SECRET_KEY = "planted-secret-key-0123456789"
TOKEN = "planted-token-0123456789"
PLANTED = {
    "secret key": SECRET_KEY,
    "token": TOKEN,
    "name": "种植人",
    "number": "440524198701010014",
    "birth": "1987/1/1",
    "address": "种植市种植路一号",
    "query of an ImageUrl": "planted-query",
    "picture": "cGxhbnRlZCBwaWN0dXJl",
}
URL = f"https://xx/a.jpg?sign={PLANTED['query of an ImageUrl']}"
SCENARIO = f"""
name: planted
rules:
  - name: by token and URL
    when: {{CardSide: BACK, ImageUrl: "{URL}", header: {{X-TC-Token: {TOKEN}}}}}
    then: {{card: invented}}
  - name: by picture
    when: {{ImageBase64: {{contains: {PLANTED["picture"] * 20}}}}}
    then: {{card: invented}}
  - name: somebody
    when: {{CardSide: FRONT}}
    then:
      card:
        Name: {PLANTED["name"]}
        IdNum: "{PLANTED["number"]}"
        Birth: {PLANTED["birth"]}
        Address: {PLANTED["address"]}
"""


PARAMETERS: list[dict[str, Any]] = [
    {"ImageUrl": URL, "CardSide": "FRONT"},
    {"ImageUrl": URL, "CardSide": "BACK", "Config": json.dumps({"CropIdCard": True})},
    {"ImageBase64": PLANTED["picture"]},
    {"ImageBase64": PLANTED["picture"], "CardSide": 1},
    {"Imagebase64": PLANTED["picture"], "Name": PLANTED["name"]},
    {"ImageUrl": URL, "Config": "{"},
]
BODIES = [json.dumps(each).encode() for each in PARAMETERS]
PAGES = (
    *("/healthz", "/nothing", "/metrics", "/__admin/accounts", "/__admin/info", "/__admin/schema"),
    *("/__admin/scenarios", "/__admin/scenarios/planted", "/__admin/openapi.json"),
)


class Server:
    """A server in its own process, with everything that it prints."""

    def __init__(self, folder: Path, *flags: str) -> None:
        self.port_file = folder / "port-file"
        keys = folder / "keys.yaml"
        keys.write_text(
            f"- name: planted\n  rate: 0\n  tokens: [{TOKEN}]\n"
            f"  keys: [{{SecretId: {SECRET_ID}, SecretKey: {SECRET_KEY}}}]\n"
        )
        scenario = folder / "planted.yaml"
        scenario.write_text(SCENARIO, encoding="utf-8")
        command = ["serve", "--port", "0", "--tls-port", "off", "--log-level", "debug", *flags]
        files = ["--keys-file", str(keys), "--scenarios", str(scenario)]
        files += ["--port-file", str(self.port_file)]
        self.process: subprocess.Popen[str] = subprocess.Popen(
            [sys.executable, "-m", "mockocr", *command, *files],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr is not None
        self.first_line = self.process.stderr.readline()
        self.url = json.loads(self.port_file.read_text())["http"]

    def stop(self) -> str:
        self.process.terminate()
        return "".join([self.first_line, *self.process.communicate(timeout=10)])


@pytest.fixture(params=["text", "json"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path, "--log-format", request.param)
    yield started
    started.process.kill()
    started.process.communicate()


def calls(server: Server, signed: "Signed") -> list[tuple[str, bytes, dict[str, str]]]:
    """Valid and invalid calls, each with all planted secrets."""
    host = server.url.removeprefix("http://")
    made = []
    for body in BODIES:
        for key in (SECRET_KEY, SECRET_KEY + "\n", "planted-wrong-" + SECRET_KEY):
            for token in (TOKEN, None, "other-" + TOKEN):
                headers = signed(
                    host,
                    body,
                    secret_id=SECRET_ID,
                    secret_key=key,
                    more={"X-TC-Token": token} if token else {},
                )
                made.append(("POST", body, headers))
    form = (
        f"ImageUrl={URL}&Token={TOKEN}&SecretId={SECRET_ID}&Signature=x&Nonce=1&Timestamp=1"
        "&Action=IDCardOCR&Version=2018-11-19"
    )
    made.append(("POST", form.encode(), {"Content-Type": "application/x-www-form-urlencoded"}))
    return made


def matched(client: httpx.Client, parameters: dict[str, Any]) -> str:
    headers = {"X-TC-Token": TOKEN, "Authorization": SECRET_KEY, "Cookie": SECRET_KEY}
    words = {"account": "planted", "parameters": parameters, "headers": headers}
    reply = client.post("/__admin/match", json=words)
    assert reply.status_code == 200
    return reply.text


def test_no_planted_secret_appears_anywhere(server: Server, signed: "Signed") -> None:
    shown = []
    with (
        httpx.Client(base_url=server.url, trust_env=False) as client,
        client.stream("GET", "/__admin/events") as events,
    ):
        for method, body, headers in calls(server, signed):
            client.request(method, "/", content=body, headers=headers)
        listed = client.get("/__admin/requests")
        shown.append(listed.text)
        result = (line for line in events.iter_lines() if line.startswith("data: "))
        shown += islice(result, len(listed.json()["requests"]))
        for row in listed.json()["requests"]:
            path = f"/__admin/requests/{row['RequestId']}"
            shown += [client.get(path + end).text for end in ("", "/explain", "/curl")]
        shown += [matched(client, json.loads(body)) for body in BODIES]
        shown += [client.get(path).text for path in PAGES]
    printed = server.stop()

    assert any("by token and URL" in text for text in shown)
    assert any('"differences"' in text for text in shown)
    assert len(listed.json()["requests"]) == 55
    assert {row["outcome"] for row in listed.json()["requests"]} >= {
        "ok",
        "AuthFailure.SignatureFailure",
        "AuthFailure.TokenFailure",
        "FailedOperation.ImageDecodeFailed",
        "InvalidParameter",
        "UnknownParameter",
    }
    for what, secret in PLANTED.items():
        assert secret not in printed, f"{what} in the log"
        assert not [text for text in shown if secret in text], f"{what} in the admin API"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MOCKOCR_KEYS", f"{SECRET_ID};{SECRET_KEY}"),
        ("MOCKOCR_KEYS", f"a:{SECRET_KEY};a:{SECRET_KEY}"),
        ("MOCKOCR_KEYS", f"tcp://{SECRET_KEY}"),
        ("MOCKOCR_PORT", "99999999"),
    ],
)
def test_no_error_at_start_contains_a_secret(variable: str, value: str, tmp_path: Path) -> None:
    keys = tmp_path / "keys.yaml"
    keys.write_text(f"- keys: [{{SecretId: a, SecretKey: [{SECRET_KEY}]}}]\n")
    known = {"PATH": os.environ["PATH"], "MOCKOCR_ADMIN_TOKEN": TOKEN, variable: value}

    done = subprocess.run(
        [sys.executable, "-m", "mockocr", "serve", "--port", "0", "--keys-file", str(keys)],
        env=known,
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert done.returncode == 2
    assert done.stderr
    assert SECRET_KEY not in done.stderr + done.stdout
    assert TOKEN not in done.stderr + done.stdout
