import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.builders import a_picture
from tests.cli.calling import REFUSED
from tests.strangers import http, something_else

if TYPE_CHECKING:
    from mockocr.journal.exchange import Exchange
    from tests.conftest import Finished, Run, Running, Serve

URL = "https://xx/a.jpg"
PLANTED = "correct-horse-battery-staple"


def last(server: "Running") -> "Exchange":
    return server.state.journal.newest_first()[0]


def response(called: "Finished") -> dict[str, Any]:
    return dict(json.loads(called.stdout)["Response"])


def test_an_answered_call_exits_with_0_and_prints_reply_id_and_time(
    run: "Run", server: "Running"
) -> None:
    called = run("call", "--server", server.url, "--image", URL, "--side", "front")
    exchange = last(server)

    assert called.code == 0
    assert response(called)["RequestId"] == exchange.request_id
    assert response(called)["Name"] in called.stdout
    assert exchange.parameters == {"ImageUrl": URL, "CardSide": "FRONT"}
    head, milliseconds, unit = called.stderr.rpartition(", ")[0], *called.stderr.split()[-2:]
    assert (head, unit) == (f"RequestId {exchange.request_id}", "ms")
    assert float(milliseconds) > 0


def test_the_variable_sets_the_server(run: "Run", server: "Running") -> None:
    assert run("call", "--image", URL, MOCKOCR_URL=f"{server.url}/").code == 0


