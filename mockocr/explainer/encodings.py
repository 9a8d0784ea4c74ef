"""Reads the signature that was sent in every encoding that clients use by mistake."""

import binascii
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from mockocr.explainer.mistake import Mistake, Phrase, Step

LENGTHS = (20, 32, 64)
"""The lengths of HMACs with SHA-1, SHA-256 and SHA-512, in bytes."""
SHORTEST = 16
"""A shorter equal beginning proves nothing."""

_HEX = re.compile(r"[0-9a-fA-F]+")
_BYTES = re.compile(r"b(['\"])(.*)\1")


class Writing(NamedTuple):
    """The right encoding of a signature."""

    read: Callable[[str], bytes | None]
    expected: str
    cause_of_upper_case: str


class SentSignature:
    """The signature that a client sent."""

    def __init__(self, text: str, writing: Writing) -> None:
        expected = writing.expected
        self._mistakes: dict[bytes, tuple[Mistake, ...]] = {}
        self._cut: str | None = None
        digest = writing.read(text)
        if digest is not None:
            self._mistakes[digest] = ()
        for cause, phrase, found, read in _readings(text, writing.cause_of_upper_case):
            if read is not None and len(read) in LENGTHS:
                mistake = _mistake(cause, phrase, expected, found)
                self._mistakes.setdefault(read, (mistake,))
        digits = text.lower()
        if len(digits) >= SHORTEST and _HEX.fullmatch(digits):
            self._cut = digits
        phrase = f"{len(text)} characters", f"{len(text)} 个字符"
        self._length = (_mistake("hex_case_or_length", phrase, expected, phrase[0]),)

    def match(self, digest: bytes) -> tuple[Mistake, ...] | None:
        """The mistakes in the encoding if this digest was sent. None if another one was sent."""
        found = self._mistakes.get(digest)
        if found is None and self._cut is not None:
            digits = digest.hex()
            if digits.startswith(self._cut) or self._cut.startswith(digits):
                return self._length
        return found


def _mistake(cause: str, phrase: Phrase, expected: str, found: str) -> Mistake:
    return Mistake(
        cause, Step.SIGNATURE, phrase, lambda attempt: attempt, expected=expected, found=found
    )


Reading = tuple[str, Phrase, str, bytes | None]
"""The cause, what is wrong, the notation, and the signature. It is None for another encoding."""
_CASE, _ENCODING = "hex_case_or_length", "signature_encoding"


def _readings(text: str, upper: str) -> Iterator[Reading]:
    """`upper`: the cause if the digits are in upper case."""
    yield from _as_hex(text, upper)
    yield from _as_wrapped(text)
    yield from _as_base64(text)


def _as_hex(text: str, upper: str) -> Iterator[Reading]:
    digits = _hex(text)
    if digits is not None:
        if text == text.lower():
            phrase = "hexadecimal digits", "十六进制"
            yield _ENCODING, phrase, "hex(signature)", digits
        else:
            yield upper, ("upper case", "大写"), "HEX(signature)", digits
        yield (
            _ENCODING,
            ("hexadecimal digits of hexadecimal digits", "十六进制的十六进制"),
            "hex(hex(signature))",
            _hex(_ascii(digits)),
        )


def _as_wrapped(text: str) -> Iterator[Reading]:
    """Hexadecimal digits or Base64 inside of something else."""
    bare = text.strip("\"'")
    if bare != text:
        yield _CASE, ("in quotes", "带引号"), '"signature"', _hex(bare) or _base64(bare)
    if quoted := _BYTES.fullmatch(text):
        inner = quoted[2]
        yield (
            _ENCODING,
            ("as Python prints bytes", "Python 的 bytes 打印格式"),
            "b'signature'",
            _hex(inner) or _base64(inner),
        )
    if "%" in text:
        decoded = unquote(text)
        yield (
            _ENCODING,
            ("percent-encoded", "百分号编码"),
            "percent-encoded",
            _hex(decoded) or _base64(decoded),
        )
    if "0x" in text[:2]:
        yield (
            _ENCODING,
            ("with the prefix `0x`", "带有 `0x` 前缀"),
            "0x + hex(signature)",
            _hex(text[2:]),
        )
    if ":" in text or "-" in text:
        yield (
            _ENCODING,
            ("with separators between the bytes", "字节之间带有分隔符"),
            "hex with separators",
            _hex(re.sub("[:-]", "", text)),
        )


def _as_base64(text: str) -> Iterator[Reading]:
    if " " in text.strip():
        phrase = (
            "not percent-encoded, so each + arrived as a space",
            "没有做百分号编码，+ 变成了空格",
        )
        yield (
            _ENCODING,
            phrase,
            "Base64, not percent-encoded",
            _base64(text.strip().replace(" ", "+")),
        )
    yield _ENCODING, ("Base64", "Base64"), "Base64(signature)", _base64(text)
    urlsafe = text.replace("-", "+").replace("_", "/")
    if urlsafe != text or not text.endswith("="):
        padded = urlsafe + "=" * (-len(urlsafe) % 4)
        yield (
            _ENCODING,
            ("Base64 for URLs, or without its padding", "URL 安全的 Base64 或缺少填充"),
            "Base64url(signature)",
            _base64(padded),
        )
    once = _base64(text)
    if once is not None:
        yield (
            _ENCODING,
            ("Base64 of hexadecimal digits", "十六进制文本的 Base64"),
            "Base64(hex(signature))",
            _hex(_ascii(once)),
        )
        yield (
            _ENCODING,
            ("Base64 of Base64", "Base64 的 Base64"),
            "Base64(Base64(signature))",
            _base64(_ascii(once)),
        )


def _ascii(content: bytes) -> str:
    return content.decode("latin-1")


def _hex(text: str) -> bytes | None:
    if len(text) % 2 or not _HEX.fullmatch(text):
        return None
    return bytes.fromhex(text)


def _base64(text: str) -> bytes | None:
    try:
        return b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None


def _right_hex(text: str) -> bytes | None:
    """Of any length: another hash may have been used."""
    return _hex(text) if text == text.lower() else None


TC3 = Writing(_right_hex, "hex(HMAC(kSigning, StringToSign))", "hex_case_or_length")
LEGACY = Writing(_base64, "Base64(HMAC(SecretKey, text))", "signature_encoding")
