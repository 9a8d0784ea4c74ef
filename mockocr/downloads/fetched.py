"""The results of getting the picture at a URL, and the two exceptions that become results."""

from dataclasses import dataclass, field
from typing import TypeAlias

from mockocr.downloads import hints
from mockocr.protocol.reasons import Hint


@dataclass(frozen=True, slots=True)
class NotFetched:
    """The policy does not allow the download. This is not a failure."""

    reason: str


@dataclass(frozen=True, slots=True)
class TooLarge:
    """The picture has more bytes than the contract allows."""

    reason: str
    hint: Hint = field(default=hints.FAILED, compare=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """The download failed. The reason is shown in the journal: it is English, and contains no part
    of the URL except host and port."""

    reason: str
    hint: Hint = field(default=hints.FAILED, compare=False)


Fetched: TypeAlias = bytes | NotFetched | TooLarge | Failure


class FetchError(Exception):
    """Becomes a Failure; never leaves this package."""

    def __init__(self, reason: str, hint: Hint = hints.FAILED) -> None:
        super().__init__(reason)
        self.hint = hint


class TooLargeError(FetchError):
    """Becomes TooLarge; never leaves this package."""

    def __init__(self, most_bytes: int) -> None:
        reason = f"expected a picture of at most {most_bytes} bytes, got more"
        super().__init__(reason, hints.TOO_LARGE)


def bytes_within(base64_characters: int) -> int:
    """The largest number of bytes with at most this number of Base64 characters: n bytes have
    4⌈n/3⌉. (要求图片经Base64编码后不超过 7M, API page §2.)"""
    return base64_characters // 4 * 3
