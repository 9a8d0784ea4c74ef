"""What a call hands in as its picture, and what is found in it. Values only."""

from enum import StrEnum
from typing import NamedTuple, TypeAlias

from mockocr.protocol.parameters import LongText


class Base64Image(NamedTuple):
    text: LongText


class ImageAtUrl(NamedTuple):
    url: str
    base64_characters: int
    """The most that the picture behind it may have."""


def is_http(url: str) -> bool:
    """Whether a URL is one of http or https, be it readable or not."""
    return url.lower().startswith(("http://", "https://"))


Image: TypeAlias = Base64Image | ImageAtUrl


class Picture(NamedTuple):
    """A decodable picture."""

    format: str
    """PNG, JPEG or BMP."""
    width: int
    height: int
    """In pixels, as the header says."""
    size_bytes: int
    sha256: str


class ImageError(StrEnum):
    """Why there is no picture to read."""

    EMPTY = "empty"
    UNDECODABLE = "undecodable"
    TOO_SMALL = "too small"
    TOO_LARGE = "too large"
    TOO_MANY_BYTES = "too many bytes"
    NOT_DOWNLOADABLE = "not downloadable"
