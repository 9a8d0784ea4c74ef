"""Bugs that the code under test reports itself: in its log, and as warnings of Python."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from fuzz.target import FoundError


class Bugs(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self._told.append(logging.Formatter().format(record))

    @contextmanager
    def none(self) -> Iterator[None]:
        """Checks that the block logs no bug. Raises FoundError."""
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            warnings.filterwarnings("ignore", module="PIL")  # as the server does
            yield
        result = [*self._told, *(str(each) for each in warned)]
        self._told.clear()
        if result:
            raise FoundError("\n".join(result))


@contextmanager
def bugs_of_mockocr() -> Iterator[Bugs]:
    bugs, logger = Bugs(), logging.getLogger("mockocr")
    propagates, logger.propagate = logger.propagate, False
    logger.addHandler(bugs)
    try:
        yield bugs
    finally:
        logger.removeHandler(bugs)
        logger.propagate = propagates
