"""The outcomes of calls, compiled from a scenario."""

from bisect import bisect_right
from itertools import accumulate
from typing import Any, NamedTuple, TypeAlias

from mockocr.protocol.errors import Refusal
from mockocr.protocol.wire import Fault
from mockocr.scenario.delays import Delay, Fixed
from mockocr.scenario.draws import Draws


class Recognized(NamedTuple):
    """The API answers. The type of `answer` belongs to the action."""

    answer: Any


class Refused(NamedTuple):
    refusal: Refusal


class FaultOutcome(NamedTuple):
    """A fault of the network or of the reply; the server performs it."""

    fault: Fault
    noise: bytes = b""
    """Meaningless bytes, for faults that send some."""


class GatewayError(NamedTuple):
    """A gateway answers with this HTTP status instead of the API."""

    status: int


class Forwarded(NamedTuple):
    """Another server answers. No scenario can write this: it is the outcome of calls that no rule
    matches, while `mockocr record` runs."""

    host: str


Outcome: TypeAlias = Recognized | Refused | FaultOutcome | GatewayError | Forwarded


class Timing(NamedTuple):
    """When an answer is sent. None: not set."""

    delay: Delay | None = None
    dribble_seconds: float | None = None

    def drawn(self, draws: Draws) -> "Timing":
        """With a fixed delay, drawn from the delay of this one."""
        delay = None if self.delay is None else Fixed(self.delay.draw(draws))
        return Timing(delay, self.dribble_seconds)


ON_TIME = Timing()


class Choice(NamedTuple):
    outcome: Outcome
    timing: Timing = ON_TIME
    weight: float = 1.0


class Step(NamedTuple):
    """One step of a rule, for `times` calls: one choice, or one of several by weight."""

    choices: tuple[Choice, ...]
    timing: Timing = ON_TIME
    times: int = 1

    def chosen(self, draws: Draws) -> Choice:
        if len(self.choices) == 1:
            return self.choices[0]
        *bounds, total = accumulate(choice.weight for choice in self.choices)
        return self.choices[bisect_right(bounds, draws.number("choice") * total)]


class DelayOnly:
    """An entry of chaos without an outcome: the rules decide, and the answer is delayed."""


class ResolvedOutcome(NamedTuple):
    """The outcome that was picked for one call, with its delay."""

    outcome: Outcome
    delay_seconds: float = 0.0
    dribble_seconds: float = 0.0


def _noise(draws: Draws) -> bytes:
    """Bytes that cannot be the head or a chunk of a reply: the first byte is not ASCII."""
    first, *others = draws.noise("bytes")
    return bytes([first | 0x80, *others]) + b"\r\n"


def resolve(step: Step, draws: Draws, over: Timing = ON_TIME) -> ResolvedOutcome:
    """Picks the outcome of a step. The timing is `over`, else the choice's, else the step's."""
    choice = step.chosen(draws)
    outcome = choice.outcome
    if isinstance(outcome, FaultOutcome):
        outcome = outcome._replace(noise=_noise(draws))
    if over == choice.timing == step.timing == ON_TIME:
        return ResolvedOutcome(outcome)
    timings = (over, choice.timing, step.timing)
    delay = next((timing.delay for timing in timings if timing.delay is not None), None)
    dribble = (timing.dribble_seconds for timing in timings)
    return ResolvedOutcome(
        outcome,
        delay.draw(draws) if delay else 0.0,
        next((seconds for seconds in dribble if seconds is not None), 0.0),
    )
