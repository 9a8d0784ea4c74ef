import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.conftest import Run, Running

VECTORS = Path(__file__).parents[2] / "fixtures" / "vectors"
PLANTED = "correct-horse-battery-staple"
AT = ("--timestamp", "1735660800")


def steps(run: "Run", *arguments: str, **variables: str) -> dict[str, Any]:
    printed = run("sign", "--json", *AT, *arguments, **variables)
    assert (printed.code, printed.stderr) == (0, "")
    return dict(json.loads(printed.stdout))


def refusal(run: "Run", *arguments: str, **variables: str) -> str:
    refused = run("sign", *arguments, **variables)
    assert (refused.code, refused.stdout) == (2, "")
    (line,) = refused.stderr.splitlines()
    return line.removeprefix("mockocr sign: ")


OF_OCR = [
    "py-ascii",
    "py-base64-1k",
    "py-empty-params",
    "py-host-with-port",
    "py-lang-en",
    "py-midnight-utc-edge",
    "py-no-region",
    "py-token",
    "py-unicode",
    "py-unsigned",
    "py-get",
    "py-get-empty",
    "py-get-escape",
]


@pytest.mark.parametrize("name", OF_OCR)
def test_it_signs_as_the_official_sdk_does(run: "Run", name: str) -> None:
    folder = VECTORS / name
    case = json.loads((folder / "case.json").read_text())
    host = case["headers"]["Host"]
    arguments = ["--url", f"https://{host}/?{case['query']}", "--method", case["method"]]
    sent = {name: it for name, it in case["headers"].items() if name != "Authorization"}
    arguments += [word for it in sent.items() for word in ("--header", ": ".join(it))]
    if case["method"] == "POST":
        arguments += ["--body", str(folder / "body")]
    arguments += ["--secret-id", case["secret_id"], "--secret-key", case["secret_key"]]
    result = steps(run, *arguments, "--timestamp", str(case["timestamp"]))

    assert result["authorization"] == case["expected_authorization"]


def test_each_signing_step_is_printed_with_its_name(run: "Run") -> None:
    result = steps(run, "--param", "CardSide=BACK")
    printed = run("sign", *AT, "--param", "CardSide=BACK").stdout

    assert result["canonical_request"].splitlines()[:-1] == [
        "POST",
        "/",
        "",
        "content-type:application/json",
        "host:127.0.0.1:8018",
        "",
        "content-type;host",
    ]
    assert result["canonical_request"].endswith(result["payload_hash"])
    assert result["string_to_sign"].splitlines() == [
        "TC3-HMAC-SHA256",
        "1735660800",
        result["scope"],
        result["canonical_request_hash"],
    ]
    assert result["headers"]["Authorization"] == result["authorization"]
    for step in ("canonical_request", "string_to_sign", "scope", "payload_hash", "authorization"):
        assert result[step] in printed
    assert "X-TC-Timestamp: 1735660800" in printed.splitlines()


def test_the_printed_request_is_accepted(run: "Run", server: "Running") -> None:
    body = b'{"ImageUrl":"https://xx/a.jpg","EnableRecognitionRectify":true}'
    pairs = ("--param", "ImageUrl=https://xx/a.jpg", "--param", "EnableRecognitionRectify=true")
    printed = run("sign", "--json", "--url", server.url, *pairs)
    result = json.loads(printed.stdout)
    sent = json.dumps(json.loads(body)).encode()
    reply = httpx.post(server.url, content=sent, headers=result["headers"], trust_env=False)

    assert "Name" in reply.json()["Response"]


def test_a_get_has_its_parameters_in_the_query(run: "Run") -> None:
    arguments = (
        "--method",
        "get",
        "--param",
        "ImageUrl=https://xx/我 a.jpg",
        "--param",
        "CardSide=BACK",
    )
    result = steps(run, *arguments)

    query = "ImageUrl=https%3A%2F%2Fxx%2F%E6%88%91%20a.jpg&CardSide=BACK"
    assert result["query"] == query
    assert result["canonical_request"].startswith(
        f"GET\n/\n{query}\ncontent-type:application/x-www-"
    )
    url = f"http://127.0.0.1:8018/?{query.partition('&')[0]}"
    assert steps(run, "--method", "GET", "--url", url, "--param", "CardSide=BACK") == result


def test_parameters_are_set_in_the_given_body(run: "Run", tmp_path: Path) -> None:
    (tmp_path / "body").write_text('{"ImageUrl": "u", "CardSide": "FRONT"}')
    (tmp_path / "both").write_text('{"ImageUrl": "u", "CardSide": "BACK"}')

    result = steps(run, "--body", "body", "--param", "CardSide=BACK")

    assert result == steps(run, "--body", "both")
    assert result != steps(run, "--body", "body")


def test_the_body_can_be_read_from_stdin(
    run: "Run", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "body").write_bytes(b"\xff not JSON")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff not JSON")))

    assert steps(run, "--body", "-") == steps(run, "--body", str(tmp_path / "body"))


def test_the_flag_host_is_signed_and_sent(run: "Run") -> None:
    result = steps(run, "--host", "localhost")

    assert "\nhost:localhost\n" in result["canonical_request"]
    assert result["headers"]["Host"] == "localhost"


def test_headers_are_added_and_replaced(run: "Run") -> None:
    arguments = (
        "--header",
        "content-type: application/json; charset=UTF-8",
        "--header",
        "Accept:我",
    )
    result = steps(run, *arguments, "--region", "ap-beijing")

    assert "content-type:application/json; charset=utf-8\n" in result["canonical_request"]
    assert result["headers"]["Content-Type"] == "application/json; charset=UTF-8"
    assert (result["headers"]["Accept"], result["headers"]["X-TC-Region"]) == (
        "我",
        "ap-beijing",
    )


