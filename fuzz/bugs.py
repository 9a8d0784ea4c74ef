"""What the code under test says of its own bugs: in its log, and as warnings of Python."""

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
        """That the block has none. Raises FoundError."""
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            warnings.filterwarnings("ignore", module="PIL")  # as the server does
            yield
        told = [*self._told, *(str(it) for it in warned)]
        self._told.clear()
        if told:
            raise FoundError("\n".join(told))


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
