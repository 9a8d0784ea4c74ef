"""Chinese names, read once from names.txt (scripts/make-names): the tables of faker, which takes
75 ms to import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Names:
    surnames: Mapping[str, float]
    """And how often each is drawn."""
    sons: Sequence[str]
    daughters: Sequence[str]


def _read() -> Names:
    surnames: dict[str, float] = {}
    given: dict[str, list[str]] = {"son": [], "daughter": []}
    text = Path(__file__).with_name("names.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        kind, name, *weight = line.split(" ")
        if weight:
            surnames[name] = float(weight[0])
        else:
            given[kind].append(name)
    return Names(surnames, given["son"], given["daughter"])


NAMES = _read()
