"""A connection, and the limits that httptools and uvicorn do not set.

That they set none: docs/fidelity.md#server-no-limits.

What is no HTTP, or too much of it, is answered here with a status of HTTP and a word of JSON; it
never becomes a call of the API. The same holds over http and https.
"""

import json
import socket
import struct
import sys
from asyncio import Transport
from dataclasses import dataclass
from typing import Any

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState


@dataclass(frozen=True, slots=True)
class Limits:
    """What a client may do to a connection. Chosen well beyond what any SDK does."""

    connections: int = 800
    """At once; most systems give a process 1,024 files."""
    head_bytes: int = 64 * 1024
    """Request line and headers together."""
    target_bytes: int = 48 * 1024
    """A GET may carry 32 KB of query (docs/fidelity.md#body-limits)."""
    headers: int = 100
    """Apache's LimitRequestFields."""
    head_seconds: float = 30
    """From the first byte, or the start of the connection, to the end of the head."""
    silent_seconds: float = 30
    """Between two pieces of a body."""
    body_seconds: float = 300
    """For a body in all."""
    body_bytes: int = 64 * 1024 * 1024
    """Read in all; the API itself drops what is beyond 10 MiB."""


DEFAULT_LIMITS = Limits()


class Door(HttpToolsProtocol):
    def __init__(self, config: Config, server_state: ServerState, limits: Limits) -> None:
        super().__init__(config, server_state, app_state={})
        self._limits = limits
        self._deadline: float | None = None
        self._head_bytes = 0
        self._body_bytes = 0
        self._body_must_end = 0.0
        self._in_head = True
        self._in_request = False
        self._ended_in_chunk = False
        self._upgrade = False
        self._answering: RequestResponseCycle | None = None
        self._half_closed = False
        self._leaving_expected = False
        self._deaf = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._deadline = self.loop.time() + self._limits.head_seconds
        if len(self.connections) > self._limits.connections:
            self._refuse(503, f"more than {self._limits.connections} connections at once")

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answering is not None:
            # Where a request waits behind this one, uvicorn tells only that of the loss.
            self._answering.disconnected = True
            self._answering.message_event.set()
        super().connection_lost(exc)
        # Where the client resets the connection, uvicorn lets this run on.
        self._unset_keepalive_if_required()
        # They lead back to here through their scopes: it would all stay until a collection.
        self.pipeline.clear()
        self._answering = self.cycle = self.scope = None  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        self._unset_keepalive_if_required()
        self._ended_in_chunk = False
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._go_on_without_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserCallbackError:
            self._refuse(400, "the request target cannot be read")
        except httptools.HttpParserError as error:
            self._refuse(400, f"this is not HTTP/1.1: {error}")
        if self._in_head and not self._ended_in_chunk:
            # Else it begins somewhere in the chunk, behind another request: not known where, so
            # that a head may be longer than the limit by less than a chunk.
            self._head_bytes += len(data)
            if self._head_bytes > self._limits.head_bytes:
                self._refuse(*self._head_too_long())

    def eof_received(self) -> bool | None:  # type: ignore[override]
        """The client has said all it will: an answer under way is still sent (but over TLS, which
        knows no half of a connection), and half a request is answered as what it is. A stream that
        has no end is for who keeps the connection open: else nobody would notice that they went."""
        if self._leaving_expected:
            return None
        if self._in_request:
            self._refuse(400, "the request ends in its middle")
        elif _is_under_way(self.cycle):
            self.cycle.keep_alive = False
            self._half_closed = self.scheme == "http" and not self.cycle.chunked_encoding
            return self._half_closed
        return None

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {"mockocr.connection": self}  # type: ignore[dict-item]
        self._in_request = self._in_head = True
        self._head_bytes = self._body_bytes = 0
        self._deadline = self.loop.time() + self._limits.head_seconds

    def on_headers_complete(self) -> None:
        self._in_head = False
        now = self.loop.time()
        self._body_must_end = now + self._limits.body_seconds
        self._deadline = now + self._limits.silent_seconds
        if refusal := self._refusal_of_head():
            self._refuse(*refusal)
        elif self.parser.should_upgrade():
            self._upgrade = True
        else:
            super().on_headers_complete()

    def _refusal_of_head(self) -> tuple[int, str] | None:
        if len(self.url) > self._limits.target_bytes:
            return 414, f"a request target of over {self._limits.target_bytes} bytes"
        head_bytes = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if head_bytes > self._limits.head_bytes:
            return self._head_too_long()
        if len(self.headers) > self._limits.headers:
            return 431, f"more than {self._limits.headers} headers"
        if sum(name == b"host" for name, _ in self.headers) > 1:
            return 400, "two Host headers"
        if self.parser.get_method() == b"CONNECT":
            return 400, "this is no proxy: CONNECT is not for it"
        return None

    def _head_too_long(self) -> tuple[int, str]:
        return 431, f"request line and headers of over {self._limits.head_bytes} bytes"

    def on_body(self, body: bytes) -> None:
        if self._is_refused():
            return
        self._body_bytes += len(body)
        self._deadline = min(self._body_must_end, self.loop.time() + self._limits.silent_seconds)
        super().on_body(body)
        if self._body_bytes > self._limits.body_bytes and self.cycle.response_complete:
            self.transport.abort()

    def on_message_complete(self) -> None:
        self._in_request, self._ended_in_chunk = False, True
        self._deadline = None
        if not self._upgrade and not self._is_refused():
            super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._answering, self._leaving_expected = cycle, False
        super()._start_asgi_task(cycle, app)

    async def send_whole(
        self, status: int, headers: list[tuple[bytes, bytes]], body: bytes
    ) -> None:
        """A whole reply in one write, where uvicorn makes one of each of two messages: nothing
        else about answering costs as much as a write."""
        cycle = self._answering
        assert cycle is not None  # noqa: S101 - who replies was asked
        if cycle.flow.write_paused:
            await cycle.flow.drain()
        if cycle.disconnected:
            return
        lines = [STATUS_LINE[status]]
        for name, value in (*self.server_state.default_headers, *headers):
            lines += (name, b": ", value, b"\r\n")
        if not cycle.keep_alive:
            lines.append(b"connection: close\r\n")
        lines.append(b"\r\n")
        if cycle.scope["method"] != "HEAD":
            lines.append(body)
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        self.transport.write(b"".join(lines))
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()

    def expect_leaving(self) -> None:
        """From now on a client that says it is done has gone, as nginx has it too: one that has
        closed its socket says no more than that over http, until something is sent to it."""
        self._leaving_expected = True
        if self._half_closed:
            self.transport.close()

    def ignore(self) -> None:
        """Whatever the client still sends is dropped, so that its end is not missed behind it."""
        self._deaf, self._deadline = True, None
        self.expect_leaving()

    def end(self, last: bytes = b"") -> None:
        """The reply under way ends with these bytes, and so does the connection."""
        if self._part():
            self.transport.write(last)
            self.transport.close()

    def reset(self) -> None:
        """Ends the connection by a TCP reset. What of an earlier reply has not left this machine,
        because the client does not read, is lost with it, as with any reset."""
        if self._part():
            connected = self.transport.get_extra_info("socket")
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
            # Not close(): over TLS that would be an orderly end before the reset.
            self.transport.abort()

    def _part(self) -> bool:
        """Whether there is still a client to part with; no reply is owed to it any more."""
        if self._answering is None:
            return False
        # Otherwise uvicorn logs an error: the application has not finished its reply.
        self._answering.disconnected = True
        return True

    def close_if_late(self, now: float) -> None:
        """To be called now and then: ends a connection whose client keeps it waiting."""
        if self._deadline is None or now < self._deadline:
            return
        if self._is_refused() or not self._in_request:
            self.transport.abort()
        else:
            self._refuse(408, "the request did not come to its end in time")

    def _is_refused(self) -> bool:
        return self.transport.is_closing()

    def _refuse(self, status: int, words: str) -> None:
        """Answers below the application and closes; the first refusal of a request counts."""
        if self._is_refused():
            return
        body = json.dumps({"error": words}).encode()
        headers = [
            *self.server_state.default_headers,
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        self.transport.write(STATUS_LINE[status] + lines + b"\r\n" + body)
        self.transport.close()

    def _go_on_without_upgrade(self, rest: bytes) -> None:
        """HTTP/1.1 is all there is here, and a client that offers more (Java's own HttpClient
        offers h2c) may not lose its body for it: read the request again without the offer."""
        if self._is_refused():
            return
        self._upgrade = False
        method = self.parser.get_method()
        kept = [name + b": " + value for name, value in self.headers if name not in _OFFER_HEADERS]
        head = b"\r\n".join([method + b" " + self.url + b" HTTP/1.1", *kept, b"", b""])
        self.parser = httptools.HttpRequestParser(self)
        self.data_received(head + rest)


def _is_under_way(cycle: RequestResponseCycle | None) -> bool:
    """Whether an answer is still to come; before the first request there is no cycle."""
    return cycle is not None and not cycle.response_complete


_NO_LINGERING = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
"""`struct linger`: on, for no time at all, so that closing is a reset. Windows has it in shorts."""

_OFFER_HEADERS = frozenset({b"upgrade", b"connection", b"http2-settings"})
