"""A card in blocks: what is measured of it is told a block at a time. Values only, no PIL."""

from collections.abc import Iterator
from functools import cache

from mockocr.specimens.card_data import Kind
from mockocr.specimens.layout import CARD, FACES, Box

BLOCK = 20
"""Units of a card that a block is wide and high (docs/fidelity.md#measured-blocks)."""
COLUMNS, ROWS = CARD[0] // BLOCK, CARD[1] // BLOCK
COVERED = Box(0, 0, COLUMNS * BLOCK, ROWS * BLOCK)
"""By blocks; what is left at the bottom is margin."""

EDGE = 1
"""Blocks at the edges of a card that are not compared: what is beside it may be seen there, as its
corners are known within 7 units, and they are round."""


def overlapping(box: Box) -> Iterator[int]:
    """The places of the blocks that have some of a box, row by row."""
    columns = range(max(0, box.left // BLOCK), min(COLUMNS, -(-box.right // BLOCK)))
    for row in range(max(0, box.top // BLOCK), min(ROWS, -(-box.bottom // BLOCK))):
        for column in columns:
            yield row * COLUMNS + column


def around(places: frozenset[int]) -> frozenset[int]:
    """With all eight neighbours of each."""
    return frozenset(
        (row + down) * COLUMNS + column + across
        for row, column in (divmod(place, COLUMNS) for place in places)
        for down in (-1, 0, 1)
        for across in (-1, 0, 1)
        if 0 <= row + down < ROWS and 0 <= column + across < COLUMNS
    )


def connected(places: frozenset[int]) -> Iterator[frozenset[int]]:
    """The patches that blocks make, corner to corner."""
    left = set(places)
    while left:
        patch, new = set[int](), {left.pop()}
        while new:
            patch |= new
            new = {place for place in around(frozenset(new)) if place in left}
            left -= new
        yield frozenset(patch)


@cache
def lines_inwards() -> tuple[tuple[frozenset[int], ...], ...]:
    """For each side of a card, the lines of blocks along it that are compared, outermost first."""
    rows = tuple(
        frozenset(row * COLUMNS + column for column in range(EDGE, COLUMNS - EDGE))
        for row in range(EDGE, ROWS - EDGE)
    )
    columns = tuple(
        frozenset(row * COLUMNS + column for row in range(EDGE, ROWS - EDGE))
        for column in range(EDGE, COLUMNS - EDGE)
    )
    return rows, rows[::-1], columns, columns[::-1]


@cache
def compared(kind: Kind) -> frozenset[int]:
    """Those that can be compared: without the edges and the symbols."""
    face = FACES[kind]
    boards = {place for board in (face.main, face.small) for place in overlapping(board)}
    return frozenset(
        row * COLUMNS + column
        for row in range(EDGE, ROWS - EDGE)
        for column in range(EDGE, COLUMNS - EDGE)
    ).difference(boards)
