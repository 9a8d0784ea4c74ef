"""What may be the outcome of a call, as compiled from a scenario's words."""

from bisect import bisect_right
from itertools import accumulate
from typing import Any, NamedTuple, TypeAlias

from mockocr.protocol.errors import Refusal
from mockocr.protocol.wire import Fault
from mockocr.scenario.delays import Delay, Fixed
from mockocr.scenario.draws import Draws


class Recognized(NamedTuple):
    """The card is read; `answer` says how, as its action has it."""

    answer: Any


class Refused(NamedTuple):
    refusal: Refusal


class FaultOutcome(NamedTuple):
    """Something goes wrong on the way to the client."""

    fault: Fault
    noise: bytes = b""
    """For faults that send bytes of no meaning."""


class GatewayError(NamedTuple):
    """A gateway in front answers, and not the API."""

    status: int


Outcome: TypeAlias = Recognized | Refused | FaultOutcome | GatewayError


class Timing(NamedTuple):
    """How an answer comes; what is None is not said."""

    delay: Delay | None = None
    dribble_seconds: float | None = None

    def settled(self, draws: Draws) -> "Timing":
        """With the delay drawn."""
        delay = None if self.delay is None else Fixed(self.delay.draw(draws))
        return Timing(delay, self.dribble_seconds)


ON_TIME = Timing()


class Choice(NamedTuple):
    outcome: Outcome
    timing: Timing = ON_TIME
    weight: float = 1.0


class Step(NamedTuple):
    """One of a sequence, as often as `times` says: one choice, or one of several by weight."""

    choices: tuple[Choice, ...]
    timing: Timing = ON_TIME
    times: int = 1

    def chosen(self, draws: Draws) -> Choice:
        if len(self.choices) == 1:
            return self.choices[0]
        *bounds, total = accumulate(choice.weight for choice in self.choices)
        return self.choices[bisect_right(bounds, draws.number("choice") * total)]


class DelayOnly:
    """Whatever the rules decide, but later."""


class ResolvedOutcome(NamedTuple):
    """What is done for one call."""

    outcome: Outcome
    delay_seconds: float = 0.0
    dribble_seconds: float = 0.0


def _noise(draws: Draws) -> bytes:
    """Surely neither the head of a reply nor a chunk of one: its first byte is no ASCII."""
    first, *others = draws.noise("bytes")
    return bytes([first | 0x80, *others]) + b"\r\n"


def perform(step: Step, draws: Draws, over: Timing = ON_TIME) -> ResolvedOutcome:
    """What a step comes to. Of timings, `over` wins, then that of the choice, then the step's."""
    choice = step.chosen(draws)
    outcome = choice.outcome
    if isinstance(outcome, FaultOutcome):
        outcome = outcome._replace(noise=_noise(draws))
    if over is choice.timing is step.timing is ON_TIME:
        return ResolvedOutcome(outcome)
    timings = (over, choice.timing, step.timing)
    delay = next((it.delay for it in timings if it.delay is not None), None)
    dribble = (it.dribble_seconds for it in timings)
    return ResolvedOutcome(
        outcome,
        delay.draw(draws) if delay else 0.0,
        next((seconds for seconds in dribble if seconds is not None), 0.0),
    )
