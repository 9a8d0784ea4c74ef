"""What a client may use of the server: connections, bytes, headers and time. On resources, not on
phases: a byte counts wherever in a request it stands, a socket from when it is accepted."""

import logging
import sys
from collections import Counter
from dataclasses import dataclass, replace

from mockocr.settings import Settings

if sys.platform != "win32":
    import resource

logger = logging.getLogger("mockocr")

SPARE_FILES = 64
"""File descriptors reserved for the log, files that are read, downloads, modules."""

REFUSED_IN_WORDS = 32
"""So many connections beyond the limit are answered with 503; further ones are only closed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Chosen well beyond what any SDK does."""

    connections: int = 800
    """At once; most systems give a process 1,024 files."""
    handshakes: int = 200
    """TLS handshakes at once, so that silent sockets on the TLS port leave room for http."""
    head_bytes: int = 64 * 1024
    """Request line and headers together; and whatever else is no body (extensions of chunks,
    trailers), from one piece of the body to the next."""
    target_bytes: int = 48 * 1024
    """A GET may carry 32 KB of query."""
    headers: int = 100
    """Apache's LimitRequestFields; trailers count too."""
    request_bytes: int = 65 * 1024 * 1024
    """Of one request in all; the API reads and drops 64 MiB of a body that is too long."""
    handshake_seconds: float = 10
    """For a TLS handshake."""
    read_seconds: float = 30
    """For a head from its first byte, and between two pieces of a body."""
    body_seconds: float = 300
    """For a body in all."""
    write_seconds: float = 30
    """For a client to read anything of an answer that it keeps waiting."""
    idle_seconds: float = 75
    """Without a request: nginx's keepalive_timeout. Clients that reuse a connection seldom meet
    one that is just being closed."""


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
    """With no more connections than this process may open files (macOS: 256): one too many is
    refused in words then, and files can still be read."""
    if sys.platform == "win32":
        return limits
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return limits
    connections = min(limits.connections, max(1, files - SPARE_FILES))
    handshakes = min(limits.handshakes, max(1, connections // 4))
    return replace(limits, connections=connections, handshakes=handshakes)


class LimitLog:
    """Which limits were hit, and how often. Forgets them when it has said so."""

    def __init__(self) -> None:
        self._hits: Counter[str] = Counter()

    def hit(self, limit: str) -> None:
        self._hits[limit] += 1

    def write(self) -> None:
        """One line for each limit; to be called once a second."""
        for limit, times in self._hits.items():
            logger.warning("limit reached: %s (%d in the last second)", limit, times)
        self._hits.clear()
