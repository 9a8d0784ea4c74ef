"""`python -m bench.defects`: what is measured of specimens, with and without defects.

Prints tables in Markdown. With --check, it exits with 1 unless every measurable defect causes its
warning at full strength, its score grows with the strength, and no warning is caused without a
defect. The defects are drawn, but not recorded in the code, so that only pixels show them.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.distortions import ENVELOPE, random_cards, shot
from bench.shots import Distortion, clean, in_turn, jpeg, resized, rotated
from mockocr.images.image import ImageError
from mockocr.specimens.card_data import CardData
from mockocr.specimens.draw.specimen import encoded
from mockocr.specimens.finding import Finding
from mockocr.specimens.measure.measuring import measure
from mockocr.specimens.measured import Measured
from mockocr.specimens.read.reading import decoded, read_in

DEFECTS_OF_SHOTS = {
    "grey": {"copy", "copy_bw"},
    "moire, q70": {"reshoot"},
    "glare on the head": {"reflection"},
    "glare at the symbol": {"reflection"},
    "finger on 12% of it": {"occlusion", "tampered"},
}
"""Distortions that are defects themselves, and the warnings that they may cause: a small object
on a text looks like an edit."""
HARMLESS: Mapping[str, Distortion] = {
    name: distortion for name, distortion in ENVELOPE.items() if name not in DEFECTS_OF_SHOTS
}
"""Distortions that must not cause a warning."""

MEASURABLE: Mapping[str, tuple[str, frozenset[str]]] = {
    "border": ("border", frozenset({"border"})),
    "reshoot": ("pattern", frozenset({"reshoot"})),
    "occlusion": ("covered", frozenset({"occlusion"})),
    "tampered": ("edited", frozenset({"tampered"})),
    "reflection": ("reflection", frozenset({"reflection"})),
    "copy_bw": ("chroma", frozenset({"copy", "copy_bw"})),
    "blur": ("quality", frozenset()),
}
"""Defects that pixels show: the score that measures each, and the warnings that it causes."""
UNMEASURABLE = ("copy", "electronic_id", "watermark")
"""Defects that must not cause a warning unless they are recorded in the code."""
STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)

LATER: Mapping[str, Distortion] = {
    "clean": clean,
    "jpeg q60": jpeg(60),
    "resize 50%": resized(0.5),
    "rotate 5": rotated(5),
    "rotate 5, 50%, q60": in_turn(rotated(5), resized(0.5), jpeg(60)),
}
"""The distortions of a picture that has a defect."""


@dataclass(slots=True)
class Row:
    name: str
    scores: dict[str, list[float]] = field(default_factory=dict)
    """By the name of the score."""
    warned: Counter[str] = field(default_factory=Counter)
    cards: int = 0
    milliseconds: list[float] = field(default_factory=list)
    """CPU time of a new picture: decoding, reading and measuring."""

    def add(self, measured: Iterable[Measured]) -> None:
        for one in measured:
            self.cards += 1
            self.warned.update(one.warnings)
            for score in one.scores:
                self.scores.setdefault(score.name, []).append(score.value)


def measured_in(content: bytes) -> list[Measured]:
    """The scores of each card in a picture."""
    pixels = decoded(content)
    assert not isinstance(pixels, ImageError)
    found: Finding = read_in(pixels)
    return [measure(pixels, side) for side in found.sides]


def with_defect(card_data: CardData, name: str, strength: float, later: Distortion) -> bytes:
    """A card with a defect that is drawn, but not recorded in the code."""
    drawn = shot(card_data, {name: strength})
    return encoded(later(drawn, random.Random(name)).image, "PNG")  # noqa: S311 - no secret


def tried(name: str, contents: Iterable[bytes]) -> Row:
    row = Row(name)
    for content in contents:
        started = time.process_time()
        measured = measured_in(content)
        row.milliseconds.append(1000 * (time.process_time() - started))
        row.add(measured)
    return row


def graded(defect: str, cards: int) -> list[Row]:
    """The scores of a defect, by its strength."""
    return [
        tried(
            f"{defect}, {strength}",
            [
                with_defect(card_data, defect, strength, clean)
                for card_data, _ in random_cards(cards)
            ],
        )
        for strength in STRENGTHS
    ]


def steady(rows: Sequence[Row], score: str) -> bool:
    """Whether the median of a score changes, and only in one direction, as the strength grows."""
    middles = [median(row.scores[score]) for row in rows]
    return middles[0] != middles[-1] and middles in (sorted(middles), sorted(middles)[::-1])


def full(defect: str, cards: int) -> list[Row]:
    """The scores of a defect at full strength, by the distortion that follows."""
    return [
        tried(
            f"{defect}; {name}",
            [with_defect(card_data, defect, 1.0, later) for card_data, _ in random_cards(cards)],
        )
        for name, later in LATER.items()
    ]


def distorted(name: str, cards: int) -> Row:
    """The scores of cards without a defect, in distorted pictures."""
    contents = []
    for number, (card_data, format) in enumerate(random_cards(cards)):
        chance = random.Random(f"{name} {number}")  # noqa: S311 - no secret
        contents.append(encoded(ENVELOPE[name](shot(card_data), chance).image, format))
    return tried(name, contents)


SCORES = ("quality", "border", "reflection", "pattern", "chroma", "covered", "edited")


def table(rows: Sequence[Row]) -> str:
    """A table in Markdown: the least, median and greatest value of each score, and the share of
    cards with each warning."""
    heads = ("picture", *SCORES, "warned of, %", "ms", "most")
    lines = [heads, ("---", *["--:"] * len(SCORES), "---", "--:", "--:")]
    for row in rows:
        scores = [_told(row.scores.get(name, [])) for name in SCORES]
        shares = (f"{name} {100 * row.warned[name] / row.cards:.0f}" for name in sorted(row.warned))
        times = (f"{median(row.milliseconds):.0f}", f"{max(row.milliseconds):.0f}")
        lines.append((row.name, *scores, ", ".join(shares), *times))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _told(values: Sequence[float]) -> str:
    if not values:
        return ""
    result = [f"{abs(value):.1f}" for value in (min(values), median(values), max(values))]
    return result[0] if result[0] == result[2] else " / ".join(result)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.defects")
    parser.add_argument("--cards", type=int, default=6, help="people, of whom 4 cards each")
    parser.add_argument("--check", action="store_true", help="exit with 1 where a warning is wrong")
    args = parser.parse_args()
    wrong: list[str] = []
    print(f"No defect, {args.cards} people of 4 cards each: least / median / most\n")
    rows = [distorted(name, args.cards) for name in HARMLESS]
    wrong += [row.name for row in rows if row.warned]
    print(f"{table(rows)}\n\nDistortions that are defects\n", flush=True)
    rows = [distorted(name, args.cards) for name in DEFECTS_OF_SHOTS]
    wrong += [row.name for row in rows if not set(row.warned) <= DEFECTS_OF_SHOTS[row.name]]
    print(f"{table(rows)}\n\nDefects by strength\n", flush=True)
    grades = {defect: graded(defect, args.cards) for defect in (*MEASURABLE, *UNMEASURABLE)}
    wrong += [
        f"{each}, not steadily"
        for each in MEASURABLE
        if not steady(grades[each], MEASURABLE[each][0])
    ]
    rows = [row for graded_rows in grades.values() for row in graded_rows]
    print(f"{table(rows)}\n\nDefects at full strength, and what is done later\n", flush=True)
    rows = []
    for defect in (*MEASURABLE, *UNMEASURABLE):
        _, expected = MEASURABLE.get(defect, ("", frozenset()))
        for row in full(defect, args.cards):
            rows.append(row)
            if row.warned != Counter(dict.fromkeys(expected, row.cards)):
                wrong.append(row.name)
    print(f"{table(rows)}\n\nWrong: {', '.join(wrong) or 'nothing'}", flush=True)
    return int(args.check and bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
