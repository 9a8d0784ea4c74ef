"""One connection: in which order its requests are answered, how long it may take, how it ends.

The same over http and https. What a client sends too much or too late is answered with a status of
HTTP and a sentence of JSON.
"""

import asyncio
from collections import deque

from starlette.types import ASGIApp

from mockocr.protocol.wire import MAX_BODY_BYTES, LongBody, WireRequest
from mockocr.server.deadlines import Deadlines
from mockocr.server.faults import make_close_a_reset
from mockocr.server.flow import Flow, Pause
from mockocr.server.incoming import LONG_BODY_BYTES, Incoming, scope_of
from mockocr.server.limits import REFUSED_IN_WORDS
from mockocr.server.reader import Reader, RefusalError
from mockocr.server.request import wire_request
from mockocr.server.state import ServerState
from mockocr.server.uvicorn_parts import STATUS_LINE, AsgiExchange

HELD_BYTES = 64 * 1024
"""So much of what is behind a request that is not answered yet is read, and not parsed: without
reading nobody would notice that the client has left."""


class Connection(asyncio.Protocol):
    def __init__(self, state: ServerState, loop: asyncio.AbstractEventLoop) -> None:
        self._state = state
        self._limits = state.limits
        self._loop = loop
        self.transport: asyncio.Transport = None  # type: ignore[assignment]
        self._flow: Flow = None  # type: ignore[assignment]
        self._deadlines = Deadlines(loop.time, state.limits)
        self._reader: Reader = None  # type: ignore[assignment]
        self.dead = False
        """Whether nothing more is read: refused, ended by a fault, or closing."""
        self._current: Incoming | None = None
        """The request that is being answered, or that is received to be answered next."""
        self._queue: deque[Incoming] = deque()
        """What was parsed behind it."""
        self._held = b""
        """What was received behind these, and is not parsed."""
        self._reading_held = False
        self._farewell: bytes | None = None
        """The answer to what was refused, while an earlier request is not answered."""
        self._eof = self._has_ended = False
        self._is_tls = False
        self._leaving_expected = False

    # What the transport tells

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport
        self._is_tls = transport.get_extra_info("sslcontext") is not None
        self._flow = Flow(transport)
        self._reader = Reader(self, self._limits)
        connections = self._state.connections
        connections.add(self)
        surplus = len(connections) - self._limits.connections
        if surplus > 0:
            words = f"more than {self._limits.connections} connections at once"
            if surplus > REFUSED_IN_WORDS:
                self._state.limit_log.hit(words)
                self.abort()
            else:
                self._refuse(RefusalError(503, words, words))

    def connection_lost(self, exc: Exception | None) -> None:
        self.dead = True
        self._state.connections.discard(self)
        if self._asgi:
            self._asgi.lose_client()
        self._flow.resume_writing()
        # All of these lead back to here: it would all stay until a collection.
        self._queue.clear()
        self._current = None
        self._reader.close()

    def data_received(self, data: bytes) -> None:
        if self.dead:
            return
        if self._held or self.is_busy():
            self._hold(self._held + data)
        else:
            self._read(data)

    def eof_received(self) -> bool | None:
        """The client sends no more. What is under way is still answered (not over TLS, which knows
        no half of a connection), and half a request as what it is. A response that has no end ends
        now: nothing else would tell that the client has left."""
        if self._leaving_expected:
            return None
        self._eof = True
        if not self.is_busy() and not self._held:
            self._end_of_input()
        is_stream = self._asgi is not None and self._asgi.is_stream
        return not (self._is_tls or is_stream or self.transport.is_closing())

    def pause_writing(self) -> None:
        self._flow.pause_writing()
        self._expect_to_be_read()

    def resume_writing(self) -> None:
        self._flow.resume_writing()
        self._deadlines.is_read()

    # What the reader tells and asks

    @property
    def _asgi(self) -> AsgiExchange | None:
        return None if self._current is None else self._current.asgi

    def is_busy(self) -> bool:
        return bool(self._queue) or (self._current is not None and self._current.complete)

    def on_head(self, incoming: Incoming) -> None:
        self._deadlines.begin()
        if self._current is None and not self._queue:
            self._begin(incoming)
        else:
            self._queue.append(incoming)

    def on_piece(self, incoming: Incoming, piece: bytes) -> None:
        if incoming.asgi:
            if incoming.asgi.add_body(piece) > LONG_BODY_BYTES:
                self._flow.pause(Pause.BODY)
            return
        incoming.body.append(piece)
        if isinstance(incoming.body, LongBody):
            # Else a client that sends fast is read until nothing is left of its body.
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

    # From request to answer, one after the other

    def _read(self, data: bytes) -> None:
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
        """A request whose head is complete, and whose turn it is."""
        self._current = incoming
        if not self._is_direct(incoming):
            body = incoming.whole_body()
            received = body.joined() if isinstance(body, LongBody) else body
            incoming.body = []
            self._answer_by_asgi(self._state.app, received)
        elif incoming.complete:
            self._state.answer_at_once(self)

    def _is_direct(self, incoming: Incoming) -> bool:
        """Whether the request is for the API, and answered without ASGI when it is complete."""
        return (
            incoming.path == b"/"
            and self._state.is_direct
            and incoming.length <= MAX_BODY_BYTES
            and "transfer-encoding" not in incoming.texts
            and "expect" not in incoming.texts
            and not self._flow.write_paused
        )

    def request(self) -> WireRequest | None:
        """The request that waits for an answer at once; None when the client has left."""
        current = self._current
        if current is None or self.transport.is_closing():
            return None
        return wire_request(current.method, current.query, current.texts, current.whole_body())

    def answer(self, status: int, head_lines: bytes, body: bytes) -> None:
        """Sends a whole answer to a request that waits for it, if the client is still there."""
        if self._current is not None and not self.transport.is_closing():
            self._write(status, head_lines, body)
            self._go_on()

    def fail(self) -> None:
        """A bug of ours: the answer that uvicorn has for one of an ASGI application."""
        text = b"Internal Server Error"
        lines = b"content-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\n" % len(text)
        self.answer(500, lines, text)

    def answer_later(self, app: ASGIApp) -> None:
        """Lets an ASGI application answer a request that waits for an answer at once."""
        self._answer_by_asgi(app, b"")

    def _answer_by_asgi(self, app: ASGIApp, received: bytes) -> None:
        current = self._current
        assert current is not None  # noqa: S101 - its turn has begun
        asgi = current.asgi = AsgiExchange(
            {
                **scope_of(current, self.transport, self._is_tls),
                "extensions": {"mockocr.connection": self},
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
        """An ASGI application has answered, perhaps without reading the whole body."""
        self._flow.resume(Pause.BODY)
        if self.transport.is_closing():
            self._close()
        elif self.is_busy():
            self._go_on()

    def _go_on(self) -> None:
        """The current request is answered, and read to its end."""
        current, self._current = self._current, None
        assert current is not None  # noqa: S101 - it is answered
        self._leaving_expected = False
        if not current.keep_alive:
            self._close()
        elif self._queue or self._held:
            # Not from here: each answer would be a level deeper than the one before.
            self._loop.call_soon(self._begin_next)
        elif self._eof or self._farewell is not None:
            if not self._reading_held:
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
            self._reading_held = True
            self._read(held)
            self._reading_held = False
        if len(self._held) <= HELD_BYTES:
            self._flow.resume(Pause.BEHIND)
        if self._held or self.is_busy():
            return
        if self._eof or self._farewell is not None:
            self._end_of_input()
        elif self._reader.in_request:
            self._deadlines.expect_more(self._reader.in_head)

    # Sending

    def _write(self, status: int, head_lines: bytes, body: bytes) -> None:
        current = self._current
        assert current is not None  # noqa: S101 - it is answered
        closing = b"" if current.keep_alive else b"connection: close\r\n"
        if current.method == "HEAD":
            body = b""
        self.transport.write(
            b"%b%b%b%b\r\n%b"
            % (STATUS_LINE[status], self._state.date_line, head_lines, closing, body)
        )

    async def send_whole(self, status: int, head_lines: bytes, body: bytes) -> None:
        """A whole reply in one write, where uvicorn makes one of each of two messages: nothing
        else about answering costs as much as a write."""
        await self._flow.drain()
        asgi = self._asgi
        if asgi is None or asgi.disconnected:
            return
        self._write(status, head_lines, body)
        asgi.complete()
        if asgi.keep_alive:
            self._on_response()
        else:
            self._close()

    # Deadlines and ends

    def _expect_to_be_read(self) -> None:
        self._deadlines.expect_to_be_read(self.transport.get_write_buffer_size())

    def close_if_late(self, now: float) -> None:
        """Ends a connection whose client keeps it waiting; to be called once a second."""
        unread_bytes = self.transport.get_write_buffer_size()
        if self.transport.is_closing() and not self._deadlines.is_being_read():
            # uvicorn closes when an application fails.
            self._expect_to_be_read()
        if self._deadlines.is_reading_late(now, unread_bytes):
            if unread_bytes:
                seconds = self._limits.write_seconds
                self._state.limit_log.hit(f"a client read nothing of its answer for {seconds} s")
            self.abort()
        elif self._deadlines.is_late(now):
            if self._reader.in_request:
                words = "the request was not complete in time"
                self._refuse(RefusalError(408, words, words))
            else:
                self.abort()

    def _refuse(self, refused: RefusalError) -> None:
        """Answers below the application, behind what is under way, and closes."""
        if self.dead:
            return
        if refused.limit is not None:
            self._state.limit_log.hit(refused.limit)
        self._farewell = refused.answer(self._state.date_line)
        self.stop_reading()
        if not self.is_busy():
            self._end_of_input()

    def _end_of_input(self) -> None:
        """All requests are answered; what is left is what was refused, or half a request."""
        if self._has_ended:
            return
        self._has_ended = True
        if self._farewell is None and self._reader.in_request:
            self._farewell = RefusalError(400, "the request is incomplete").answer(
                self._state.date_line
            )
        asgi = self._asgi
        if asgi and asgi.response_started:
            # No second answer to the same request; what it still sends is not waited for.
            self.abort()
            return
        if asgi:
            asgi.lose_client()
        if self._farewell is None:
            self._close()
            return
        self.transport.write(self._farewell)
        if self._is_tls or self._eof:
            self._close()
        else:
            # Not close(): what the client still sends would be answered by a reset, and that might
            # cost it the answer.
            self.stop_reading()
            self.transport.write_eof()
            self._expect_to_be_read()
            self._leaving_expected = True

    def stop_reading(self) -> None:
        """What the client still sends is dropped."""
        self.dead = True
        self._held = b""
        self._deadlines.rest()
        for reason in Pause:
            self._flow.resume(reason)

    def _close(self) -> None:
        """When what was written is read."""
        self.stop_reading()
        self.transport.close()
        self._expect_to_be_read()

    def abort(self) -> None:
        self.dead = True
        self.transport.abort()

    def shutdown(self) -> None:
        """The server stops. What is complete is still answered, half a request is refused."""
        self._queue.clear()
        current = self._current
        if current is not None and current.complete:
            self.stop_reading()
            current.keep_alive = False
            if current.asgi:
                current.asgi.keep_alive = False
        elif self._reader.in_request:
            self._refuse(RefusalError(503, "the server is stopping"))
        else:
            self._close()

    # Faults

    def expect_leaving(self) -> None:
        """From now on a client that sends no more has left, as for nginx: one that has closed its
        socket says no more than that over http, until something is sent to it."""
        self._leaving_expected = True
        if self._eof:
            self._close()

    def ignore(self) -> None:
        """Drops whatever the client still sends, so that its leaving is not missed behind it."""
        self.stop_reading()
        self.expect_leaving()

    def end(self, last: bytes = b"") -> None:
        """The reply under way ends with these bytes, and so does the connection."""
        if self._give_up_reply():
            self.transport.write(last)
            self._close()

    def reset(self) -> None:
        """Ends the connection by a TCP reset. What the client has not read of earlier replies is
        lost with it, as with any reset."""
        if self._give_up_reply():
            make_close_a_reset(self.transport)
            # Not close(): over TLS that would be an orderly end before the reset.
            self.abort()

    def _give_up_reply(self) -> bool:
        """Whether there is still a client."""
        if self._asgi is None:
            return False
        # Otherwise uvicorn logs an error: the application has not finished its reply.
        self._asgi.disconnected = True
        return True
