"""The deadlines of one connection: for the client to send, and for it to read."""

from collections.abc import Callable

from mockocr.server.limits import Limits


class Deadlines:
    """One deadline for the next input, and one for the client to read some of the output."""

    __slots__ = ("_body", "_head", "_limits", "_now", "_read", "_unread_bytes", "_write")

    def __init__(self, now: Callable[[], float], limits: Limits) -> None:
        self._now = now
        self._limits = limits
        self._read: float | None = now() + limits.read_seconds
        self._write: float | None = None
        self._head: float | None = None
        self._body: float | None = None
        self._unread_bytes = 0

    def rest(self) -> None:
        """No input is expected: a request is complete, or input is dropped."""
        self._read = self._head = self._body = None

    def expect_more(self, in_head: bool) -> None:
        """Expects more input of an incomplete request: of its head or of its body."""
        now, limits = self._now(), self._limits
        if in_head:
            self._head = self._head or now + limits.read_seconds
            self._read = self._head
        else:
            self._body = self._body or now + limits.body_seconds
            self._read = min(self._body, now + limits.read_seconds)

    def hurry(self) -> None:
        """Other bodies wait for the memory of this one: the rest of it has only the time of a
        piece."""
        if self._read is not None and self._body is not None:
            self._body = min(self._body, self._now() + self._limits.read_seconds)
            self._read = min(self._read, self._body)

    def expect_request(self) -> None:
        self._read = self._now() + self._limits.idle_seconds

    def expect_to_be_read(self, unread_bytes: int) -> None:
        self._write = self._now() + self._limits.write_seconds
        self._unread_bytes = unread_bytes

    def is_read(self) -> None:
        """The client has read enough of the output."""
        self._write = None

    def is_being_read(self) -> bool:
        return self._write is not None

    def is_reading_late(self, now: float, unread_bytes: int) -> bool:
        """Whether the client has read nothing for too long. `unread_bytes`: the output that it has
        not read now."""
        if self._write is None or now < self._write:
            return False
        if 0 < unread_bytes < self._unread_bytes:
            self.expect_to_be_read(unread_bytes)
            return False
        return True

    def is_late(self, now: float) -> bool:
        """Whether the client has sent nothing for too long."""
        return self._read is not None and now >= self._read
