"""The errors of a test's own mistakes. pytest shows the line of the test, not our frames."""

from typing import Any

from mockocr.client.client import NoServerError
from mockocr.settings import SettingError


class UsageError(ValueError):
    """A wrong argument: the text names it, its value, and what is expected."""


class RefusedError(Exception):
    """The server refused a request; the text is the server's."""

    def __init__(self, message: str, status: int = 0, problems: Any = ()) -> None:
        super().__init__(message)
        self.status = status
        self.problems = problems
        """Every error of a scenario: `path`, `line`, `column` and `text`."""


class RealHostError(OSError):
    """A call to the real service from a test that does not intercept it."""


def is_for_the_user(raised: Any) -> bool:
    """For `__tracebackhide__`: whether the text of an error says everything. The frames of a bug in
    mockocr are shown."""
    error = raised.value
    return isinstance(
        error,
        AssertionError
        | UsageError
        | RefusedError
        | RealHostError
        | SettingError
        | NoServerError
        | LookupError,
    )
