"""What is to be said in answer to IDCardOCR, where a rule or its absence decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mockocr.pictures.measured import Region
from mockocr.pictures.truth import WarningName


@dataclass(frozen=True, slots=True)
class IDCardAnswer:
    """As it comes, the picture decides. What is None is not said."""

    card: str | Mapping[str, str] = "from_picture"
    """from_picture, invented, the name of a specimen; or fields by member, the rest invented."""
    warnings: tuple[WarningName, ...] | None = None
    quality: int | None = None
    border: int | None = None
    reflections: tuple[Region, ...] | None = None
    members: Mapping[str, Any] = field(default_factory=dict)
    """Of Response, literally, whatever the card says."""
