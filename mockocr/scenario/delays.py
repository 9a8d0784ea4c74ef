"""Distributions of delays, in seconds."""

import math
from typing import NamedTuple, TypeAlias

from mockocr.scenario.draws import Draws


class Fixed(NamedTuple):
    seconds: float

    def draw(self, draws: Draws) -> float:
        return self.seconds


class Uniform(NamedTuple):
    least: float
    most: float

    def draw(self, draws: Draws) -> float:
        return self.least + (self.most - self.least) * draws.number("delay")


class LogNormal(NamedTuple):
    median: float
    sigma: float
    most: float

    def draw(self, draws: Draws) -> float:
        # Capped before exp overflows; e^16 medians are more than any `max`.
        exponent = min(self.sigma * draws.normal("delay"), 16.0)
        return min(self.median * math.exp(exponent), self.most)


Delay: TypeAlias = Fixed | Uniform | LogNormal
