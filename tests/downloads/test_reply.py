from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockocr.downloads.fetched import FetchError, TooLargeError
from mockocr.downloads.reply import MAX_HEAD_BYTES, Redirect, Reply, request
from mockocr.downloads.urls import read_url
from mockocr.version import __version__
from tests.downloads.servers import ok, redirect

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def found_in(*pieces: bytes, most_bytes: int = 9, ended: bool = False) -> bytes | Redirect | None:
    reply = Reply(most_bytes)
    for piece in pieces:
        reply.feed(piece)
    if ended:
        reply.end()
    return reply.found


def test_the_request_contains_only_the_url_and_the_version() -> None:
    asked = request(read_url("http://Cards.test:8080/李.jpg?a=b#c"))

    assert asked == (
        b"GET /%E6%9D%8E.jpg?a=b HTTP/1.1\r\n"
        b"Host: cards.test:8080\r\n"
        b"User-Agent: mockocr/" + __version__.encode() + b"\r\n"
        b"Accept: */*\r\n"
        b"Accept-Encoding: identity\r\n"
        b"Connection: close\r\n"
        b"\r\n"
    )


@pytest.mark.parametrize(
    "answer",
    [
        ok(b"picture"),
        ok(b"picture", "Content-Encoding: identity", "X: y"),
        b"HTTP/1.0 200 OK\r\nContent-Length: 7\r\n\r\npicture",
        b"HTTP/1.1 200\r\ncontent-length: 7\r\n\r\npicture",
        CHUNKED + b"3;a=b\r\npic\r\n4\r\nture\r\n0\r\nContent-Encoding: gzip\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: a\r\n\r\n" + ok(b"picture"),
        b"HTTP/1.1 103 Early\r\nContent-Encoding: gzip\r\n\r\n" + ok(b"picture"),
    ],
)
def test_a_picture_is_read_from_pieces_of_any_size(answer: bytes) -> None:
    bytewise = [answer[at : at + 1] for at in range(len(answer))]

    assert found_in(answer, most_bytes=7) == b"picture"
    assert found_in(*bytewise, most_bytes=7) == b"picture"


@pytest.mark.parametrize("more", [b"more", b"HTTP/1.1 404 No\r\n\r\n", ok(b"another")])
@pytest.mark.parametrize("connection", ["close", "keep-alive"])
def test_bytes_after_the_declared_length_are_ignored(more: bytes, connection: str) -> None:
    answer = ok(b"picture", f"Connection: {connection}")

    assert found_in(answer + more, most_bytes=7) == b"picture"
    assert found_in(answer + b"x" * 100, most_bytes=7) == b"picture"


def test_a_picture_of_unknown_length_ends_with_the_connection() -> None:
    assert found_in(OK + b"\r\n", b"pict", b"ure") is None
    assert found_in(OK + b"\r\n", b"pict", b"ure", ended=True) == b"picture"


def test_an_empty_picture_is_found() -> None:
    assert found_in(ok(b"")) == b""


@pytest.mark.parametrize(
    "answer",
    [
        *(b"", b"HTTP/1.1 2", OK, OK + b"Content-Length: 7\r\n"),
        OK + b"Content-Length: 7\r\n\r\n",
        OK + b"Content-Length: 7\r\n\r\npictur",
        *(CHUNKED, CHUNKED + b"7\r\npictur", CHUNKED + b"7\r\npicture\r\n"),
        b"HTTP/1.1 100 Continue\r\n\r\n",
    ],
)
def test_an_answer_that_ends_too_early_is_refused(answer: bytes) -> None:
    with pytest.raises(FetchError, match="the connection ended before the reply was complete"):
        found_in(answer, ended=True)


@pytest.mark.parametrize(
    "answer",
    [
        *(b"picture", b"220 mail.test ESMTP\r\n", b"SSH-2.0-OpenSSH\r\n", b"\x16\x03\x01"),
        b"HTTP/1.1 101 Switching\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\npicture",
        OK + b"Content-Length: 3\r\nContent-Length: 7\r\n\r\npicture",
        OK + b"Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\npicture",
        OK + b"Content-Length: -7\r\n\r\npicture",
        OK + b"Content-Length: 7, 7\r\n\r\npicture",
        OK + b"Content-Length: 99999999999999999999999\r\n\r\npicture",
        OK + b"Location: a\x00b\r\n\r\n",
        b"HTTP/1.1 200 OK\nContent-Length: 7\n\npicture",
        CHUNKED + b"-7\r\npicture\r\n0\r\n\r\n",
        CHUNKED + b"z\r\n",
    ],
)
def test_an_answer_that_is_not_http_is_refused(answer: bytes) -> None:
    with pytest.raises(FetchError, match=r"the reply is not HTTP/1\.1"):
        found_in(answer, ended=True)


