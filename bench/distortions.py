"""`python -m bench.distortions`: which specimens are still read after distortions of the picture.

It prints a table in Markdown. With --check, it exits with 1 if a distortion of the envelope is not
read. All pictures are drawn from fixed seeds, so two runs differ only in their milliseconds.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import dist
from statistics import median
from typing import get_args

from bench.shots import (
    Distortion,
    Shot,
    blurred,
    clean,
    contrasted,
    cropped,
    cut_left,
    few_colours,
    grey,
    in_turn,
    jpeg,
    lit,
    mirrored,
    moire,
    noisy,
    on_a_desk,
    perspective,
    resized,
    rotated,
    shadowed,
    shaken,
    spot,
    webp,
)
from mockocr.images.geometry import quad_of
from mockocr.people.person import NO_FIXED_FIELDS, FixedFields, invent
from mockocr.specimens.card_data import CardData, Kind, card_data_of
from mockocr.specimens.colours import Colour
from mockocr.specimens.draw.specimen import (
    NO_DEFECTS,
    Format,
    card_boxes,
    default_size,
    draw,
    encoded,
)
from mockocr.specimens.finding import Contents, Finding
from mockocr.specimens.read.reading import read

FINGER, GLARE = (205, 160, 132), (255, 255, 255)


def on_main(right: float, down: float, radius: float, colour: Colour, soft: float) -> Distortion:
    """A spot on the main code at this distance from its centre, in widths of the card. There is
    one spot for the code of a front and one for that of a back, on every card."""
    front, back = (0.79, 0.347), (0.18, 0.19)
    spots = (spot((x + right, y + down), radius, colour, soft) for x, y in (front, back))
    return in_turn(*spots)


ENVELOPE: Mapping[str, Distortion] = {
    "clean": clean,
    "jpeg q40": jpeg(40),
    "jpeg q15": jpeg(15),
    "webp q20": webp(20),
    "resize 50%": resized(0.5),
    "resize 50%, q40": in_turn(resized(0.5), jpeg(40)),
    "resize 40%": resized(0.4),
    "resize 33%": resized(0.33),
    "upscale 2.5x, q60": in_turn(resized(2.5), jpeg(60)),
    "screenshot: .8, 1.3": in_turn(resized(0.8), resized(1.3)),
    "rotate 3": rotated(3),
    "rotate 8, q40": in_turn(rotated(8), jpeg(40)),
    "rotate 30": rotated(30),
    "rotate 90": rotated(90),
    "rotate 180": rotated(180),
    "rotate 270": rotated(270),
    "mirror": mirrored,
    "perspective .08": perspective(0.08),
    "perspective .2": perspective(0.2),
    "blur 1": blurred(1),
    "blur 2": blurred(2),
    "shaken, 6 px": shaken(6),
    "grey": grey,
    "16 colours": few_colours(16),
    "noise 20, q50": in_turn(noisy(20), jpeg(50)),
    "dark .35": lit(0.35),
    "dark .15": lit(0.15),
    "contrast .3": contrasted(0.3),
    "shadow": shadowed,
    "moire, q70": in_turn(moire, jpeg(70)),
    "phone": in_turn(perspective(0.1), rotated(5), blurred(1), noisy(8), resized(0.7), jpeg(60)),
    "glare on the head": spot((0.79, 0.13), 0.06, GLARE, 6),
    "glare at the symbol": on_main(0.12, 0.0, 0.03, GLARE, 6),
    "finger on 12% of it": on_main(0.09, 0.05, 0.05, FINGER, 1),
    "cropped to the card": in_turn(cropped(0), jpeg(85)),
    "on a desk 2x as wide": on_a_desk(2),
}
"""The distortions after which every specimen must be read. Defined here only."""

BEYOND: Mapping[str, Distortion] = {
    "resize 25%": resized(0.25),
    "resize 20%": resized(0.2),
    "perspective .3": perspective(0.3),
    "blur 2.5": blurred(2.5),
    "blur 3": blurred(3),
    "blur 4": blurred(4),
    "blur 6": blurred(6),
    "blur 10": blurred(10),
    "shaken, 12 px": shaken(12),
    "noise 60": noisy(60),
    "cut left 12%": cut_left(0.12),
    "finger on the main symbol": on_main(0.0, 0.0, 0.08, FINGER, 1),
    "on a desk 3x as wide": on_a_desk(3),
}
"""Distortions after which reading may fail, but never gives another card."""

KINDS = tuple(Kind)
FORMATS: tuple[Format, ...] = get_args(Format)
TODAY = date(2026, 11, 22)


@dataclass(slots=True)
class Row:
    """The results of one distortion."""

    name: str
    right: dict[Kind, list[bool]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    wrong: int = 0
    """Cards that were read as another card, or that are not in the picture."""
    seen_as: list[Contents] = field(default_factory=list)
    """What was found in pictures that were not read correctly."""
    off: list[float] = field(default_factory=list)
    """The error of the worst corner, in thousandths of the card's width."""
    milliseconds: list[float] = field(default_factory=list)

    @property
    def all_right(self) -> bool:
        return not self.wrong and all(all(right) for right in self.right.values())


