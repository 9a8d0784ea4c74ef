"""Raw HTTP: bytes at the socket of a real server."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from random import Random

from fuzz.answers import answers_in, outcome_of
from fuzz.calls import TOKEN, a_good_call, on_the_wire
from fuzz.changing import changed
from fuzz.served import served
from fuzz.server import Server
from fuzz.target import Target
from tests.requests import a_call, a_get, a_v1_call

_WORDS = (
    *(b"\r\n", b"\r\n\r\n", b"\n", b"\r", b" ", b"\t", b"\0", b":", b"\x80\xff", b"\r\n "),
    *(b"GET ", b"POST ", b"HEAD ", b"PUT ", b"CONNECT ", b"OPTIONS ", b"TRACE ", b"PRI * "),
    *(b"/", b"*", b"//", b"/../", b"%00", b"%", b"?", b"#", b"http://", b"https://a:1/", b"@"),
    *(b" HTTP/1.1\r\n", b" HTTP/1.0\r\n", b" HTTP/2.0\r\n", b" HTTP/0.9\r\n", b"HTTP/1.1 200 OK"),
    *(b"Host: a\r\n", b"Host:\r\n", b"Content-Length: 5\r\n", b"Content-Length: +5\r\n"),
    *(b"Content-Length: 0\r\n", b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip\r\n"),
    *(b"Connection: close\r\n", b"Connection: keep-alive, upgrade\r\n", b"Upgrade: h2c\r\n"),
    *(b"Upgrade: websocket\r\n", b"Expect: 100-continue\r\n", b"Expect: 200\r\n"),
    *(b"Content-Encoding: gzip\r\n", b"0\r\n\r\n", b"5\r\nhello\r\n", b"fffffffffffffffff\r\n"),
    *(
        b"Authorization: Bearer x\r\n",
        b"X-TC-Language: zh-CN\r\n",
        b"X-TC-TraceId: \xe4\xbd\xa0\r\n",
    ),
    *(b"Content-Type: multipart/form-data\r\n", b"Origin: null\r\n", b"a: b\r\n" * 101),
    *(b"/__admin/", b"/__admin/requests", b"/healthz", b"/metrics", b"a" * 70_000),
)

_ADMIN = "GET /__admin/{} HTTP/1.1\r\nHost: localhost\r\n\r\n"


def _seeds() -> Iterator[bytes]:
    call = a_good_call()
    head, _, body = call.partition(b"\r\n\r\n")
    head = head.replace(b"content-length: %d" % len(body), b"%s")
    yield from (call, call * 3, on_the_wire(a_get()), on_the_wire(a_v1_call()))
    yield on_the_wire(a_v1_call(method="GET"), Expect="100-continue")
    yield on_the_wire(a_call(), **TOKEN, Connection="Upgrade, HTTP2-Settings", Upgrade="h2c")
    yield head % b"Transfer-Encoding: chunked" + b"\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (
        len(body),
        body,
    )
    yield head % b"Expect: 100-continue\r\nContent-Length: %d" % len(body) + b"\r\n\r\n" + body
    yield call.replace(b"POST / ", b"POST http://ocr.tencentcloudapi.com/ ")
    yield b"GET /healthz HTTP/1.1\r\n\r\nGET /metrics HTTP/1.0\r\n\r\n"
    for path in (
        "requests?account=plain&outcome=error&limit=3&unmatched=true&since=2026-11-22T12:00:00Z",
        "requests/00000000-0000-4000-a000-000000000000/curl",
        "accounts/plain",
        "scenarios/asks%20about%20everything?account=scripted",
        "requests/verify?account=scripted",
        "openapi.json",
    ):
        yield _ADMIN.format(path).encode()
    match = b'{"account": "scripted", "parameters": {"ImageUrl": "https://x/li-ming.jpg"}}'
    yield (
        b"POST /__admin/match HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % len(match) + match
    )


def tried(server: Server, sent: bytes) -> str:
    outcomes = [outcome_of(answer) for answer in answers_in(server.exchanged(sent))]
    server.insist_on_silence()
    return " ".join(sorted({*outcomes})) or "nothing"


def _changed(known: Sequence[bytes], random: Random) -> bytes:
    return changed(known, _WORDS, random)


def target() -> AbstractContextManager[Target]:
    return served(list(_seeds()), _changed, tried)
