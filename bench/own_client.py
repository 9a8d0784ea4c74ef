"""Load by a client of our own. If its result differs from wrk's, the clients limit the
measurement."""

import re
import selectors
import socket
import time
from contextlib import ExitStack

from bench.calls import Call
from bench.servers import Running, WrongAnswerError
from bench.steady import message_of

PATIENCE_SECONDS = 10
READ_BYTES = 65536


def rate(started: Running, call: Call, connections: int, seconds: int) -> float:
    """Requests a second at full speed. Raises WrongAnswerError if an answer is wrong."""
    started.ask(call)
    message = message_of(started.server.request(call))
    name = started.server.name
    with ExitStack() as opened:
        selector = opened.enter_context(selectors.DefaultSelector())
        for _ in range(connections):
            address = "127.0.0.1", started.port
            wire = opened.enter_context(socket.create_connection(address, PATIENCE_SECONDS))
            selector.register(wire, selectors.EVENT_READ, bytearray())
            wire.sendall(message)
        begun, requests = time.monotonic(), 0
        while (passed := time.monotonic() - begun) < seconds:
            ready = selector.select(PATIENCE_SECONDS)
            if not ready:
                raise WrongAnswerError(f"{name} answers nothing within {PATIENCE_SECONDS} s")
            for key, _ in ready:
                answer = key.data
                assert isinstance(key.fileobj, socket.socket)
                piece = key.fileobj.recv(READ_BYTES)
                if not piece:
                    raise WrongAnswerError(f"{name} closes a connection in use")
                answer += piece
                if _is_whole(answer, name):
                    requests += 1
                    answer.clear()
                    key.fileobj.sendall(message)
    started.ask(call)
    return requests / passed


_LENGTH = re.compile(rb"\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


def _is_whole(answer: bytearray, name: str) -> bool:
    end_of_head = answer.find(b"\r\n\r\n")
    if end_of_head < 0:
        return False
    length = _LENGTH.search(answer)
    if not answer.startswith(b"HTTP/1.1 200 ") or length is None:
        raise WrongAnswerError(f"{name} answers {bytes(answer[:100])!r}")
    return len(answer) >= end_of_head + 4 + int(length[1])
