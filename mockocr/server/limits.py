"""How many connections, bytes, headers and seconds a client may use. Every byte of a request
counts, wherever it is in the request; a socket counts from when it is accepted."""

import logging
import sys
from collections import Counter
from dataclasses import dataclass, replace

from mockocr.settings import Settings

if sys.platform != "win32":
    import resource

logger = logging.getLogger("mockocr")

SPARE_FILES = 64
"""File descriptors reserved for logs, files, downloads and imports."""

REFUSED_IN_WORDS = 32
"""How many connections beyond the limit are answered with 503. Further ones are only closed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Far more than any SDK needs."""

    connections: int = 800
    """Concurrent connections. Most systems allow a process 1,024 files."""
    handshakes: int = 200
    """Concurrent TLS handshakes: silent sockets on the TLS port leave room for http."""
    head_bytes: int = 64 * 1024
    """Request line and headers together. Also for everything else that is not body (chunk
    extensions, trailers) between two pieces of the body."""
    target_bytes: int = 48 * 1024
    """A GET may carry 32 KB of query."""
    headers: int = 100
    """Headers and trailers. The default of Apache's LimitRequestFields."""
    request_bytes: int = 65 * 1024 * 1024
    """One whole request. The API reads and drops up to 64 MiB of a body that is too long."""
    long_bodies_bytes: int = 32 * 1024 * 1024
    """All long bodies that are received, or wait for an answer: three of the maximum size. Further
    ones wait, unread."""
    handshake_seconds: float = 10
    """For a TLS handshake."""
    read_seconds: float = 30
    """For a head from its first byte, and between two pieces of a body."""
    body_seconds: float = 300
    """For a whole body."""
    write_seconds: float = 30
    """For a client to read some of the output that waits for it."""
    idle_seconds: float = 75
    """Without a request. The default of nginx's keepalive_timeout: clients that reuse a connection
    rarely use one that is being closed."""


DEFAULT_LIMITS = Limits()


def limits_of(settings: Settings) -> Limits:
    return replace(
        DEFAULT_LIMITS,
        connections=settings.max_connections,
        read_seconds=settings.read_timeout,
        write_seconds=settings.write_timeout,
        idle_seconds=settings.idle_timeout,
    )


def affordable(limits: Limits) -> Limits:
    """The limits, with at most as many connections as this process may open files (macOS: 256).
    Then the server can still refuse further connections with an answer, and read files."""
    if sys.platform == "win32":
        return limits
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return limits
    connections = min(limits.connections, max(1, files - SPARE_FILES))
    handshakes = min(limits.handshakes, max(1, connections // 4))
    return replace(limits, connections=connections, handshakes=handshakes)


class LimitLog:
    """Counts how often each limit was reached. Forgets the counts when it writes them."""

    def __init__(self) -> None:
        self._hits: Counter[str] = Counter()

    def hit(self, limit: str) -> None:
        self._hits[limit] += 1

    def write(self) -> None:
        """Logs one line for each limit. Called once a second."""
        for limit, times in self._hits.items():
            logger.warning("limit reached: %s (%d in the last second)", limit, times)
        self._hits.clear()
