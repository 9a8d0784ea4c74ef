"""What was found in a call's picture, as the admin API tells it."""

from mockocr.admin.replies import Reply
from mockocr.images.image import ImageError, Picture
from mockocr.journal.exchange import Exchange


class MeasuredValue(Reply):
    value: float
    threshold: float
    """The most that is good."""
    least: bool
    """Whether the threshold is the least that is good instead."""
    warns: list[str]
    """The warnings that it gives, where it is beyond its threshold; returned where they are asked
    for, and no rule says otherwise."""


class CardFound(Reply):
    """Nothing of what stands on it."""

    kind: str
    specimen: str | None
    """Its name in the catalogue (docs/cards.md), where it is one of those."""
    corners: list[tuple[int, int]]
    """In pixels of the picture, the card's own top left first."""
    exact: bool
    """Whether both of its marks were read, so that the corners are right."""
    planted: list[str]
    """The defects that its mark says it has."""
    measured: dict[str, MeasuredValue] | None
    """What its pixels tell: quality, border, reflection, pattern, chroma, covered, edited. Null: no
    flag asked for it."""


class Reading(Reply):
    what: str
    """front, back, front and back, several of one side, covered, blurred or nothing."""
    looks_like: str | None
    """The kind of specimen that is seen where no mark was read."""
    cards: list[CardFound]


class PictureFound(Reply):
    """Its bytes are not kept."""

    format: str
    width: int
    height: int
    size_bytes: int
    sha256: str
    reading: Reading | None
    """Null: nobody had it read, because a rule had an answer of its own."""


def picture_of(exchange: Exchange) -> PictureFound | ImageError | None:
    found = exchange.picture
    if not isinstance(found, Picture):
        return found
    return PictureFound(
        format=found.format,
        width=found.width,
        height=found.height,
        size_bytes=found.size_bytes,
        sha256=found.sha256,
        reading=Reading(**exchange.reading) if exchange.reading else None,
    )
