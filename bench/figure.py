"""Measured values, by server and round, and the reasons for missing ones."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median

from bench.servers import Server, WrongAnswerError


@dataclass(slots=True)
class Figure:
    name: str
    unit: str = ""
    found: dict[str, list[float]] = field(default_factory=dict)
    """By the name of a server, or of another subject. The values of one round have the same
    index."""
    failed: dict[str, str] = field(default_factory=dict)
    """The reasons why a server has no values."""

    def add(self, of: str, value: float) -> None:
        """Adds a value with six digits, because results are stored as text."""
        self.found.setdefault(of, []).append(float(f"{value:.6g}"))

    def typical(self, of: str) -> float | None:
        """The median; None without values."""
        return median(self.found[of]) if of in self.found else None


def ratios(these: Sequence[float], those: Sequence[float]) -> list[float]:
    """Ratios of the values of each round that both have."""
    return [this / that for this, that in zip(these, those, strict=False)]


@dataclass(frozen=True, slots=True)
class Results:
    """The results of one run."""

    conditions: Mapping[str, str]
    """When, where, and with which versions."""
    peers: Mapping[str, str]
    """The peers to be measured: package and version, by name."""
    absent: Mapping[str, str]
    """The reasons why a peer was not available, by name."""
    figures: Mapping[str, Figure]

    def as_lines(self) -> str:
        """As JSON: the conditions and peers, then one figure on each line."""
        head = {"conditions": self.conditions, "peers": self.peers, "absent": self.absent}
        lines = [head, *map(asdict, self.figures.values())]
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)

    @classmethod
    def of_lines(cls, text: str) -> "Results":
        head, *figures = map(json.loads, text.splitlines())
        return cls(**head, figures={words["name"]: Figure(**words) for words in figures})


Find = Callable[[Server], Sequence[float]]
"""Measures a server: one value for each of some figures. Raises WrongAnswerError."""


def alternate(
    figures: Sequence[Figure],
    find: Find,
    rounds: int,
    servers: Sequence[Server],
    peers: Sequence[Server] = (),
    peer_rounds: int = 1,
) -> None:
    """Measures all servers in turn. Each round starts with another one. The failure of a peer is
    recorded; one of our own servers must not fail."""
    for call_number in range(rounds):
        field_ = [*servers, *(peers if call_number < peer_rounds else ())]
        first = call_number % len(field_)
        for server in field_[first:] + field_[:first]:
            if server.name not in figures[0].failed:
                _measure(figures, find, server, may_fail=server in peers)


def _measure(figures: Sequence[Figure], find: Find, server: Server, *, may_fail: bool) -> None:
    try:
        values = find(server)
    except WrongAnswerError as error:
        if not may_fail:
            raise
        for figure in figures:
            figure.failed[server.name] = str(error)
            figure.found.pop(server.name, None)
        return
    for figure, value in zip(figures, values, strict=True):
        figure.add(server.name, value)