def test_a_picture_file_is_sent(run: "Run", server: "Running", tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(a_picture())
    called = run("call", "--server", server.url, "--image", "a.png", "--side", "BACK")

    assert response(called)["Authority"]
    assert last(server).details()["picture"]["format"] == "PNG"


def test_config_parameters_and_common_ones_are_sent(run: "Run", server: "Running") -> None:
    arguments = ["--config", '{"CropIdCard": true}', "--param", "EnableRecognitionRectify=false"]
    arguments += ["--param", "CardSide=BACK", "--region", "ap-beijing", "--header", "X-A: b"]
    called = run("call", "--server", server.url, "--image", URL, "--side", "front", *arguments)

    assert called.code == 0
    assert last(server).parameters == {
        "ImageUrl": URL,
        "CardSide": "BACK",
        "Config": '{"CropIdCard": true}',
        "EnableRecognitionRectify": False,
    }
    assert last(server).headers["x-tc-region"] == "ap-beijing"
    assert last(server).headers["x-a"] == "<1 characters>"


def test_a_call_can_be_a_get(run: "Run", server: "Running") -> None:
    arguments = ["--method", "GET", "--side", "back", "--param", "EnableRecognitionRectify=true"]
    called = run("call", "--server", server.url, "--image", f"{URL}?我=1", *arguments)

    assert response(called)["Authority"]
    assert last(server).method == "GET"


def test_a_refused_call_exits_with_1_and_prints_its_reply(run: "Run", server: "Running") -> None:
    called = run("call", "--server", server.url, "--side", "front")

    assert called.code == 1
    assert response(called)["Error"]["Code"] == "FailedOperation.EmptyImageError"
    assert called.stderr.startswith(f"RequestId {last(server).request_id}, ")


WRONG_KEY = ("--secret-id", "AKIDMOCKOCR", "--secret-key", PLANTED)


def test_the_cause_and_a_hint_of_a_refusal_are_printed(run: "Run", server: "Running") -> None:
    called = run("call", "--server", server.url, "--image", URL, *WRONG_KEY)
    explained = httpx.get(
        f"{server.url}/__admin/requests/{last(server).request_id}/explain", trust_env=False
    ).json()

    assert called.code == 1
    assert explained["cause"] == "wrong_secret_key"
    _, cause, hint = called.stderr.splitlines()
    assert (cause, hint) == ("cause: wrong_secret_key", f"hint: {explained['hint']['en']}")
    assert PLANTED not in called.stdout + called.stderr


def test_a_proven_cause_is_marked_and_its_hint_is_in_the_language_of_the_call(
    run: "Run", server: "Running"
) -> None:
    zh = ("--header", "X-TC-Language: zh-CN")
    called = run("call", "--server", server.url, "--image", URL, "--timestamp", "1700000000", *zh)

    _, cause, hint = called.stderr.splitlines()
    assert cause == "cause: clock_skew (proven)"
    assert not hint.isascii()


def test_json_has_reply_time_and_cause(run: "Run", server: "Running") -> None:
    called = run("call", "--json", "--server", server.url, "--image", URL, *WRONG_KEY)
    result = json.loads(called.stdout)

    assert (called.code, called.stderr) == (1, "")
    assert set(result) == {"Response", "milliseconds", "cause", "proven", "reason", "hint"}
    assert (result["cause"], result["proven"]) == ("wrong_secret_key", False)
    assert set(result["hint"]) == {"en", "zh"}
    assert result["milliseconds"] > 0


def test_json_of_an_answered_call_has_no_cause(run: "Run", server: "Running") -> None:
    result = json.loads(run("call", "--json", "--server", server.url, "--image", URL).stdout)

    assert result["Response"]["Name"]
    assert (result["cause"], result["hint"]) == (None, None)


def test_the_admin_token_gives_access_to_the_explanation(run: "Run", serve: "Serve") -> None:
    server = serve(admin_token=PLANTED)
    arguments = ("call", "--server", server.url, "--image", URL, "--timestamp", "1700000000")
    by_flag = run(*arguments, "--admin-token", PLANTED)
    by_variable = run(*arguments, MOCKOCR_ADMIN_TOKEN=PLANTED)
    without = run(*arguments)

    assert [each.code for each in (by_flag, by_variable, without)] == [1, 1, 1]
    assert "cause: clock_skew" in by_flag.stderr
    assert "cause: clock_skew" in by_variable.stderr
    assert len(without.stderr.splitlines()) == 1


def test_a_server_that_explains_nothing_is_accepted(run: "Run", serve: "Serve") -> None:
    called = run("call", "--server", serve(no_admin=True).url, "--image", URL, *WRONG_KEY)

    assert (called.code, len(called.stderr.splitlines())) == (1, 1)


@pytest.mark.parametrize(
    "explanation", [b"{}", b"[]", b"<html/>", b'{"cause": 1, "hint": {"en": "a"}, "reason": []}']
)
def test_an_invalid_explanation_is_ignored(run: "Run", explanation: bytes) -> None:
    reply = http(b'{"Response": {"Error": {"Code": "a"}, "RequestId": "b"}}')
    with something_else(reply, http(explanation)) as url:
        called = run("call", "--server", url, "--image", URL)

    assert (called.code, len(called.stderr.splitlines())) == (1, 1)


@pytest.mark.parametrize(
    ("words", "reason", "hint"),
    [
        (
            (),
            'reason: CardSide: expected one of FRONT, BACK, got "front"',
            "hint: Did you mean FRONT?",
        ),
        (
            ("--lang", "zh"),
            'reason: CardSide：应为 FRONT、BACK 之一，实际为 "front"',
            "hint: 是否想写 FRONT？",
        ),
    ],
)
def test_the_reason_of_a_refusal_is_printed(
    run: "Run", server: "Running", words: tuple[str, ...], reason: str, hint: str
) -> None:
    called = run(
        "call", "--server", server.url, "--image", URL, "--param", "CardSide=front", *words
    )

    assert called.stderr.splitlines()[1] == reason
    assert called.stderr.splitlines()[2].startswith(hint)


def test_a_server_that_stops_after_its_answer_is_accepted(run: "Run") -> None:
    reply = http(b'{"Response": {"Error": {"Code": "a"}, "RequestId": "x/../y"}}')
    with something_else(reply) as url:
        called = run("call", "--server", url, "--image", URL)

    assert (called.code, response(called)["Error"]) == (1, {"Code": "a"})
    assert called.stderr.startswith("RequestId x/../y, ")


def test_https_trusts_the_stored_ca_of_a_local_server(run: "Run", server: "Running") -> None:
    state_dir = str(server.ca.parents[1])
    called = run("call", "--server", server.https_url, "--image", URL, MOCKOCR_STATE_DIR=state_dir)

    assert called.code == 0


def test_https_trusts_the_given_ca(run: "Run", server: "Running", tmp_path: Path) -> None:
    arguments = ("call", "--server", server.https_url, "--image", URL)
    elsewhere = {"MOCKOCR_STATE_DIR": str(tmp_path / "none")}
    trusting = run(*arguments, "--ca", str(server.ca), **elsewhere)
    doubting = run(*arguments, **elsewhere)

    assert (trusting.code, doubting.code) == (0, 1)
    assert "certificate verify failed" in doubting.stderr
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("file", ["no/such.pem", "text.pem"])
def test_an_invalid_certificate_exits_with_2(
    run: "Run", server: "Running", tmp_path: Path, file: str
) -> None:
    (tmp_path / "text.pem").write_text("text")
    refused = run("call", "--server", server.https_url, "--image", URL, "--ca", file)

    assert (refused.code, refused.stdout) == (2, "")
    assert refused.stderr.startswith(f"mockocr call: --ca: cannot read {file} as PEM (")


@pytest.mark.parametrize(
    "url", ["http://8.8.8.8", "https://[2001:4860:4860::8888]", "http://[::ffff:8.8.8.8]"]
)
def test_a_public_address_needs_the_flag_real(run: "Run", url: str) -> None:
    refused = run("call", "--server", url, "--image", URL)

    assert (refused.code, refused.stdout) == (2, "")
    assert refused.stderr == (
        f"mockocr call: {url} is neither on this machine nor in a private network, and would"
        " receive the picture; use --real to call it anyway\n"
    )


def test_the_flag_real_calls_through_the_proxy_with_given_keys(
    run: "Run", server: "Running"
) -> None:
    """The proxy of this test is a mockocr server, which accepts targets in absolute form."""
    arguments = ("call", "--real", "--server", "http://8.8.8.8", "--image", URL)
    keys = ("--secret-id", "AKIDMOCKOCR", "--secret-key", "mockocr")
    variables = {"http_proxy": server.url, "no_proxy": ""}
    without = run(*arguments, **variables)
    called = run(*arguments, *keys, **variables)

    assert without.code == 2
    assert without.stderr.startswith("mockocr call: TENCENTCLOUD_SECRET_ID is not set")
    assert called.code == 0
    assert last(server).headers["host"] == "8.8.8.8"


def test_a_refusal_of_a_remote_mockocr_is_explained(run: "Run", server: "Running") -> None:
    arguments = ("call", "--real", "--server", "http://8.8.8.8", "--image", URL, *WRONG_KEY)
    called = run(*arguments, http_proxy=server.url, no_proxy="")

    assert response(called)["Error"]["Code"] == "AuthFailure.SignatureFailure"
    assert "cause: wrong_secret_key" in called.stderr


def test_a_remote_server_that_is_not_mockocr_gets_no_further_requests(run: "Run") -> None:
    reply = http(b'{"Response": {"Error": {"Code": "a"}, "RequestId": "b"}}')
    explanation = http(b'{"cause": "clock_skew", "proven": true}')
    arguments = ("call", "--real", "--server", "http://8.8.8.8", "--image", URL, *WRONG_KEY)
    with something_else(reply, explanation) as url:
        called = run(*arguments, http_proxy=url, no_proxy="")

    assert called.code == 1
    assert len(called.stderr.splitlines()) == 1


def test_a_local_server_is_called_without_a_proxy(
    run: "Run", server: "Running", nowhere: str
) -> None:
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), nowhere)

    assert run("call", "--server", server.url, "--image", URL, **proxies).code == 0


