"""Bugs of ours, where the server runs in this process: so that a test can end in them."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self


class BugError(Exception):
    """A bug of mockocr that happened in another process."""


class Bugs(logging.Handler):
    """The exceptions that calls ended in, by RequestId, while it watches."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: dict[str, BaseException] = {}

    def emit(self, record: logging.LogRecord) -> None:
        request_id = getattr(record, "request_id", None)
        if request_id and record.exc_info and record.exc_info[1]:
            self.found[request_id] = record.exc_info[1]

    def reraise(self) -> None:
        """The first that was found since, as what it is: a bug of mockocr, and not of a client."""
        if self.found:
            request_id, bug = next(iter(self.found.items()))
            self.found.clear()
            bug.add_note(f"This is a bug of mockocr: the call {request_id} ended in it.")
            raise bug

    @contextmanager
    def watching(self) -> Iterator[Self]:
        logger = logging.getLogger("mockocr.calls")
        logger.addHandler(self)
        try:
            yield self
        finally:
            logger.removeHandler(self)
