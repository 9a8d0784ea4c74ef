"""The goals, and whether a run reached them. They are about the medians of all rounds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.figure import Figure, ratios
from bench.measures.growth import (
    ACCOUNT_COUNTS,
    ACCOUNTS,
    EMPTY,
    FULL,
    JOURNAL,
    RULE_COUNTS,
    RULES,
    named,
)
from bench.measures.memory import AFTER, IDLE
from bench.measures.pictures import CPU, NEVER_SEEN
from bench.measures.sessions import SESSION
from bench.measures.speed import (
    SMALL,
    WITH_GOALS,
    WITH_LOG,
    WITH_RULES,
    Cell,
    p99_of,
    rate_by_own_client,
    rate_of,
)
from bench.measures.starts import START, START_TO_REFUSAL, START_WITH_RULES
from bench.measures.steadiness import P99_AT_RATE
from bench.servers import BASELINE, FLOOR
from bench.session import ACCOUNT, STOP
from bench.session import START as SESSION_START

OURS = "mockocr"
P99_OF_MANY = p99_of(("1 MB", 32))

Location = tuple[str, str]
"""The name of a figure, and of a server."""


@dataclass(frozen=True, slots=True)
class Goal:
    what: str
    found: Location
    bound: float
    unit: str
    """The unit of the compared value: a multiple, or milliseconds."""
    against: Location | None = None
    compare: Callable[[Sequence[float], Sequence[float]], list[float]] = ratios
    """The values of each round."""
    at_least: bool = False
    again: str | None = None
    """The same figure by another client."""
    short: bool = False
    """Whether it is in the README's table too."""

    def is_met(self, values: Sequence[float]) -> bool:
        """Whether there are values, and their median reaches the bound."""
        if not values:
            return False
        return median(values) >= self.bound if self.at_least else median(values) <= self.bound

    def values(self, figures: Mapping[str, Figure]) -> list[float]:
        """The values that are compared with the bound, one for each round. Empty if the run has
        no such figure."""
        return self._values(figures, self.found, self.against)

    def values_again(self, figures: Mapping[str, Figure]) -> list[float]:
        """The same by the other client. Empty if there is none."""
        if self.again is None:
            return []
        against = (self.again, self.against[1]) if self.against else None
        return self._values(figures, (self.again, self.found[1]), against)

    def _values(
        self, figures: Mapping[str, Figure], found: Location, against: Location | None
    ) -> list[float]:
        these = _found(figures, found)
        return self.compare(these, _found(figures, against)) if against else these


def _found(figures: Mapping[str, Figure], place: Location) -> list[float]:
    figure, of = place
    return figures[figure].found.get(of, []) if figure in figures else []


def more(these: Sequence[float], those: Sequence[float]) -> list[float]:
    return [this - that for this, that in zip(these, those, strict=False)]


def more_a_rule(these: Sequence[float], those: Sequence[float]) -> list[float]:
    return [difference / (RULE_COUNTS[-1] - RULE_COUNTS[0]) for difference in more(these, those)]


def _rate(
    cell: Cell, bound: float, than: str = FLOOR.name, of: str = OURS, *, short: bool = False
) -> Goal:
    figure, again = rate_of(cell), rate_by_own_client(cell)
    what = figure if of == OURS else f"{figure} ({of.removeprefix('mockocr, ')})"
    unit = f" of the {than}"
    return Goal(
        what, (figure, of), bound, unit, (figure, than), at_least=True, again=again, short=short
    )


OF_BASELINE = " x baseline"
FLAT = 1.1
"""This multiple of the time: smaller differences are hidden by the noise of a machine."""

GOALS: Sequence[Goal] = (
    _rate(SMALL, 0.9, BASELINE.name, short=True),
    _rate(SMALL, 0.8, BASELINE.name, WITH_RULES, short=True),
    _rate(SMALL, 0.8, BASELINE.name, WITH_LOG, short=True),
    *(_rate(cell, 0.95, short=True) for cell in WITH_GOALS if cell != SMALL),
    Goal(
        P99_OF_MANY,
        (P99_OF_MANY, OURS),
        1.2,
        " x hashing floor",
        (P99_OF_MANY, FLOOR.name),
    ),
    Goal(
        f"{P99_AT_RATE}, minus the baseline's",
        (P99_AT_RATE, OURS),
        10,
        " ms",
        (P99_AT_RATE, BASELINE.name),
        more,
        short=True,
    ),
    Goal(
        START_TO_REFUSAL,
        (START_TO_REFUSAL, OURS),
        1.4,
        OF_BASELINE,
        (START_TO_REFUSAL, BASELINE.name),
    ),
    Goal(
        "start to a generated person",
        (START, OURS),
        1.4,
        OF_BASELINE,
        (START, BASELINE.name),
        short=True,
    ),
    Goal(
        "start with --scenarios to the first answer",
        (START_WITH_RULES, OURS),
        2.0,
        OF_BASELINE,
        (START_WITH_RULES, BASELINE.name),
    ),
    Goal("memory, idle", (IDLE, OURS), 1.8, OF_BASELINE, (IDLE, BASELINE.name), short=True),
    Goal(
        "memory after 10,000 calls of 200 KB",
        (AFTER, OURS),
        2.5,
        " x baseline, idle",
        (IDLE, BASELINE.name),
        short=True,
    ),
    *(
        Goal(f"CPU of a picture never seen ({kind})", (CPU, kind), 60, " ms", short=not at)
        for at, kind in enumerate(NEVER_SEEN)
    ),
    Goal("pytest: a fresh account", (SESSION, ACCOUNT), 1, " ms", short=True),
    Goal("pytest: start in the session", (SESSION, SESSION_START), 30, " ms", short=True),
    Goal("pytest: stop", (SESSION, STOP), 20, " ms"),
    *(
        Goal(
            f"time of a call, {named(count)} accounts against 1",
            (ACCOUNTS, named(count)),
            FLAT,
            " times",
            (ACCOUNTS, named(1)),
        )
        for count in ACCOUNT_COUNTS[1:]
    ),
    Goal(
        "time of a call for each of 1,000 rules",
        (RULES, named(RULE_COUNTS[-1])),
        1,
        " µs",
        (RULES, named(RULE_COUNTS[0])),
        more_a_rule,
    ),
    Goal(
        "time of a call, full journal against empty",
        (JOURNAL, FULL),
        FLAT,
        " times",
        (JOURNAL, EMPTY),
    ),
)
