"""The rule that `respond` makes, and assertions on the number of calls."""

from collections.abc import Callable, Iterable, Sequence

from mockocr.suggestions import quoted
from mockocr.terminal import difference
from mockocr.testing.calls import Call
from mockocr.testing.errors import UsageError, is_for_the_user

__tracebackhide__ = is_for_the_user

SHOWN_CALLS = 50
"""The most calls in the message of a failed assertion, the newest."""


class Rule:
    """A rule that a test scripted with `respond`."""

    def __init__(self, name: str, recorded: Callable[[], Sequence[Call]]) -> None:
        """`recorded`: all calls of the account, oldest first."""
        self.name = name
        self._recorded = recorded

    @property
    def calls(self) -> list[Call]:
        """The calls that it answered, oldest first."""
        return [call for call in self._recorded() if self._answered(call)]

    def assert_called(self, times: int | None = None) -> None:
        """Asserts how many calls it answered (None: at least one). Raises AssertionError, which
        says why it did not answer the others."""
        check_times(times)
        calls = self._recorded()
        others = [call for call in calls if not self._answered(call)]
        expect_calls(times, len(calls) - len(others), others, self._why_not)

    def assert_not_called(self) -> None:
        self.assert_called(0)

    def _answered(self, call: Call) -> bool:
        return (call.scenario, call.rule) == (self.name, self.name)

    def _why_not(self, call: Call) -> str:
        for miss in call.explanation["decision"]["near_misses"]:
            if miss["scenario"] == self.name:
                differences = "; ".join(map(difference, miss["differences"]))
                return differences or "its outcomes were used up"
        if call.rule is None:
            return call.outcome
        return f"answered by rule {call.rule!r} of scenario {call.scenario!r}"

    def __repr__(self) -> str:
        return f"<mockocr rule {self.name!r}>"


def check_times(times: object) -> None:
    if times is not None and (type(times) is not int or times < 0):
        raise UsageError(
            "assert_called: times: expected a whole number from 0, or None for at least one, got"
            f" {quoted(times)}"
        )


def expect_calls(
    times: int | None, matching: int, others: Sequence[Call], why: Callable[[Call], str]
) -> None:
    """Raises AssertionError if the number is not the expected one. `others`: the calls that did
    not match; `why` says why one did not."""
    if matching == times or (times is None and matching):
        return
    total = counted(matching + len(others))
    wanted = "at least 1 matching call" if times is None else counted(times, "matching ")
    lines = [f"expected {wanted}, got {matching} ({total} in total)"]
    if times is None or matching < times:
        lines += _listed(others, why)
    raise AssertionError("\n".join(lines))


def _listed(calls: Sequence[Call], why: Callable[[Call], str]) -> Iterable[str]:
    if len(calls) > SHOWN_CALLS:
        yield f"  the last {SHOWN_CALLS} that did not match:"
    for call in calls[-SHOWN_CALLS:]:
        yield f"  not {call.request_id}: {why(call)}"


def counted(number: int, kind: str = "") -> str:
    return f"{number} {kind}call{'' if number == 1 else 's'}"