LONGEST = FixedFields(
    name="阿不都热合曼·阿不都热依木江买买提",
    nation="柯尔克孜",
    address="新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县城关镇团结村十二组二百九十九号",
    authority="双江拉祜族佤族布朗族傣族自治县公安局",
)
"""The longest texts; very few cards have as much. The main code has 49 modules a side, nearly
all others have 37."""


def random_cards(cards: int) -> Iterator[tuple[CardData, Format]]:
    """A card of each kind for this number of people, each in the next format. The first person
    has `LONGEST`."""
    for number in range(cards):
        fixed = NO_FIXED_FIELDS if number else LONGEST
        person = invent(f"bench {number}".encode(), TODAY, fixed=fixed)
        for at, kind in enumerate(KINDS):
            yield card_data_of(person, kind), FORMATS[(number + at) % len(FORMATS)]


def shot(card_data: CardData, defects: Mapping[str, float] = NO_DEFECTS) -> Shot:
    """A picture of a specimen with these defects, by name and strength."""
    size = default_size(card_data.kind)
    boxes = card_boxes(card_data.kind, size, cut_off=defects.get("border", 0.0))
    return Shot(draw(card_data, defects=defects), tuple(quad_of(*box) for box in boxes))


def tried(name: str, distortion: Distortion, cards: int) -> Row:
    row = Row(name)
    for number, (card_data, format) in enumerate(random_cards(cards)):
        chance = random.Random(f"{name} {number}")  # noqa: S311 - no secret
        distorted = distortion(shot(card_data), chance)
        add(row, card_data, distorted, encoded(distorted.image, format))
    return row


def add(row: Row, card_data: CardData, distorted: Shot, content: bytes) -> None:
    started = time.process_time()
    finding = read(content)
    row.milliseconds.append(1000 * (time.process_time() - started))
    assert isinstance(finding, Finding)
    expected = dict(zip(card_data.sides(), distorted.cards, strict=True))
    found = [side.card_data for side in finding.sides]
    right = sorted(found, key=str) == sorted(expected, key=str)
    row.right[card_data.kind].append(right)
    row.wrong += len([one for one in found if one not in expected or found.count(one) > 1])
    if not right:
        row.seen_as.append(finding.contents)
    for side in finding.sides:
        if side.card_data in expected:
            corners = expected[side.card_data]
            width = dist(corners[0], corners[1])
            off = max(dist(*pair) for pair in zip(side.corners, corners, strict=True))
            row.off.append(1000 * off / width)


def table(rows: Sequence[Row]) -> str:
    """A table in Markdown."""
    heads = ("distortion", *KINDS, "wrong", "corner off, \u2030", "most", "ms", "most", "else")
    lines = [heads, ("---", *["--:"] * (len(heads) - 2), "---")]
    for row in rows:
        shares = [f"{100 * sum(right) / len(right):.0f}" for right in row.right.values()]
        others = ", ".join(f"{what} {row.seen_as.count(what)}" for what in sorted({*row.seen_as}))
        off = (f"{median(row.off):.1f}", f"{max(row.off):.1f}") if row.off else ("", "")
        times = (f"{median(row.milliseconds):.0f}", f"{max(row.milliseconds):.0f}")
        lines.append((row.name, *shares, str(row.wrong), *off, *times, others))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.distortions")
    parser.add_argument("--cards", type=int, default=12, help="people, of whom 4 cards each")
    parser.add_argument("--only", default="", help="distortions that have this in their name")
    parser.add_argument("--check", action="store_true", help="exit with 1 outside the envelope")
    args = parser.parse_args()
    missed = False
    for what, distortions in (("Must be 100", ENVELOPE), ("May fail", BEYOND)):
        rows = [
            tried(name, distortion, args.cards)
            for name, distortion in distortions.items()
            if args.only in name
        ]
        print(f"{what}: % read right, of {args.cards} a kind\n\n{table(rows)}\n", flush=True)
        missed |= any(row.wrong or (distortions is ENVELOPE and not row.all_right) for row in rows)
    return int(args.check and missed)


if __name__ == "__main__":
    sys.exit(main())
