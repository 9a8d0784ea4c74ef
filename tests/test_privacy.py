"""What is planted in calls comes up in no output of a server, a command or a test report."""

import json
import os
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

import httpx
import pytest

from mockocr.testing.account import Account, RunningServer
from mockocr.testing.errors import RefusedError
from mockocr.testing.report import calls_of
from mockocr.testing.starting import connected
from mockocr.testing.strictness import complaints
from tests.requests import a_v1_call

if TYPE_CHECKING:
    from tests.conftest import Run, Signed

PLANTED = {
    "name": "种植人",
    "number": "440524198701010014",
    "birth": "1987/1/1",
    "address": "种植市种植路一号",
}
"""Secrets by the place where each was planted."""


def plant(place: str) -> str:
    """A secret of its own for each place, so that a leak tells where it comes from. It can be a
    SecretKey, a password, Base64 and a part of a URL."""
    PLANTED[place] = f"planted{len(PLANTED):03}secret0123456789ab"
    return PLANTED[place]


SECRET_ID = "AKIDplanted"
SECRET_KEY = plant("SecretKey")
OTHER_KEY = plant("SecretKey of another account")
TOKEN = plant("STS token")
ADMIN_TOKEN = plant("admin token")

HEADERS = {
    name: plant(f"header {name}")
    for name in (
        *("X-Api-Key", "X-Auth-Token", "X-Access-Token", "X-Amz-Security-Token", "X-Goog-Api-Key"),
        *("X-Vault-Token", "X-Csrf-Token", "X-Session-Id", "Private-Token", "Api-Key", "Token"),
        *("Authentication", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Forwarded-User"),
        *("X-Secret", "X-Password", "X-Jwt-Assertion", "Ocp-Apim-Subscription-Key", "X-Wx-Openid"),
        *("Forwarded", "From", "X-Signature"),
    )
} | {
    "Referer": f"https://{plant('user in Referer')}@xx/?key={plant('query of Referer')}",
    "X-TC-Secret": plant("header X-TC-Secret"),
}
AUTHORIZATIONS = (
    f"Bearer {plant('Bearer')}",
    f"Basic {plant('Basic')}",
    f'Digest username="a", response="{plant("Digest")}"',
    plant("Authorization as a whole"),
    f"AWS4-HMAC-SHA256 Credential={plant('AWS4')}/20261122/x/y/aws4_request, Signature=x",
    f"tc3-hmac-sha256 {plant('algorithm in lower case')}",
    f"TC3-{plant('algorithm')} Signature=x",
    f"TC3-HMAC-SHA256 {plant('behind the algorithm')}",
    f"TC3-HMAC-SHA256 SecretKey={plant('another part')}",
    f"TC3-HMAC-SHA256 {plant('name of a part')}=x",
    f"TC3-HMAC-SHA256 Credential={SECRET_KEY}/2026-11-22/ocr/tc3_request, Signature={TOKEN}",
    f"TC3-HMAC-SHA256 Credential={SECRET_ID}/{plant('date')}/ocr/tc3_request,"
    f" SignedHeaders=content-type;host, Signature={plant('signature')}",
    f"TC3-HMAC-SHA256 Credential={SECRET_ID}/DATE/{plant('service')}/tc3_request,"
    f" SignedHeaders=content-type;host, Signature={plant('signature of a wrong service')}",
    f"TC3-HMAC-SHA256 Credential={SECRET_ID}/DATE/ocr/{plant('terminator')},"
    f" SignedHeaders=content-type;host, Signature={plant('signature of a wrong terminator')}",
    f"TC3-HMAC-SHA256 Credential={plant('Credential')}, SignedHeaders=host, Signature=x",
    f"TC3-HMAC-SHA256 Credential={SECRET_ID}, SignedHeaders=host:{plant('signed header')}",
    f"TC3-HMAC-SHA256 Credential={SECRET_ID}, Signature=x, {plant('behind the signature')}",
    f"SKIP {plant('behind SKIP')}",
)
SECRET_IDS = (OTHER_KEY, plant("SecretId"), f"$2b$10${plant('hash')}", "undefined", "")
HOSTS = (f"user:{plant('password in Host')}@", f"{plant('user in Host')}.with.dots@")
MORE = {"Extra": plant("parameter of a form"), "Token2": plant("second parameter of a form")}

URLS = (
    f"https://xx/a.jpg?sign={plant('query')}&t={plant('second of a query')}",
    f"https://xx?{plant('query without a path')}",
    f"https://xx/a.jpg#{plant('fragment')}",
    f"https://{plant('user')}:{plant('password')}@xx/a.jpg",
    f"https://user:pa/{plant('password with a slash')}@xx/a.jpg",
    f"https://xx\\{plant('password behind a backslash')}@yy/a.jpg",
    f"ftp://user:{plant('password of another scheme')}@xx/a.jpg",
    f"data:image/png;base64,{plant('picture in a data URL')}",
    plant("picture instead of a URL"),
)
PICTURE = plant("picture")
PARAMETERS: list[dict[str, Any]] = [
    *({"ImageUrl": url, "CardSide": "BACK"} for url in URLS),
    {"ImageUrl": URLS[0], "CardSide": "FRONT"},
    {"ImageUrl": URLS[0], "Config": json.dumps({"CropIdCard": True})},
    {"ImageBase64": PICTURE},
    {"ImageBase64": PICTURE, "CardSide": 1},
    {"ImageBase64": b64encode(plant("text in Base64").encode()).decode()},
    {"Imagebase64": plant("misspelt parameter"), "Name": PLANTED["name"]},
    {"ImageUrl": URLS[0], "CardSide": plant("picture in CardSide") * 40},
    {"ImageUrl": URLS[0], "Config": "{"},
    {"ImageUrl": [plant("list")]},
    {"Nested": {"a": {"b": plant("nested object")}}},
]
BODIES = [json.dumps(it).encode() for it in PARAMETERS]

SCENARIO = f"""
name: planted
rules:
  - name: by token and URL
    when:
      CardSide: BACK
      ImageUrl: "https://xx/a.jpg?sign={plant("URL in a rule")}"
      header:
        X-TC-Token: {plant("token in a rule")}
        X-Api-Key: {{contains: {plant("key in a rule")}}}
        Authorization: {{glob: "*{plant("authorization in a rule")}*"}}
    then: {{card: invented}}
  - name: by glob
    when: {{ImageUrl: {{glob: "https://*:{plant("password in a glob")}@*"}}}}
    then: {{card: invented}}
  - name: by text
    when: {{ImageUrl: {{contains: "sign={plant("query in a text")}"}}}}
    then: {{card: invented}}
  - name: by fragment
    when: {{ImageUrl: {{regex: "#{plant("fragment in a pattern")}"}}}}
    then: {{card: invented}}
  - name: by picture
    when: {{ImageBase64: {{contains: {plant("picture in a rule") * 20}}}}}
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
PAGES = (
    *("/healthz", "/readyz", "/nothing", "/metrics"),
    *("/__admin/accounts", "/__admin/accounts/planted", "/__admin/info", "/__admin/clock"),
    *("/__admin/scenarios", "/__admin/scenarios/planted", "/__admin/scenarios?account=planted"),
    *("/__admin/schema", "/__admin/openapi.json"),
)
INVALID_ACCOUNTS = (
    {"keys": [{"SecretId": "AKIDx", "SecretKey": [plant("SecretKey of a wrong type")]}]},
    {"keys": [{"SecretId": SECRET_ID, "SecretKey": plant("SecretKey of a taken SecretId")}]},
    {"tokens": plant("token of a wrong type")},
)


class Sent(NamedTuple):
    method: str
    body: bytes
    headers: Mapping[str, str]
    query: str = ""


class Server:
    """A server in a process of its own, with everything that it prints."""

    def __init__(self, folder: Path, *flags: str) -> None:
        self.folder = folder
        self.port_file = folder / "port-file"
        self.state_dir = folder / "state"
        keys = folder / "keys.yaml"
        keys.write_text(
            f"- name: planted\n  rate: 0\n  tokens: [{TOKEN}]\n"
            f"  keys: [{{SecretId: {SECRET_ID}, SecretKey: {SECRET_KEY}}}]\n"
            f"- name: other\n  keys: [{{SecretId: AKIDother, SecretKey: {OTHER_KEY}}}]\n"
        )
        scenario = folder / "planted.yaml"
        scenario.write_text(SCENARIO, encoding="utf-8")
        command = ["serve", "--port", "0", "--tls-port", "0", "--log-level", "debug", *flags]
        files = ["--keys-file", str(keys), "--scenarios", str(scenario)]
        files += ["--port-file", str(self.port_file), "--state-dir", str(self.state_dir)]
        self.process: subprocess.Popen[str] = subprocess.Popen(
            [sys.executable, "-m", "mockocr", *command, *files],
            env={**os.environ, "MOCKOCR_ADMIN_TOKEN": ADMIN_TOKEN},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr is not None
        self.first_line = self.process.stderr.readline()
        self.port_text = self.port_file.read_text()
        self.url = json.loads(self.port_text)["http"]
        self.host = self.url.removeprefix("http://")

    def stop(self) -> str:
        self.process.terminate()
        return "".join([self.first_line, *self.process.communicate(timeout=10)])


@pytest.fixture(params=["text", "json"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path, "--log-format", request.param)
    yield started
    started.process.kill()
    started.process.communicate()


def calls(host: str, signed: "Signed") -> Iterator[Sent]:
    """Right and wrong ones, each with all that is planted."""
    pair = {"secret_id": SECRET_ID, "secret_key": SECRET_KEY}
    for body in BODIES:
        for key, token in (
            *((SECRET_KEY, token) for token in (TOKEN, None, f"other-{TOKEN}")),
            *((key, TOKEN) for key in (SECRET_KEY + "\n", f"wrong-{SECRET_KEY}", OTHER_KEY)),
        ):
            more = {**HEADERS, **({"X-TC-Token": token} if token else {})}
            headers = signed(host, body, **(pair | {"secret_key": key}), more=more)
            yield Sent("POST", body, headers)
    right = signed(host, BODIES[0], **pair, more={"X-TC-Token": TOKEN})
    for authorization in AUTHORIZATIONS:
        date = time.strftime("%Y-%m-%d", time.gmtime())
        yield Sent(
            "POST",
            BODIES[0],
            {**right, "Authorization": authorization.replace("DATE", date)},
        )
    for secret_id in SECRET_IDS:
        headers = signed(host, BODIES[0], secret_id=secret_id, secret_key=SECRET_ID)
        yield Sent("POST", BODIES[0], headers)
    for userinfo in HOSTS:
        headers = signed(userinfo + host, BODIES[0], **pair, more={"X-TC-Token": TOKEN})
        yield Sent("POST", BODIES[0], headers)
        # SDKs take the service from the host.
        service = (userinfo + host).partition(".")[0]
        authorization = headers["Authorization"].replace("/ocr/", f"/{service}/")
        yield Sent("POST", BODIES[0], {**headers, "Authorization": authorization})
    for url in URLS:
        query = urlencode({"ImageUrl": url, "CardSide": "BACK"})
        yield Sent("GET", b"", right, query)
        for secret_id in (SECRET_ID, SECRET_KEY):
            common: Any = {
                "SecretId": secret_id,
                "Token": TOKEN,
                "Timestamp": str(int(time.time())),
            }
            form = a_v1_call({"ImageUrl": url, **MORE}, secret_key=SECRET_KEY, **common)
            as_form = {"Host": host, "Content-Type": form.headers["content-type"]}
            yield Sent("POST", form.body, as_form)
            yield Sent("GET", b"", {"Host": host}, form.body.decode())


def matched(client: httpx.Client, parameters: dict[str, Any]) -> str:
    headers = {"X-TC-Token": TOKEN, "Authorization": AUTHORIZATIONS[0], **HEADERS}
    call = {"account": "planted", "parameters": parameters, "headers": headers}
    reply = client.post("/__admin/match", json=call)
    assert reply.status_code in (200, 422)
    return reply.text


def of_the_server(server: Server, signed: "Signed") -> Iterator[tuple[str, str]]:
    """All that the server shows over HTTP."""
    bearer = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
    with (
        httpx.Client(base_url=server.url, trust_env=False) as caller,
        httpx.Client(base_url=server.url, trust_env=False, headers=bearer) as client,
        client.stream("GET", "/__admin/events") as events,
    ):
        for sent in calls(server.host, signed):
            target = f"/?{sent.query}" if sent.query else "/"
            caller.request(sent.method, target, content=sent.body or None, headers=sent.headers)
        journal = client.get("/__admin/requests")
        yield "journal", journal.text
        rows = journal.json()["requests"]
        lines = (line for line in events.iter_lines() if line.startswith("data: "))
        yield from ((f"event {n}", line) for n, line in enumerate(islice(lines, len(rows))))
        for row in rows:
            path = f"/__admin/requests/{row['RequestId']}"
            for end in ("", "/explain", "/curl"):
                yield path + end, client.get(path + end).text
        for number, parameters in enumerate(PARAMETERS):
            yield f"match {number}", matched(client, parameters)
        for number, account in enumerate(INVALID_ACCOUNTS):
            reply = client.post("/__admin/accounts", json=account)
            assert reply.status_code in (409, 422)
            yield f"invalid account {number}", reply.text
        for page in PAGES:
            yield page, client.get(page).text
            yield f"{page} without the token", caller.get(page).text


def of_commands(server: Server, run: "Run", request_ids: list[str]) -> Iterator[tuple[str, str]]:
    remote = ("--server", server.url, "--admin-token", ADMIN_TOKEN)
    pair = ("--secret-id", SECRET_ID, "--secret-key", SECRET_KEY, "--token", TOKEN)
    wrong = ("--secret-id", SECRET_KEY, "--secret-key", SECRET_ID, "--token", TOKEN)
    headers = [word for name, value in HEADERS.items() for word in ("--header", f"{name}: {value}")]
    commands: list[tuple[str, ...]] = [
        ("requests", *remote),
        ("requests", *remote, "--verify"),
        ("sign", *pair, *headers),
        ("call", *pair, *headers, *remote, "--image", URLS[3], "--side", "BACK"),
        ("call", *wrong, *headers, *remote, "--image", URLS[3], "--side", "BACK"),
        *(("explain", request_id, *remote) for request_id in request_ids),
    ]
    for command in commands:
        for printed_as in ((), ("--json",)):
            finished = run(*command, *printed_as)
            assert finished.stdout + finished.stderr
            yield " ".join(command[:2]), finished.stdout + finished.stderr


UNUSED = {
    "name": "unused",
    "rules": [
        {
            "name": "never used",
            "when": {"ImageUrl": URLS[0], "header": {"X-Api-Key": plant("key in an unused rule")}},
            "then": {"card": {"Name": PLANTED["name"]}},
        }
    ],
}


def of_a_test(server: Server, signed: "Signed") -> Iterator[tuple[str, str]]:
    """What the pytest plugin reports, and what the library raises."""
    began = datetime(2000, 1, 1, tzinfo=UTC).isoformat()
    with connected(server.url, ADMIN_TOKEN, server.folder) as running:
        account = planted_account(running)
        yield "report", calls_of([account], began)
        account.play(UNUSED)
        with httpx.Client(base_url=server.url, trust_env=False) as caller:
            for body in BODIES[:9]:
                token = {"X-TC-Token": TOKEN, **HEADERS}
                pair = {"secret_id": SECRET_ID, "secret_key": SECRET_KEY}
                caller.post(
                    "/", content=body, headers=signed(server.host, body, **pair, more=token)
                )
        yield "strict mode", "\n".join(complaints(account))
        wanteds: tuple[Any, ...] = (URLS[0], {"glob": URLS[3]})
        for number, wanted in enumerate(wanteds):
            with pytest.raises(AssertionError) as failed:
                account.assert_called(99, ImageUrl=wanted)
            yield f"assert_called {number}", str(failed.value)
        yield "account", repr(account) + repr(account.requests)
        yield "explanation", json.dumps(account.explain(), ensure_ascii=False)
    with pytest.raises(RefusedError) as refused, connected(server.url, TOKEN, server.folder):
        pass
    yield "refused", str(refused.value)


def planted_account(running: RunningServer) -> Account:
    keys = [{"SecretId": SECRET_ID, "SecretKey": SECRET_KEY}]
    return Account(running, {"name": "planted", "keys": keys, "seed": 0})


def test_no_planted_secret_appears_anywhere(server: Server, signed: "Signed", run: "Run") -> None:
    shown = dict(of_the_server(server, signed))
    rows = json.loads(shown["journal"])["requests"]
    by_outcome = {row["outcome"] + str(row["cause"]): row["RequestId"] for row in rows}
    outputs = [
        *shown.items(),
        *of_commands(server, run, list(by_outcome.values())),
        *of_a_test(server, signed),
        ("log", server.stop()),
        ("port file", server.port_text),
        *((str(it), it.read_text()) for it in server.state_dir.rglob("*") if it.is_file()),
    ]

    assert len(rows) == len(list(calls(server.host, signed)))
    assert {row["outcome"] for row in rows} >= {
        "ok",
        "AuthFailure.SignatureFailure",
        "AuthFailure.SecretIdNotFound",
        "AuthFailure.TokenFailure",
        "AuthFailure.InvalidAuthorization",
        "FailedOperation.ImageDecodeFailed",
        "InvalidParameter",
        "UnknownParameter",
    }
    texts = "\n".join(text for _, text in outputs)
    for part in (
        '"expected"',
        "by token and URL",
        "was never used",
        "(proven)",
        "https://xx/a.jpg?***",
    ):
        assert part in texts
    leaks = [
        f"{place} in {where}"
        for where, text in outputs
        for place, secret in PLANTED.items()
        if secret in text
    ]
    assert leaks == []
    assert len(PLANTED) > 85
    assert len(outputs) > 154


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
