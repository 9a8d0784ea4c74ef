"""`mockocr explain` for a call in a journal, and for a saved request."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mockocr.actions.idcard.specimens.catalogue import BY_NAME
from mockocr.actions.idcard.specimens.pictures import picture_of
from mockocr.explainer.causes import NAMES, NEED_NO_BODY
from tests.builders import a_picture, base64
from tests.explainer.signing import SECRET_ID, SECRET_KEY, Signer
from tests.requests import a_v1_call

if TYPE_CHECKING:
    from tests.conftest import Finished, Run, Running, Serve, Signed

KEYS = ("--secret-id", SECRET_ID, "--secret-key", SECRET_KEY)
BODY = b'{"ImageUrl": "https://xx/a.jpg"}'


@pytest.fixture
def call(signed: "Signed") -> Any:
    """The RequestId of a call: `call(server, secret_key="x")`."""

    def once(server: "Running", **how: Any) -> str:
        headers = signed(server.endpoint, BODY, **how)
        with httpx.Client(trust_env=False) as client:
            result = client.post(server.url, content=BODY, headers=headers).json()
        return str(result["Response"]["RequestId"])

    return once


def test_a_call_to_a_server_is_explained(run: "Run", server: "Running", call: Any) -> None:
    result = run("explain", call(server, secret_key="mockocr\n"), "--server", server.url)

    assert result.code == 0
    assert "outcome  AuthFailure.SignatureFailure" in result.stdout
    assert "cause    secret_has_whitespace (proven)" in result.stdout
    assert "a line end" in result.stdout
    assert "canonical request, as computed by the server:\n  POST\n  /\n" in result.stdout
    assert "mockocr\\n" not in result.stdout


def test_the_step_that_differs_is_printed_with_code_that_is_right(
    run: "Run", server: "Running", call: Any
) -> None:
    result = run("explain", call(server, secret_key="mockocr\n"), "--server", server.url).stdout

    lines = [line.strip() for line in result.splitlines()]
    assert "step     secret key" in lines
    assert "found     a line end" in lines
    assert any(line.startswith("python    secret_key = os.environ[") for line in lines)


def test_an_unproven_cause_is_marked(run: "Run", server: "Running", call: Any) -> None:
    result = run("explain", call(server, secret_key="another"), "--server", server.url)

    assert "cause    wrong_secret_key (likely, not proven)" in result.stdout


def test_an_answered_call_is_printed_with_its_near_misses(
    run: "Run", serve: "Serve", call: Any
) -> None:
    server = serve(scenarios=("documented",))

    result = run("explain", call(server), "--server", server.url)

    assert "outcome  ok\n" in result.stdout
    assert "rule     none" in result.stdout
    assert "not 'example 3, back': expected CardSide BACK, got None" in result.stdout


EVERY_CONDITION = """\
name: 场景
rules:
  - {name: wide, when: {picture: {min_width: 500}}, then: {http: 502}}
  - {name: glob, when: {ImageUrl: {glob: "*.png"}}, then: {http: 502}}
  - {name: once, then: {card: invented}, after: fall_through}
  - {name: last, then: {card: invented}}
