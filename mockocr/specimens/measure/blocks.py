"""The grid of blocks in which a card is measured. Values only; does not import Pillow."""

from collections.abc import Iterator
from functools import cache

from mockocr.specimens.card_data import Kind
from mockocr.specimens.layout import CARD, FACES, Box

BLOCK = 20
"""Width and height of a block, in units of the card (docs/fidelity.md#measured-blocks)."""
COLUMNS, ROWS = CARD[0] // BLOCK, CARD[1] // BLOCK
COVERED = Box(0, 0, COLUMNS * BLOCK, ROWS * BLOCK)
"""The part of the card that has blocks; the rest at the bottom is margin."""

EDGE = 1
"""Blocks at each edge of a card that are not compared: they may show the background, because
corners are rounded and known within 7 units only."""


def overlapping(box: Box) -> Iterator[int]:
    """The indices of the blocks that overlap a box, row by row."""
    columns = range(max(0, box.left // BLOCK), min(COLUMNS, -(-box.right // BLOCK)))
    for row in range(max(0, box.top // BLOCK), min(ROWS, -(-box.bottom // BLOCK))):
        for column in columns:
            yield row * COLUMNS + column


def around(places: frozenset[int]) -> frozenset[int]:
    """The blocks and all eight neighbours of each."""
    return frozenset(
        (row + down) * COLUMNS + column + across
        for row, column in (divmod(place, COLUMNS) for place in places)
        for down in (-1, 0, 1)
        for across in (-1, 0, 1)
        if 0 <= row + down < ROWS and 0 <= column + across < COLUMNS
    )


def connected(places: frozenset[int]) -> Iterator[frozenset[int]]:
    """The connected regions of blocks; blocks that touch at a corner are connected."""
    left = set(places)
    while left:
        region, new = set[int](), {left.pop()}
        while new:
            region |= new
            new = {place for place in around(frozenset(new)) if place in left}
            left -= new
        yield frozenset(region)


@cache
def lines_inwards() -> tuple[tuple[frozenset[int], ...], ...]:
    """For each side of a card, the lines of compared blocks parallel to it, outermost first."""
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
    """The blocks that are compared: not those at the edges and on the codes."""
    face = FACES[kind]
    boards = {place for board in (face.main, face.small) for place in overlapping(board)}
    return frozenset(
        row * COLUMNS + column
        for row in range(EDGE, ROWS - EDGE)
        for column in range(EDGE, COLUMNS - EDGE)
    ).difference(boards)
