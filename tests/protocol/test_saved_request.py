"""curl commands are read as curl would send them."""

import pytest

from mockocr.protocol.saved_request import find_steps, read_curl
from mockocr.protocol.wire import WireRequest

URL = "http://127.0.0.1:8018/"
FORM = "application/x-www-form-urlencoded"


def parts(request: WireRequest) -> tuple[str, str, bytes, str | None]:
    return request.method, request.query, request.body, request.headers.get("content-type")


@pytest.mark.parametrize(
    ("command", "sent"),
    [
        ("{}", ("GET", "", b"", None)),
        ("--url {}", ("GET", "", b"", None)),
        ("--url={}", ("GET", "", b"", None)),
        ("{} -d a=1 -d b=2", ("POST", "", b"a=1&b=2", FORM)),
        ("{} -da=1", ("POST", "", b"a=1", FORM)),
        ("{} -G -d a=1 --data b=2", ("GET", "a=1&b=2", b"", None)),
        ("{}?x=0 --get -d a=1", ("GET", "x=0&a=1", b"", None)),
        ("{} -XPUT -d a", ("PUT", "", b"a", FORM)),
        ("{} --request PUT", ("PUT", "", b"", None)),
        ("{} -sSX PUT", ("PUT", "", b"", None)),
        ("{} --json '{{}}'", ("POST", "", b"{}", "application/json")),
        ("{} -H 'content-type: a/b' --json 1", ("POST", "", b"1", "a/b")),
        ("{} --data-urlencode 'a=b c'", ("POST", "", b"a=b%20c", FORM)),
        ("{} --data-urlencode 'b c'", ("POST", "", b"b%20c", FORM)),
        ("{} -d @file", ("POST", "", b"", FORM)),
        ("{} --data-raw @text", ("POST", "", b"@text", FORM)),
        (r"{} -d $'a\nb\u674e'", ("POST", "", "a\nb李".encode(), FORM)),
        ("{} -o - -d a", ("POST", "", b"a", FORM)),
    ],
)
def test_a_curl_command_is_read_as_curl_sends_it(
    command: str, sent: tuple[str, str, bytes, str | None]
) -> None:
    assert parts(read_curl(f"curl {command.format(URL)}")) == sent


def test_user_and_password_of_the_url_are_no_part_of_the_host() -> None:
    assert read_curl("curl http://user:password@localhost:1/").headers["host"] == "localhost:1"


def test_the_canonical_request_ends_at_the_string_to_sign_if_it_has_no_hash() -> None:
    text = "TC3-HMAC-SHA256\n1\nscope\nhash"

    steps = find_steps(f"POST\n/\n\nhost:a\n\nhost\n\n{text}")

    assert steps is not None
    assert (steps.canonical_request, steps.string_to_sign) == ("POST\n/\n\nhost:a\n\nhost", text)


def test_a_method_without_headers_is_no_canonical_request() -> None:
    assert find_steps("POST\n/\n\n") is None
