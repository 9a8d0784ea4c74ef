"""Records bugs in mockocr if the server runs in this process, so that tests fail with them."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self


class BugError(Exception):
    """A bug in mockocr that happened in another process."""


class Bugs(logging.Handler):
    """Records the exceptions of calls, by RequestId, while `watching`."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: dict[str, BaseException] = {}

    def emit(self, record: logging.LogRecord) -> None:
        request_id = getattr(record, "request_id", None)
        if request_id and record.exc_info and record.exc_info[1]:
            self.found[request_id] = record.exc_info[1]

    def reraise(self) -> None:
        """Raises the first recorded exception, with a note that it is a bug in mockocr."""
        if self.found:
            request_id, bug = next(iter(self.found.items()))
            self.found.clear()
            bug.add_note(f"This is a bug in mockocr. The call {request_id} failed because of it.")
            raise bug

    @contextmanager
    def watching(self) -> Iterator[Self]:
        logger = logging.getLogger("mockocr.calls")
        logger.addHandler(self)
        try:
            yield self
        finally:
            logger.removeHandler(self)
