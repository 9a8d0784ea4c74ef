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
    *(b"0\r\na: b\r\n\r\n", b"0\r\nHost: b\r\n\r\n", b"5;a=b\r\nhello\r\n", b"Trailer: a\r\n"),
    *(b"0\r\n" + b"a: b\r\n" * 101, b"GET / HTTP/1.1\r\n\r\n" * 50, b"Connection: upgrade\r\n"),
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
    yield from _in_chunks(head, body)
    yield from _one_behind_another(call)
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


def _in_chunks(head: bytes, body: bytes) -> Iterator[bytes]:
    """A chunked body: alone, with an extension, with trailers, and before another request."""
    start = head % b"Transfer-Encoding: chunked" + b"\r\n\r\n"
    chunk = b"\r\n%s\r\n0\r\n" % body
    for extension in (b"", b";a=b", b";" + b"a" * 5000):
        for trailers in (b"", b"a: b\r\n", b"Host: b\r\nX-TC-Action: a\r\n", b"a: b\r\n" * 200):
            yield start + b"%x" % len(body) + extension + chunk + trailers + b"\r\n"
    yield start + b"%x" % len(body) + chunk + b"\r\n" + on_the_wire(a_call())


def _one_behind_another(call: bytes) -> Iterator[bytes]:
    """A mix of pipelined calls, upgrades, refusals and half requests."""
    upgrade = on_the_wire(a_call(), Connection="Upgrade, HTTP2-Settings", Upgrade="h2c")
    admin = _ADMIN.format("accounts").encode()
    refused = b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"
    yield from (call * 40, admin * 40, upgrade * 40, (call + admin + upgrade) * 5)
    yield from (refused + call, call + refused + admin, upgrade + refused, call + b"NONSENSE")
    for behind in (b"", call, admin, upgrade):
        for half in (call[:20], call[: len(call) // 2], call[:-1], upgrade[:-1], admin[:-2]):
            yield behind + half


def tried(server: Server, sent: bytes) -> str:
    outcomes = [outcome_of(answer) for answer in answers_in(server.exchanged(sent))]
    server.insist_on_silence()
    return " ".join(sorted({*outcomes})) or "nothing"


def _changed(known: Sequence[bytes], random: Random) -> bytes:
    return changed(known, _WORDS, random)


def target() -> AbstractContextManager[Target]:
    return served(list(_seeds()), _changed, tried)