@pytest.mark.parametrize(
    "status", [201, 204, 206, 300, 304, 305, 400, 401, 403, 404, 500, 503, 999]
)
def test_another_status_than_200_is_refused_at_once(status: int) -> None:
    with pytest.raises(FetchError, match=f"the status 200, got {status}$"):
        found_in(f"HTTP/1.1 {status} Some\r\nLocation: /b\r\n\r\n".encode())


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "identity, gzip", "br", "x"])
def test_a_compressed_answer_is_refused(coding: str) -> None:
    with pytest.raises(FetchError, match="compressed"):
        found_in(ok(b"picture", f"Content-Encoding: {coding}"))


def test_two_content_encodings_are_two() -> None:
    with pytest.raises(FetchError, match="compressed"):
        found_in(ok(b"", "Content-Encoding: identity", "Content-Encoding: gzip"))


@pytest.mark.parametrize("coding", ["gzip", "gzip, chunked", "identity"])
def test_another_transfer_coding_than_chunked_is_refused(coding: str) -> None:
    with pytest.raises(FetchError, match="transfer encoding"):
        found_in(OK + f"Transfer-Encoding: {coding}\r\n\r\n".encode())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_found_without_its_body(status: int) -> None:
    head = redirect("/b.jpg", status)

    assert found_in(head) == Redirect(b"/b.jpg")
    assert found_in(head + b"x" * 100) == Redirect(b"/b.jpg")


@pytest.mark.parametrize("locations", [[], ["/a", "/b"]])
def test_a_redirect_has_one_location(locations: list[str]) -> None:
    headers = "".join(f"Location: {each}\r\n" for each in locations)

    with pytest.raises(FetchError, match=f"one Location header, got {len(locations)}"):
        found_in(f"HTTP/1.1 302 Found\r\n{headers}\r\n".encode())


def test_a_length_that_is_too_large_is_believed_at_once() -> None:
    with pytest.raises(TooLargeError, match="a picture of at most 9 bytes"):
        found_in(OK + b"Content-Length: 10\r\n\r\n")


@pytest.mark.parametrize("head", [OK + b"\r\n", CHUNKED + b"ffff\r\n"])
def test_a_picture_of_unknown_length_is_counted(head: bytes) -> None:
    assert found_in(head, b"x" * 9) is None
    with pytest.raises(TooLargeError):
        found_in(head, b"x" * 9, b"x")


def test_many_small_chunks_are_counted_together() -> None:
    with pytest.raises(TooLargeError):
        found_in(CHUNKED, *[b"1\r\nx\r\n"] * 10)


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 103 Early\r\n\r\n", OK + b"X: y\r\n", b"HTTP/1.1 200 " + b"x" * 99]
)
def test_endless_headers_are_refused(answer: bytes) -> None:
    pieces = [answer, *[answer.partition(b"\r\n")[2] or answer] * MAX_HEAD_BYTES]

    with pytest.raises(FetchError, match=f"headers of at most {MAX_HEAD_BYTES} bytes"):
        found_in(*pieces)


@pytest.mark.parametrize(
    ("before", "endless"),
    [(b"0\r\n", b"X: y\r\n"), (b"0\r\nX: ", b"y"), (b"3;a=", b"b"), (b"0\r\nX: y", b" " * 999)],
)
def test_endless_trailers_and_chunk_extensions_are_refused(before: bytes, endless: bytes) -> None:
    pieces = [CHUNKED, b"3\r\npic\r\n" + before, *[endless] * (MAX_HEAD_BYTES + 1)]

    with pytest.raises(FetchError, match=f"trailers of at most {MAX_HEAD_BYTES} bytes"):
        found_in(*pieces)


@given(
    st.lists(st.binary() | st.sampled_from([OK, CHUNKED, b"\r\n", b"Location: /\r\n", ok(b"x")]))
)
def test_any_bytes_are_an_answer_or_refused(pieces: list[bytes]) -> None:
    with suppress(FetchError):
        assert found_in(*pieces, ended=True) is not None
