"""Load at a steady rate, which wrk cannot make: each call is sent at its time, even if earlier
calls are late."""

import asyncio
from collections.abc import Sequence
from statistics import quantiles

import httptools
import uvloop

from bench.calls import Call, Request
from bench.servers import Running, WrongAnswerError

CONNECTIONS = 64
"""The most connections at once. A call without a free connection waits, and its waiting counts."""
PATIENCE_SECONDS = 30


def p99_milliseconds(started: Running, call: Call, rate: int, seconds: int) -> float:
    """The p99 of the times from when a call was due to the end of its answer. Raises
    WrongAnswerError if an answer is wrong, or if the calls do not end."""
    started.ask(call)
    message = message_of(started.server.request(call))
    try:
        latencies = uvloop.run(_calls(started.port, message, rate, rate * seconds))
    except (OSError, TimeoutError, httptools.HttpParserError) as error:
        cause = "takes too long" if isinstance(error, TimeoutError) else f"fails: {error!r}"
        raise WrongAnswerError(f"{started.server.name}, {rate} calls a second: {cause}") from None
    return 1000 * percentile_99(latencies)


def percentile_99(values: Sequence[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[-1]


def message_of(request: Request) -> bytes:
    headers = {**request.headers, "Content-Length": str(len(request.body))}
    lines = ["POST / HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + request.body


async def _calls(port: int, message: bytes, rate: int, count: int) -> list[float]:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    numbers = iter(range(count))
    latencies = []

    async def worker() -> None:
        connection = None
        try:
            for number in numbers:
                due = begun + number / rate
                await asyncio.sleep(due - loop.time())
                if connection is None or connection.ended:
                    _, connection = await loop.create_connection(_Connection, "127.0.0.1", port)
                await connection.call(message)
                latencies.append(loop.time() - due)
        finally:
            if connection is not None:
                connection.transport.abort()

    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*(worker() for _ in range(CONNECTIONS)))
    return latencies


class _Connection(asyncio.Protocol):
    """Makes one call after the other, until the server closes the connection."""

    def __init__(self) -> None:
        self.ended = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport

    async def call(self, message: bytes) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._answered = asyncio.get_running_loop().create_future()
        self.transport.write(message)
        await self._answered

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(error)

    def on_message_complete(self) -> None:
        """Called by the parser."""
        self.ended = not self._parser.should_keep_alive()
        status = self._parser.get_status_code()
        if status == 200:
            self._answered.set_result(None)
        else:
            self._fail(ConnectionError(f"status {status}"))

    def connection_lost(self, error: Exception | None) -> None:
        self.ended = True
        self._fail(error or ConnectionResetError("closed before the answer"))

    def _fail(self, error: Exception) -> None:
        if not self._answered.done():
            self._answered.set_exception(error)
