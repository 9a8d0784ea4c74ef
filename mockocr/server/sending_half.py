"""The sending half of a connection: answers, deadlines, faults, and how the connection ends.

A client that sends too much or too late gets an HTTP status and a sentence in JSON.
"""

import asyncio
from collections import deque

from mockocr.server.deadlines import Deadlines
from mockocr.server.faults import make_close_a_reset
from mockocr.server.flow import Flow, Pause
from mockocr.server.incoming import Incoming
from mockocr.server.reader import Reader, RefusalError
from mockocr.server.state import ServerState
from mockocr.server.uvicorn_parts import STATUS_LINE, AsgiExchange


class SendingHalf(asyncio.BaseProtocol):
    def __init__(self, state: ServerState, loop: asyncio.AbstractEventLoop) -> None:
        self._state = state
        self._limits = state.limits
        self._loop = loop
        self.transport: asyncio.Transport = None  # type: ignore[assignment]
        self._flow: Flow = None  # type: ignore[assignment]
        self._deadlines = Deadlines(loop.time, state.limits)
        self._reader: Reader = None  # type: ignore[assignment]
        self._current: Incoming | None = None
        """The request that is being answered, or received to be answered next."""
        self._queue: deque[Incoming] = deque()
        """The requests behind it that are parsed already."""
        self.stopped_reading = False
        """Whether further input is dropped: after a refusal or a fault, or because the connection
        is closing."""
        self._refusal: bytes | None = None
        """The answer to a refused request, while an earlier request is not answered."""
        self._eof = False
        """Whether the client has closed its half."""
        self._has_ended = False
        """Whether `_end_of_input` was called."""
        self._is_tls = False
        self._eof_means_left = False
        """Whether the connection is closed when the client closes its half."""

    @property
    def _asgi(self) -> AsgiExchange | None:
        return None if self._current is None else self._current.asgi

    def is_busy(self) -> bool:
        """Whether a complete request is not answered yet."""
        return bool(self._queue) or (self._current is not None and self._current.complete)

    # Answers

    def _write(self, status: int, head_lines: bytes, body: bytes) -> None:
        current = self._current
        assert current is not None  # noqa: S101 - the caller answers it
        closing = b"" if current.keep_alive else b"connection: close\r\n"
        if current.method == "HEAD":
            body = b""
        self.transport.write(
            b"%b%b%b%b\r\n%b"
            % (STATUS_LINE[status], self._state.date_line, head_lines, closing, body)
        )

    async def send_whole(self, status: int, head_lines: bytes, body: bytes) -> None:
        """Sends a whole reply in one write. uvicorn would make one write for each of two messages,
        and nothing in an answer costs as much as a write."""
        await self._flow.drain()
        asgi = self._asgi
        if asgi is None or asgi.disconnected:
            return
        self._write(status, head_lines, body)
        asgi.complete()
        if asgi.keep_alive:
            asgi.on_response()
        else:
            self._close()

    def pause_writing(self) -> None:
        self._flow.pause_writing()
        self._expect_to_be_read()

    def resume_writing(self) -> None:
        self._flow.resume_writing()
        self._deadlines.is_read()

    # Deadlines

    def _expect_to_be_read(self) -> None:
        self._deadlines.expect_to_be_read(self.transport.get_write_buffer_size())

    def close_if_late(self, now: float) -> None:
        """Ends the connection if its client is too slow. Called once a second."""
        unread_bytes = self.transport.get_write_buffer_size()
        if self._state.body_memory.is_waited_for:
            self._deadlines.hurry()
        if self.transport.is_closing() and not self._deadlines.is_being_read():
            # uvicorn has closed it, because an application failed.
            self._expect_to_be_read()
        if self._deadlines.is_reading_late(now, unread_bytes):
            if unread_bytes:
                seconds = self._limits.write_seconds
                self._state.limit_log.hit(f"a client read nothing of its answer for {seconds} s")
            self.abort()
        elif self._flow.is_paused_for(Pause.MEMORY):
            return
        elif self._deadlines.is_late(now):
            if self._reader.in_request:
                message = "the request was not complete in time"
                self._refuse(RefusalError(408, message, message))
            else:
                self.abort()

    # Ends

    def _refuse(self, refused: RefusalError) -> None:
        """Answers the request after all earlier ones, and closes. No application sees it."""
        if self.stopped_reading:
            return
        if refused.limit is not None:
            self._state.limit_log.hit(refused.limit)
        self._refusal = refused.answer(self._state.date_line)
        self.stop_reading()
        if not self.is_busy():
            self._end_of_input()

    def _end_of_input(self) -> None:
        """Ends the connection after all complete requests are answered. A request that is refused
        or incomplete is answered first."""
        if self._has_ended:
            return
        self._has_ended = True
        if self._refusal is None and self._reader.in_request:
            incomplete = RefusalError(400, "the request is incomplete")
            self._refusal = incomplete.answer(self._state.date_line)
        asgi = self._asgi
        if asgi and asgi.response_started:
            # The request is incomplete, but its response has begun: it gets no second one.
            self.abort()
            return
        if asgi:
            asgi.lose_client()
        if self._refusal is None:
            self._close()
            return
        self.transport.write(self._refusal)
        if self._is_tls or self._eof:
            self._close()
        else:
            # Not close(): if the client sends more, the system would send a reset, and the client
            # might lose the answer.
            self.stop_reading()
            self.transport.write_eof()
            self._expect_to_be_read()
            self._eof_means_left = True

    def stop_reading(self) -> None:
        """From now on, drops input."""
        self.stopped_reading = True
        self._deadlines.rest()
        for reason in Pause:
            self._flow.resume(reason)

    def _close(self) -> None:
        self.stop_reading()
        self.transport.close()
        self._expect_to_be_read()

    def abort(self) -> None:
        self.stopped_reading = True
        self.transport.abort()

    def shutdown(self) -> None:
        """Called when the server stops. A complete request is still answered, half a request is
        refused."""
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

    # Faults (the methods of `faults.Connection`)

    def expect_leaving(self) -> None:
        """From now on, a client that closes its half has left, as for nginx: over http, a client
        that closes its socket looks the same until something is sent to it."""
        self._eof_means_left = True
        if self._eof:
            self._close()

    def ignore(self) -> None:
        """Drops input, so that the end of the input is noticed behind it."""
        self.stop_reading()
        self.expect_leaving()

    def end(self, last: bytes = b"") -> None:
        """Ends the reply under way with these bytes, and closes."""
        if self._give_up_reply():
            self.transport.write(last)
            self._close()

    def reset(self) -> None:
        """Ends the connection with a TCP reset. As with any reset, the client loses what it has not
        read of earlier replies."""
        if self._give_up_reply():
            make_close_a_reset(self.transport)
            # Not close(): over TLS, close_notify would precede the reset.
            self.abort()

    def _give_up_reply(self) -> bool:
        """Returns whether the client is still there."""
        if self._asgi is None:
            return False
        # Otherwise uvicorn logs an error because the application has not finished its reply.
        self._asgi.disconnected = True
        return True
