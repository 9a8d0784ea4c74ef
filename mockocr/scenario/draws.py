"""Chance that can be had again: a draw is a function of what it is for, and of nothing else."""

import math
from hashlib import sha256
from typing import NamedTuple


class Draws(NamedTuple):
    """For the n-th call that a rule of an account's takes (docs/scenarios.md)."""

    seed: int
    account: str
    rule: str
    """With the name of its scenario."""
    n: int

    def number(self, purpose: str) -> float:
        """Evenly spread over [0, 1)."""
        return int.from_bytes(self.noise(purpose)[:8]) / 2**64

    def normal(self, purpose: str) -> float:
        """Of the standard normal distribution (Box and Muller)."""
        spread = math.sqrt(-2 * math.log(1 - self.number(f"{purpose} spread")))
        return spread * math.cos(2 * math.pi * self.number(f"{purpose} turn"))

    def noise(self, purpose: str) -> bytes:
        """32 bytes."""
        words = (self.seed, self.account, self.rule, self.n, purpose)
        return sha256(repr(words).encode(errors="surrogatepass")).digest()
