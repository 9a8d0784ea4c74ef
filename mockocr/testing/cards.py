"""Specimen pictures for tests."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from mockocr.actions.catalogue import specimen_catalogue
from mockocr.specimens.card_data import DEFECTS, DefectName, Kind
from mockocr.suggestions import quoted, unknown
from mockocr.testing.errors import UsageError, is_for_the_user

__tracebackhide__ = is_for_the_user


def new_card(
    side: str,
    fields: Mapping[str, object],
    defects: Sequence[DefectName] | Mapping[DefectName, float],
    seed: int,
) -> bytes:
    """A new specimen as PNG. Raises UsageError."""
    if side not in (sides := list(map(str, Kind))):
        raise UsageError(f"card: {unknown('side', side, sides)}")
    strengths = _strengths(defects)
    try:
        made = specimen_catalogue().draw(
            Kind(side), fields, seed, datetime.now(UTC), defects=strengths
        )
    except ValueError as error:
        raise UsageError(f"card: {error}") from None
    return made.content


def _strengths(
    defects: Sequence[DefectName] | Mapping[DefectName, float],
) -> Mapping[str, float]:
    if isinstance(defects, str):
        raise UsageError(f"card: defects: expected a list or a dict, got {quoted(defects)}")
    strengths: Mapping[Any, Any] = (
        defects if isinstance(defects, Mapping) else dict.fromkeys(defects, 1.0)
    )
    for name, strength in strengths.items():
        if name not in DEFECTS:
            raise UsageError(f"card: {unknown('defect', name, DEFECTS)}")
        if type(strength) not in (int, float) or not 0 <= strength <= 1:
            raise UsageError(
                f"card: defects.{name}: expected a strength from 0 to 1, got {quoted(strength)}"
            )
    return strengths


def ready_card(name: str) -> bytes:
    """The file of a ready-made specimen. Raises UsageError."""
    specimens = specimen_catalogue()
    names = [entry.name for entry in specimens.entries()]
    if name not in names:
        raise UsageError(f"card: {unknown('specimen', name, names)} (mockocr card --list)")
    return specimens.picture(name)
