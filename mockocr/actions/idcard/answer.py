"""The answer that a rule gives to a call of IDCardOCR, before it is rendered."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from mockocr.specimens.card_data import WarningName
from mockocr.specimens.measured import Region


class IDCardAnswer(NamedTuple):
    """By default the picture decides. None leaves a part to the picture."""

    card: str | Mapping[str, str] = "from_picture"
    """from_picture, invented, the name of a specimen, or texts by member of Response (the others
    are generated)."""
    warnings: tuple[WarningName, ...] | None = None
    quality: int | None = None
    border: int | None = None
    reflections: tuple[Region, ...] | None = None
    members: Mapping[str, Any] = MappingProxyType({})
    """Members of Response that are returned as they are, whatever is on the card."""
