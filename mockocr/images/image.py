"""The picture of a call, as it is sent, and what its header says. Values only."""

from enum import StrEnum
from typing import NamedTuple, TypeAlias

from mockocr.protocol.parameters import LongText


class Base64Image(NamedTuple):
    text: LongText


class ImageAtUrl(NamedTuple):
    url: str
    base64_characters: int
    """The maximum size of the picture, as the length of its Base64."""


def is_http(url: str) -> bool:
    """Whether a URL begins with http:// or https://. The rest may be invalid."""
    return url.lower().startswith(("http://", "https://"))


Image: TypeAlias = Base64Image | ImageAtUrl


class Picture(NamedTuple):
    """What the header of a picture says."""

    format: str
    """PNG, JPEG or BMP."""
    width: int
    height: int
    """In pixels, before the orientation of EXIF is applied."""
    size_bytes: int
    sha256: str


class ImageError(StrEnum):
    """Why a picture cannot be used."""

    EMPTY = "empty"
    UNDECODABLE = "undecodable"
    TOO_SMALL = "too small"
    TOO_LARGE = "too large"
    TOO_MANY_BYTES = "too many bytes"
    NOT_DOWNLOADABLE = "not downloadable"


class NotDecodedError(Exception):
    """A picture was not decoded this time; another call may succeed. The message says why, in
    English."""
