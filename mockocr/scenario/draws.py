"""Reproducible randomness: a draw depends on its inputs, and on nothing else."""

import math
from hashlib import sha256
from typing import NamedTuple


class Draws(NamedTuple):
    """The draws for the n-th call that a rule matches for an account (docs/scenarios.md)."""

    seed: int
    account: str
    rule: str
    """`scenario/rule/picture` or `scenario/chaos entry`."""
    n: int

    def number(self, purpose: str) -> float:
        """Uniform in [0, 1)."""
        return int.from_bytes(self.noise(purpose)[:8]) / 2**64

    def normal(self, purpose: str) -> float:
        """From the standard normal distribution (Box-Muller)."""
        spread = math.sqrt(-2 * math.log(1 - self.number(f"{purpose} spread")))
        return spread * math.cos(2 * math.pi * self.number(f"{purpose} turn"))

    def noise(self, purpose: str) -> bytes:
        """32 bytes."""
        inputs = (self.seed, self.account, self.rule, self.n, purpose)
        return sha256(repr(inputs).encode(errors="surrogatepass")).digest()
