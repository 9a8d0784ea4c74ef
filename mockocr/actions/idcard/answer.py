"""What is to be said in answer to IDCardOCR, where a rule or its absence decides."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from mockocr.specimens.card_data import WarningName
from mockocr.specimens.measured import Region


class IDCardAnswer(NamedTuple):
    """As it comes, the picture decides. What is None is not said."""

    card: str | Mapping[str, str] = "from_picture"
    """from_picture, invented, the name of a specimen; or fields by member, the rest invented."""
    warnings: tuple[WarningName, ...] | None = None
    quality: int | None = None
    border: int | None = None
    reflections: tuple[Region, ...] | None = None
    members: Mapping[str, Any] = MappingProxyType({})
    """Of Response, literally, whatever the card says."""