def test_keys_come_from_flags_a_file_or_the_environment(run: "Run", tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"AKIDa\n\n  {PLANTED} \n")
    variables = {"TENCENTCLOUD_SECRET_ID": "AKIDa", "TENCENTCLOUD_SECRET_KEY": PLANTED}
    wrong = {"TENCENTCLOUD_SECRET_ID": "AKIDb", "TENCENTCLOUD_SECRET_KEY": "b"}

    result = steps(run, "--secret-id", "AKIDa", "--secret-key", PLANTED, **wrong)

    assert "Credential=AKIDa/" in result["authorization"]
    assert result == steps(run, "--secret-file", "keys", **wrong) == steps(run, **variables)
    assert result == steps(
        run, "--secret-id", "AKIDa", **{**variables, **wrong} | {"TENCENTCLOUD_SECRET_KEY": PLANTED}
    )


@pytest.mark.parametrize("url", ["http://localhost:1", "http://[::1]:1", "http://ocr.localhost"])
def test_a_local_server_gets_the_built_in_key(run: "Run", url: str) -> None:
    assert "Credential=AKIDMOCKOCR/" in steps(run, "--url", url)["authorization"]


def test_another_machine_needs_given_keys(run: "Run") -> None:
    wanted = "TENCENTCLOUD_SECRET_ID is not set; set it, or use --secret-id or --secret-file"

    assert refusal(run, "--url", "https://ocr.tencentcloudapi.com") == wanted
    assert refusal(run, "--host", "ocr.tencentcloudapi.com") == wanted


@pytest.mark.parametrize(
    ("flag", "missing"), [("--secret-id", "SECRET_KEY"), ("--secret-key", "SECRET_ID")]
)
def test_half_a_key_is_refused(run: "Run", flag: str, missing: str) -> None:
    result = refusal(run, flag, PLANTED)

    assert result.startswith(f"TENCENTCLOUD_{missing} is not set; ")
    assert PLANTED not in result


def test_no_secret_is_printed(run: "Run", tmp_path: Path) -> None:
    (tmp_path / "three").write_text(f"AKIDa\n{PLANTED}\n{PLANTED}\n")
    (tmp_path / "bytes").write_bytes(b"AKIDa\n\xff" + PLANTED.encode())
    keys = ("--secret-id", "AKIDa", "--secret-key", PLANTED)
    tokens = ("--token", "horse-token", "--header", f"Cookie: {PLANTED}")
    runs = [
        run("sign", *keys, *tokens),
        run("sign", *keys, *tokens, "--json"),
        run("sign", "--secret-file", "three"),
        run("sign", "--secret-file", "bytes"),
        run("sign", "--secret-file", "three", *keys),
        run("sign", *keys, "--token", "horse-token\n"),
        run("sign", *keys, "--secret-id", f"{PLANTED}\n"),
        run("sign", "--secret-id", "AKIDa", "--secret-key", f"{PLANTED}\udcff"),
        run("sign", *keys, "--header", PLANTED),
        run("sign", "--url", f"http://user:{PLANTED}@127.0.0.1/"),
    ]

    assert [it.code for it in runs] == [0, 0, 2, 2, 2, 2, 2, 2, 2, 2]
    for each in runs:
        assert PLANTED not in each.stdout + each.stderr
        assert "horse-token" not in each.stdout + each.stderr
    assert "X-TC-Token: <11 characters>" in runs[0].stdout


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (["--url", "zzz"], "--url: expected a URL such as http://127.0.0.1:8018, got 'zzz'"),
        (["--url", "http://x/我"], "--url: expected a URL such as"),
        (["--timestamp", "1.5"], "--timestamp: expected UNIX seconds, got '1.5'"),
        (["--timestamp", "9" * 12], "--timestamp: expected UNIX seconds"),
        (["--param", "CardSide"], "--param: expected NAME=VALUE, got 'CardSide'"),
        (["--param", "=1"], "--param: expected NAME=VALUE"),
        (["--param", "a=\udcff"], "--param: expected NAME=VALUE, got 'a=\\udcff'"),
        (["--header", "a b: c"], "--header: expected NAME:VALUE"),
        (["--header", "a: b\nc"], "--header a: a header cannot contain control characters"),
        (["--header", "Authorization: x"], "--header: Authorization cannot be set"),
        (["--body", "no/such"], "--body: no/such: No such file or directory"),
        (["--method", "GET", "--body", "list"], "--body: a GET has no body"),
        (["--body", "list", "--param", "a=b"], "--body: expected a JSON object, because --param"),
        (["--body", "text", "--param", "a=b"], "--body: expected a JSON object, because --param"),
        (["--secret-file", "no/such"], "--secret-file: no/such: No such file or directory"),
        (
            ["--secret-file", "text"],
            "--secret-file: text: expected two lines, the SecretId and the SecretKey",
        ),
        (
            ["--secret-file", "list", "--secret-id", "x"],
            "--secret-file cannot be combined with --secret-id or --secret-key",
        ),
    ],
)
def test_a_request_that_cannot_be_signed_exits_with_2_and_the_reason(
    run: "Run", tmp_path: Path, arguments: list[str], result: str
) -> None:
    (tmp_path / "list").write_text("[]")
    (tmp_path / "text").write_text("text")

    assert refusal(run, *arguments).startswith(result)