def test_a_refused_connection_exits_with_1(run: "Run", nowhere: str) -> None:
    called = run("call", "--server", nowhere, "--image", URL)

    assert (called.code, called.stdout) == (1, "")
    assert called.stderr == (f"mockocr call: no server at {nowhere}: {REFUSED}\n")


def test_an_unknown_host_name_exits_with_1(run: "Run") -> None:
    called = run("call", "--server", f"http://{'x' * 64}.invalid", "--image", URL)

    assert (called.code, called.stdout) == (1, "")
    assert called.stderr.startswith(f"mockocr call: no server at http://{'x' * 64}.invalid: ")


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n", "no server at URL: "),
        (b"", "no server at URL: "),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", "no server at URL: "),
        (http(b"<html/>"), "expected an API response from URL, got status 200, 7 bytes"),
        (http(b"{}"), "expected an API response from URL, got status 200, 2 bytes"),
        (http(b"[" * 100_000), "expected an API response from URL, got status 200, 100000 bytes"),
        (http(b"", "502 Bad Gateway"), "expected an API response from URL, got status 502, 0 "),
        (
            http(b"", "302 Found", "Location: http://127.0.0.1:1/\r\n"),
            "expected an API response from URL, got status 302, 0 ",
        ),
    ],
)
def test_an_answer_that_is_not_of_the_api_exits_with_1(
    run: "Run", answer: bytes, result: str
) -> None:
    with something_else(answer) as url:
        called = run("call", "--server", url, "--image", URL)

    assert (called.code, called.stdout) == (1, "")
    assert called.stderr.startswith(f"mockocr call: {result.replace('URL', url)}")
    assert len(called.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (["--image", "no/such"], "--image: no/such: No such file or directory"),
        (["--server", "zzz"], "--server: expected a URL such as http://127.0.0.1:8018"),
        (["--param", "zzz"], "--param: expected NAME=VALUE, got 'zzz'"),
        (["--secret-id", "zzz"], "TENCENTCLOUD_SECRET_KEY is not set"),
        (["--admin-token", f"{PLANTED}\n"], "--admin-token: a header cannot contain"),
        (
            ["--server", f"http://a:{PLANTED}@localhost"],
            "--server: expected a URL without user name",
        ),
    ],
)
def test_wrong_usage_exits_with_2_and_quotes_no_secret(
    run: "Run", server: "Running", arguments: list[str], result: str
) -> None:
    refused = run("call", "--server", server.url, *arguments)

    assert (refused.code, refused.stdout) == (2, "")
    assert refused.stderr.startswith(f"mockocr call: {result}")
    assert PLANTED not in refused.stderr


def test_an_unknown_side_is_refused_with_a_suggestion(run: "Run") -> None:
    assert "did you mean 'FRONT'?" in run("call", "--side", "frnt").stderr