"""


def test_the_rule_is_printed_with_its_scenario_and_near_misses(
    run: "Run", serve: "Serve", call: Any, tmp_path: Path
) -> None:
    (tmp_path / "a.yaml").write_text(EVERY_CONDITION, encoding="utf-8")
    server = serve(scenarios=(str(tmp_path / "a.yaml"),))
    first, second = call(server), call(server)

    result = [run("explain", each, "--server", server.url).stdout for each in (first, second)]

    assert "rule     once (of 场景)\n" in result[0]
    assert "used up" not in result[0]
    assert "rule     last (of 场景)\n" in result[1]
    assert "not 'wide': expected picture.min_width 500, got None\n" in result[1]
    assert "not 'glob': expected ImageUrl glob: *.png, got https://xx/a.jpg\n" in result[1]
    assert "not 'once': its steps are used up\n" in result[1]


def test_measurements_are_printed_with_their_thresholds(
    run: "Run", server: "Running", signed: "Signed"
) -> None:
    picture = base64(picture_of(BY_NAME["warning-reflection"]))
    body = json.dumps({"ImageBase64": picture, "Config": '{"ReflectWarn": true}'}).encode()
    with httpx.Client(trust_env=False) as client:
        headers = signed(server.endpoint, body)
        result = client.post(server.url, content=body, headers=headers).json()["Response"]

    printed = run("explain", result["RequestId"], "--server", server.url).stdout

    lines = printed.splitlines()
    assert "picture  JPEG, 960x640: front" in lines
    assert "card     front, the specimen warning-reflection, defects: reflection" in lines
    (head,) = [line.split() for line in lines if line.startswith("  measured")]
    assert head == ["measured", "value", "good", "warns", "of"]
    rows = {line.split()[0]: line.split()[1:] for line in lines if "at most" in line}
    assert rows["reflection"][1:] == ["at", "most", "0.4", "reflection"]
    assert float(rows["reflection"][0]) > 0.4
    (quality,) = [line.split() for line in lines if line.startswith("  quality")]
    assert quality[2:] == ["at", "least", "50"]


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (b"fake", "picture  undecodable"),
        (a_picture("PNG", 80, 50), "picture  PNG, 80x50: nothing"),
        (picture_of(BY_NAME["li-ming"]), "picture  JPEG, 960x640: front"),
    ],
    ids=["none", "of something else", "not measured"],
)
def test_a_picture_without_measurements_is_printed_in_short(
    run: "Run", server: "Running", signed: "Signed", picture: bytes, expected: str
) -> None:
    body = json.dumps({"ImageBase64": base64(picture)}).encode()
    with httpx.Client(trust_env=False) as client:
        headers = signed(server.endpoint, body)
        result = client.post(server.url, content=body, headers=headers).json()["Response"]

    printed = run("explain", result["RequestId"], "--server", server.url).stdout

    assert expected in printed.splitlines()
    assert "measured" not in printed


def test_a_picture_that_was_not_read_is_printed_without_fields(
    run: "Run", serve: "Serve", signed: "Signed", tmp_path: Path
) -> None:
    (tmp_path / "a.yaml").write_text(
        "name: n\nrules: [{name: a, when: {picture: {min_width: 5}}, then: {card: invented}}]\n"
    )
    server = serve(scenarios=(str(tmp_path / "a.yaml"),))
    body = json.dumps({"ImageBase64": base64(a_picture("PNG", 80, 50))}).encode()
    with httpx.Client(trust_env=False) as client:
        headers = signed(server.endpoint, body)
        result = client.post(server.url, content=body, headers=headers).json()["Response"]

    printed = run("explain", result["RequestId"], "--server", server.url).stdout

    assert "picture  PNG, 80x50" in printed.splitlines()


def test_a_specimen_that_did_not_match_a_rule_is_printed_by_name(
    run: "Run", serve: "Serve", signed: "Signed", tmp_path: Path
) -> None:
    (tmp_path / "a.yaml").write_text(
        "name: n\nrules: [{name: a, when: {picture: {specimen: [minor, long-name]}},"
        " then: {card: invented}}]\n"
    )
    server = serve(scenarios=(str(tmp_path / "a.yaml"),))

    def explained(picture: bytes) -> str:
        body = json.dumps({"ImageBase64": base64(picture)}).encode()
        with httpx.Client(trust_env=False) as client:
            headers = signed(server.endpoint, body)
            result = client.post(server.url, content=body, headers=headers).json()["Response"]
        return run("explain", result["RequestId"], "--server", server.url).stdout

    expected = "expected picture.specimen minor or long-name"
    named = explained(picture_of(BY_NAME["li-ming"]))
    unnamed = explained(a_picture("PNG", 80, 50))
    assert f"not 'a': {expected}, got li-ming\n" in named
    assert f"not 'a': {expected}, got none\n" in unnamed


def test_a_reason_is_printed(run: "Run", server: "Running", signed: "Signed") -> None:
    body = b'{"CardWarnType": "Basic"}'
    with httpx.Client(trust_env=False) as client:
        headers = signed(server.endpoint, body)
        result = client.post(server.url, content=body, headers=headers).json()["Response"]

    printed = run("explain", result["RequestId"], "--server", server.url).stdout

    assert "reason   CardWarnType: expected 2025-07-03\n" in printed
    assert "Set --contract to 2025-07-03 or later" in printed
    assert "canonical request" not in printed


@pytest.mark.parametrize(
    ("words", "variables"), [(("--lang", "zh"), {}), ((), {"MOCKOCR_LANG": "zh"})]
)
def test_the_language_of_hints_can_be_chosen(
    run: "Run",
    server: "Running",
    call: Any,
    words: tuple[str, ...],
    variables: dict[str, str],
) -> None:
    request_id = call(server, secret_key="mockocr\n")

    told = run("explain", request_id, "--server", server.url, *words, **variables)

    assert "换行符" in told.stdout


def test_a_server_with_a_language_explains_in_it(run: "Run", serve: "Serve", call: Any) -> None:
    server = serve(lang="zh")

    told = run("explain", call(server, secret_key="mockocr\n"), "--server", server.url)

    assert "换行符" in told.stdout


def test_json_is_the_reply_of_the_server(run: "Run", server: "Running", call: Any) -> None:
    request_id = call(server, secret_id="AKIDnobody")

    result = json.loads(run("explain", request_id, "--server", server.url, "--json").stdout)

    assert (result["RequestId"], result["cause"]) == (request_id, "unknown_secret_id")


def test_an_unknown_call_or_a_missing_server_exits_with_1(run: "Run", server: "Running") -> None:
    unknown = run("explain", "no-such-call", "--server", server.url)
    nowhere = run("explain", "no-such-call", "--server", "http://127.0.0.1:9")

    assert (unknown.code, nowhere.code) == (1, 1)
    assert "the journal has no call with this RequestId" in unknown.stderr
    assert "127.0.0.1:9" in nowhere.stderr


@pytest.mark.parametrize("arguments", [(), ("id", "--request", "file")])
def test_a_call_or_a_file_is_required(run: "Run", arguments: tuple[str, ...]) -> None:
    result = run("explain", *arguments)

    assert result.code == 2
    assert "expected either REQUESTID or --request FILE" in result.stderr


def saved(
    folder: Path, signer: Signer, line_end: str = "\r\n", body: bytes | None = None, **headers: str
) -> str:
    """The path of a file with a raw request."""
    request = signer.send()
    target = f"/?{request.query}" if request.query else "/"
    result = {**request.headers, **headers}
    lines = [
        f"{request.method} {target} HTTP/1.1",
        *(f"{k}: {v}" for k, v in result.items()),
        "",
        "",
    ]
    content = line_end.join(lines).encode("latin-1") + (request.body if body is None else body)
    path = folder / "request.http"
    path.write_bytes(content)
    return str(path)


@pytest.fixture
def explained(run: "Run", tmp_path: Path) -> Any:
    def once(signer: Signer, *flags: str, **how: Any) -> "Finished":
        return run("explain", "--request", saved(tmp_path, signer, **how), *KEYS, *flags)

    return once


@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
def test_a_saved_request_that_is_right_exits_with_0(explained: Any, line_end: str) -> None:
    result = explained(
        Signer(timestamp=int(time.time()) - 10**6, date=_day(10**6)), line_end=line_end
    )

    assert result.code == 0
    assert result.stdout.startswith("outcome  ok\n")


def _day(seconds_ago: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() - seconds_ago))


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ({"secret_key": f"{SECRET_KEY}\n"}, "secret_has_whitespace"),
        ({"sent": {"content-type": "application/json; charset=utf-8"}}, "content_type_charset"),
        ({"sent_body": b"{}"}, "wrong_secret_key"),
        ({"sent": {"authorization": "nonsense"}}, "malformed_authorization"),
        ({"method": "GET", "query": "a=1&b=2", "sent_query": "b=2&a=1"}, "query_sorted"),
    ],
)
def test_a_saved_request_that_is_wrong_exits_with_1_and_is_explained(
    explained: Any, fault: dict[str, Any], name: str
) -> None:
    result = explained(Signer(**fault))

    assert result.code == 1
    assert f"cause    {name} (" in result.stdout


def test_a_saved_request_without_its_body_shows_only_some_causes(explained: Any) -> None:
    lost_headers = {"content-length": "53"}

    unknown = explained(Signer(), "--json", body=b"", **lost_headers)
    date = explained(Signer(date="2026-11-23"), "--json", body=b"", **lost_headers)

    result = json.loads(unknown.stdout)
    assert (unknown.code, result["cause"]) == (1, None)
    assert set(result["not_tried"]) == set(NAMES) - NEED_NO_BODY
    assert json.loads(date.stdout)["cause"] == "date_not_utc"
    assert "these causes were not checked" in explained(Signer(), body=b"", **lost_headers).stdout


def test_a_saved_request_with_a_right_signature_is_checked_like_a_call(explained: Any) -> None:
    told = explained(Signer(body=b'{"CardSide": "front"}'))

    assert told.code == 1
    assert 'reason   CardSide: expected one of FRONT, BACK, got "front"' in told.stdout


def test_a_refusal_before_the_signature_is_printed_by_its_code(explained: Any) -> None:
    result = explained(Signer(sent={"x-tc-version": None}))

    assert result.code == 1
    assert "outcome  MissingParameter" in result.stdout
    assert "`Version`" in result.stdout


@pytest.mark.parametrize("content", [b"", b"nonsense", b"POST / HTTP/1.1\nno header\n\n"])
def test_a_file_that_is_not_a_request_exits_with_2(
    run: "Run", tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "request.http"
    path.write_bytes(content)

    result = run("explain", "--request", str(path), *KEYS)

    assert result.code == 2
    assert "expected raw HTTP" in result.stderr


def test_a_missing_file_exits_with_2(run: "Run", tmp_path: Path) -> None:
    result = run("explain", "--request", str(tmp_path / "none"), *KEYS)

    assert (result.code, "No such file" in result.stderr) == (2, True)


def test_a_legacy_request_has_one_step(run: "Run", tmp_path: Path) -> None:
    request = a_v1_call(secret_key="another")
    lines = ["POST / HTTP/1.1", *(f"{name}: {value}" for name, value in request.headers.items())]
    path = tmp_path / "request.http"
    path.write_bytes("\n".join([*lines, "", ""]).encode() + request.body)

    result = run("explain", "--request", str(path), *KEYS).stdout

    assert "cause    wrong_secret_key" in result
    assert "canonical request" not in result
    assert "string to sign, as computed by the server:\n  POST127.0.0.1:8018/?Action=" in result


def test_a_request_id_is_not_used_as_a_path(run: "Run", server: "Running") -> None:
    result = run("explain", "../accounts?x=", "--server", server.url)

    assert (result.code, result.stdout) == (1, "")
