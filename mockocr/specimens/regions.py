"""The named regions of a specimen's face, as the API names them in ReflectDetailInfo."""

from collections.abc import Mapping
from functools import cache

from mockocr.specimens.card_data import Kind
from mockocr.specimens.layout import FACES, Box
from mockocr.specimens.measured import Region

_ROOM = 40
"""Units around the emblem that count as the emblem."""


@cache
def region_boxes(kind: Kind) -> Mapping[Region, tuple[Box, ...]]:
    """The boxes of each region; `Others` is the rest. A back has its main code in place of the
    emblem, so the area around the code counts as the emblem."""
    face = FACES[kind]
    texts: Mapping[Region, tuple[Box, ...]] = {"RecognitionField": tuple(face.texts.values())}
    if face.portrait is not None:
        return {**texts, "Portrait": (face.portrait,)}
    left, top, right, bottom = face.main
    emblem = Box(left - _ROOM, top - _ROOM, right + _ROOM, bottom + _ROOM)
    return {**texts, "NationalEmblem": (emblem,)}
