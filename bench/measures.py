"""What is measured, and what is to be reached: every figure a ratio to a server beside it."""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

from bench.calls import Call, picture, refused, small
from bench.load import drive
from bench.servers import BASELINE, FLOOR, Server, mockocr, running

SETTLE_SECONDS = 1
"""Until what a server does after its first answer is done."""
CALLS_BEFORE_MEMORY = 10_000
WARM_UP_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Length:
    """How long everything takes."""

    rounds: int
    load_seconds: int
    starts: int
    memory_rounds: int


FULL = Length(rounds=5, load_seconds=2, starts=15, memory_rounds=2)
QUICK = Length(rounds=2, load_seconds=1, starts=5, memory_rounds=1)


@dataclass(frozen=True, slots=True)
class Goal:
    bound: float
    at_least: bool = True

    def met(self, ratio: float) -> bool:
        return ratio >= self.bound if self.at_least else ratio <= self.bound

    def __str__(self) -> str:
        return f"{'>=' if self.at_least else '<='} {self.bound}"


@dataclass(frozen=True, slots=True)
class Measure:
    """One row: what was found for mockocr and for the server beside it, round by round."""

    what: str
    against: Server
    unit: str
    goal: Goal | None
    found: list[tuple[float, float]] = field(default_factory=list)

    def ratios(self) -> list[float]:
        return [ours / theirs for ours, theirs in self.found]

    @property
    def missed(self) -> bool:
        return self.goal is not None and not self.goal.met(median(self.ratios()))


def measure(length: Length) -> Iterator[Measure]:
    yield from _rates(length)
    yield _rules(length)
    yield from _starts(length)
    yield from _memory(length)


def _rates(length: Length) -> Iterator[Measure]:
    scripted = mockocr("--scenarios", "documented")
    rows = [
        (small(), 32, Measure("240 B, 32 connections", BASELINE, "/s", Goal(0.75))),
        (picture(200_000), 1, Measure("200 KB, 1 connection", FLOOR, "/s", None)),
        (picture(1_000_000), 1, Measure("1 MB, 1 connection", FLOOR, "/s", Goal(0.85))),
        (picture(5_000_000), 1, Measure("5 MB, 1 connection", FLOOR, "/s", Goal(0.85))),
    ]
    for turn in range(length.rounds):
        for call, connections, row in rows:
            rate = partial(_rate, call, connections, length.load_seconds)
            row.found.append(_in_turn(turn, rate, scripted, row.against))
    for _, _, row in rows:
        yield row


def _rate(call: Call, connections: int, seconds: int, server: Server) -> float:
    with running(server, call) as started:
        drive(started, call, connections, WARM_UP_SECONDS)
        return drive(started, call, connections, seconds).rate


BUDGET = Server("budget", ())
"""No server, but what a goal allows."""
RULES = 1000
RULES_BUDGET_MICROSECONDS = 1000.0


def _rules(length: Length) -> Measure:
    """What a call costs more where it is held against a thousand rules that do not take it."""
    row = Measure("a call with 1,000 rules, more", BUDGET, " µs", Goal(1.0, at_least=False))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rules.yaml"
        file.write_text(_many_rules(), encoding="utf-8")
        plain, ruled = mockocr(), mockocr("--scenarios", str(file))
        for turn in range(length.rounds):
            rate = partial(_rate, small(), 32, length.load_seconds)
            with_rules, without = _in_turn(turn, rate, ruled, plain)
            more = 1e6 / with_rules - 1e6 / without
            row.found.append((more, RULES_BUDGET_MICROSECONDS))
    return row


def _many_rules() -> str:
    """Each holds in its first condition, and differs in its second, a pattern."""
    rules = (
        f'  - {{name: rule {n}, when: {{CardSide: FRONT, ImageUrl: {{glob: "*/{n}/?.png"}}}},'
        " then: {error: FailedOperation.ImageBlur}}"
        for n in range(RULES)
    )
    return "\n".join(["name: many rules", "rules:", *rules, ""])


def _starts(length: Length) -> Iterator[Measure]:
    plain = mockocr()
    rows = [
        (refused(), Measure("start to a verified refusal", BASELINE, " ms", Goal(1.5, False))),
        (small(), Measure("start to an invented person", BASELINE, " ms", Goal(1.5, False))),
    ]
    for turn in range(length.starts):
        for call, row in rows:
            row.found.append(_in_turn(turn, partial(_start, call), plain, row.against))
    for _, row in rows:
        yield row


def _start(call: Call, server: Server) -> float:
    with running(server, call) as started:
        return 1000 * started.start_seconds


def _memory(length: Length) -> Iterator[Measure]:
    plain, first, call = mockocr(), small(), picture(200_000)
    idle = Measure("memory, idle", BASELINE, " MB", Goal(1.8, False))
    loaded = Measure("memory, after 10,000 x 200 KB", BASELINE, " MB", Goal(2.5, False))
    for _ in range(length.memory_rounds):
        with running(BASELINE, first) as started:
            time.sleep(SETTLE_SECONDS)
            theirs = started.memory_bytes() / 1e6
        with running(plain, first) as started:
            time.sleep(SETTLE_SECONDS)
            idle.found.append((started.memory_bytes() / 1e6, theirs))
            calls = 0
            while calls < CALLS_BEFORE_MEMORY:
                calls += drive(started, call, 1, 1).requests
            loaded.found.append((started.memory_bytes() / 1e6, theirs))
    yield idle
    yield loaded


def _in_turn(
    turn: int, find: Callable[[Server], float], ours: Server, theirs: Server
) -> tuple[float, float]:
    """What is found for both; who goes first changes from turn to turn."""
    if turn % 2:
        of_theirs = find(theirs)
        return find(ours), of_theirs
    return find(ours), find(theirs)
