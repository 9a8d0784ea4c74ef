"""How late an answer comes: what is drawn from a delay. In seconds."""

import math
from dataclasses import dataclass
from typing import TypeAlias

from mockocr.scenario.draws import Draws


@dataclass(frozen=True, slots=True)
class Fixed:
    seconds: float

    def draw(self, draws: Draws) -> float:
        return self.seconds


@dataclass(frozen=True, slots=True)
class Uniform:
    least: float
    most: float

    def draw(self, draws: Draws) -> float:
        return self.least + (self.most - self.least) * draws.number("delay")


@dataclass(frozen=True, slots=True)
class LogNormal:
    median: float
    sigma: float
    most: float

    def draw(self, draws: Draws) -> float:
        # Ten million times the median is beyond any cap: no overflow either.
        exponent = min(self.sigma * draws.normal("delay"), 16.0)
        return min(self.median * math.exp(exponent), self.most)


Delay: TypeAlias = Fixed | Uniform | LogNormal
