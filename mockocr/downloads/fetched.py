"""What comes of asking for the picture at a URL. Values only, and the two errors behind them."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class NotFetched:
    """Nobody was asked for it, so the picture is not at hand; that is no failure."""

    reason: str


@dataclass(frozen=True, slots=True)
class TooLarge:
    """There is a picture, with more bytes than the contract allows."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failure:
    """The picture cannot be had. The reason is for the journal: plain English, nothing of the
    URL but its host and port."""

    reason: str


Fetched: TypeAlias = bytes | NotFetched | TooLarge | Failure


class FetchError(Exception):
    """Becomes a Failure; never leaves this package."""


class TooLargeError(FetchError):
    """Becomes TooLarge; never leaves this package."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(f"the picture has more than {most_bytes} bytes")


def bytes_within(base64_characters: int) -> int:
    """How many bytes take no more Base64 characters than these: 要求图片经Base64编码后不超过 7M
    (API page §2), and n bytes take 4⌈n/3⌉."""
    return base64_characters // 4 * 3
