"""One connection, http or https: the order in which its requests are read and answered."""

import asyncio
from typing import Any

from starlette.types import ASGIApp

from mockocr.protocol.wire import LongBody, WireRequest
from mockocr.server.body_memory import Reservation
from mockocr.server.flow import Flow, Pause
from mockocr.server.incoming import LONG_BODY_BYTES, Incoming, scope_of
from mockocr.server.limits import REFUSED_IN_WORDS
from mockocr.server.reader import Reader, RefusalError
from mockocr.server.request import wire_request
from mockocr.server.sending_half import SendingHalf
from mockocr.server.state import ServerState
from mockocr.server.uvicorn_parts import AsgiExchange

HELD_BYTES = 64 * 1024
"""About this many bytes behind an unanswered request are received, but not parsed. Without
receiving them, the server would not notice that the client has left."""


class Connection(SendingHalf):
    def __init__(self, state: ServerState, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(state, loop)
        self._held = b""
        """The bytes behind the requests of the queue, which are not parsed yet."""
        self._is_reading_held = False

    # Called by the transport

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport
        self._is_tls = transport.get_extra_info("sslcontext") is not None
        self._flow = Flow(transport)
        self._reader = Reader(self, self._limits)
        connections = self._state.connections
        connections.add(self)
        surplus = len(connections) - self._limits.connections
        if surplus > 0:
            message = f"more than {self._limits.connections} connections at once"
            if surplus > REFUSED_IN_WORDS:
                self._state.limit_log.hit(message)
                self.abort()
            else:
                self._refuse(RefusalError(503, message, message))

    def connection_lost(self, exc: Exception | None) -> None:
        self.stopped_reading = True
        self._state.connections.discard(self)
        if self._asgi:
            self._asgi.lose_client()
        self._flow.resume_writing()
        # These refer back to the connection: only a garbage collection would free them.
        self._queue.clear()
        self._current = None
        self._reader.close()

    def data_received(self, data: bytes | memoryview) -> None:
        if self.stopped_reading:
            return
        if self._held or self.is_busy():
            self._hold(self._held + data)
        else:
            self._read(data)

    def eof_received(self) -> bool | None:
        """The client has closed its half. Complete requests are still answered (not over TLS, which
        has no half-open connections), and half a request is refused. A response without a known
        length ends now: the server has no other way to notice that its client has left."""
        if self._eof_means_left:
            return None
        self._eof = True
        if not self.is_busy() and not self._held:
            self._end_of_input()
        is_stream = self._asgi is not None and self._asgi.is_stream
        return not (self._is_tls or is_stream or self.transport.is_closing())

    # Called by the reader

    def on_head(self, incoming: Incoming) -> None:
        if incoming.reserved_bytes:
            self._reserve(incoming)
        if self._current is None and not self._queue:
            self._begin(incoming)
        else:
            self._queue.append(incoming)

    def _reserve(self, incoming: Incoming) -> None:
        """Reserves memory for a long body, which is not read before."""

        def admit(reservation: Reservation) -> None:
            if incoming.asgi:
                scope: Any = incoming.asgi.scope
                scope["extensions"]["mockocr.reservation"] = reservation
            else:
                incoming.reservation = reservation
            if self._reader.in_request and not self.stopped_reading:
                self._deadlines.rest()
                self._deadlines.expect_more(in_head=False)
            self._flow.resume(Pause.MEMORY)

        memory = self._state.body_memory
        incoming.reservation = memory.reserve(incoming.reserved_bytes, admit)
        if incoming.reservation is None:
            self._flow.pause(Pause.MEMORY)
            most = self._limits.long_bodies_bytes
            self._state.limit_log.hit(f"long bodies of {most} bytes at once; others wait")

    def on_piece(self, incoming: Incoming, piece: bytes) -> None:
        if incoming.asgi:
            if incoming.asgi.add_body(piece) > LONG_BODY_BYTES:
                self._flow.pause(Pause.BODY)
            return
        incoming.body.append(piece)
        if isinstance(incoming.body, LongBody):
            # Otherwise, a fast client would be read until its body is complete.
            self._flow.pause(Pause.TURN)
            self._loop.call_soon(self._flow.resume, Pause.TURN)

    def on_request(self, incoming: Incoming) -> None:
        self._deadlines.rest()
        if incoming is not self._current:
            return
        if incoming.asgi is None:
            self._state.answer_at_once(self)
        else:
            incoming.asgi.end_body()
            if incoming.asgi.response_complete:
                self._go_on()

    # The order of requests

    def _read(self, data: bytes | memoryview) -> None:
        """Parses input. No complete request may wait for its answer."""
        try:
            rest = self._reader.feed(data)
        except RefusalError as refused:
            self._refuse(refused)
            return
        if rest:
            self._hold(rest)
            if not self.is_busy():
                self._loop.call_soon(self._begin_next)
        elif self._reader.in_request and not self.is_busy():
            self._deadlines.expect_more(self._reader.in_head)

    def _hold(self, data: bytes) -> None:
        self._held = data
        if len(data) > HELD_BYTES:
            self._flow.pause(Pause.BEHIND)

    def _begin(self, incoming: Incoming) -> None:
        """Makes a request whose head is complete the current one. If it is direct, it is answered
        without ASGI when it is complete."""
        self._current = incoming
        is_direct = incoming.is_whole_call and self._state.is_direct
        if not is_direct or self._flow.write_paused:
            body = incoming.whole_body()
            received = body.joined() if isinstance(body, LongBody) else body
            self._answer_by_asgi(self._state.app, received)
        elif incoming.complete:
            self._state.answer_at_once(self)

    def request(self) -> WireRequest | None:
        """The request that waits for an answer at once; None if the client has left."""
        current = self._current
        if current is None or self.transport.is_closing():
            return None
        body, head_bytes = current.whole_body(), current.head_bytes
        if isinstance(body, LongBody):
            body.reservation, current.reservation = current.reservation, None
        return wire_request(current.method, current.query, current.texts, body, head_bytes)

    def answer(self, status: int, head_lines: bytes, body: bytes) -> None:
        """Sends a whole answer to the current request, if the client is still there."""
        if self._current is not None and not self.transport.is_closing():
            self._write(status, head_lines, body)
            self._go_on()

    def fail(self) -> None:
        """Answers the current request after a bug in mockocr, as uvicorn does after a bug of an
        application."""
        text = b"Internal Server Error"
        lines = b"content-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\n" % len(text)
        self.answer(500, lines, text)

    def answer_later(self, app: ASGIApp) -> None:
        """Lets an ASGI application answer the current request."""
        self._answer_by_asgi(app, b"")

    def _answer_by_asgi(self, app: ASGIApp, received: bytes) -> None:
        current = self._current
        assert current is not None  # noqa: S101 - the caller has begun it
        reservation, current.reservation = current.reservation, None
        # The application has the body, and may drop it long before it answers.
        current.body = []
        asgi = current.asgi = AsgiExchange(
            {
                **scope_of(current, self.transport, self._is_tls),
                "extensions": {
                    "mockocr.connection": self,
                    "mockocr.reservation": reservation,
                },
            },
            self.transport,
            self._flow,
            self._state.default_headers,
            expects_continue=current.texts.get("expect", "").lower() == "100-continue",
            keep_alive=current.keep_alive,
            on_response=self._on_response,
        )
        asgi.add_body(received)
        if current.complete:
            asgi.end_body()
        self._state.start(asgi.run(app))

    def _on_response(self) -> None:
        """The application may not have read the whole body."""
        self._flow.resume(Pause.BODY)
        if self.transport.is_closing():
            self._close()
        elif self.is_busy():
            self._go_on()

    def _go_on(self) -> None:
        """Continues after the current request, which is answered and was received completely."""
        current, self._current = self._current, None
        assert current is not None  # noqa: S101 - it is answered
        self._eof_means_left = False
        if not current.keep_alive:
            self._close()
        elif self._queue or self._held:
            # Not a direct call: each answer would be nested in the one before.
            self._loop.call_soon(self._begin_next)
        elif self._eof or self._refusal is not None:
            if not self._is_reading_held:
                self._end_of_input()
        elif self._reader.in_request:
            self._deadlines.expect_more(self._reader.in_head)
        else:
            self._deadlines.expect_request()

    def _begin_next(self) -> None:
        if self.transport.is_closing():
            return
        if self._current is None and self._queue:
            self._begin(self._queue.popleft())
        if self.is_busy():
            return
        held, self._held = self._held, b""
        if held:
            self._is_reading_held = True
            self._read(held)
            self._is_reading_held = False
        if len(self._held) <= HELD_BYTES:
            self._flow.resume(Pause.BEHIND)
        if self._held or self.is_busy():
            return
        if self._eof or self._refusal is not None:
            self._end_of_input()
        elif self._reader.in_request:
            self._deadlines.expect_more(self._reader.in_head)

    def stop_reading(self) -> None:
        self._held = b""
        super().stop_reading()


class PlainConnection(Connection, asyncio.BufferedProtocol):
    """Over http. Receives into the memory that all connections share. Over TLS, uvloop would refer
    to the methods for ever, and only a garbage collection would free the connection."""

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._state.received

    def buffer_updated(self, nbytes: int) -> None:
        self.data_received(self._state.received[:nbytes])
