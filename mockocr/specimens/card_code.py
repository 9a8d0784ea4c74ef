"""The texts of the two codes on a specimen: how card data is written and read. Pure.

    "MO1:" + Base45(deflated + CRC-16)      the main code: all card data
    "K" + twelve hex digits                 the small code: a key, the hash of the card data

The deflated content is UTF-8: a letter for the kind, a letter for each recorded defect, then the
texts of the kind, separated by "\\n". A sex or birth that follows from the number is written
"\\x01". The format MO1 never changes: another dictionary, order or letter needs another version.
"""

import zlib
from binascii import crc_hqx
from functools import cache
from hashlib import sha1
from pathlib import Path

from mockocr.people import number
from mockocr.people.card import birth_text
from mockocr.specimens import base45
from mockocr.specimens.card_data import DEFECTS, TEXTS_OF, CardData, Kind

VERSION = "MO1:"
LONGEST = 311
"""Characters of a main code, the capacity of a QR code of version 10-M (ISO/IEC 18004, table 7). It
has 57 modules; with more, a module would have less than 4 of the card's 1,000 units
(`layout.py`)."""

_MOST_PLAIN_BYTES = 4096
"""Inflating stops here. Card data is always shorter: 8 texts of 120 characters of 4 bytes."""

_FROM_NUMBER = "\x01"
_LETTER_OF_KIND = {Kind.FRONT: "F", Kind.BACK: "B", Kind.TEMPORARY: "T"}
_KIND_OF_LETTER = {letter: kind for kind, letter in _LETTER_OF_KIND.items()}
_LETTER_OF_DEFECT = {name: chr(ord("a") + place) for place, name in enumerate(DEFECTS)}
_DEFECT_OF_LETTER = {letter: name for name, letter in _LETTER_OF_DEFECT.items()}


class TooLongError(ValueError):
    """The texts of a card do not fit into a code."""


def write(card_data: CardData) -> str:
    """The text of the main code of one side. Raises TooLongError.

    Versions of zlib may give different texts; `read` gives the same card data for all of them.
    """
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, _words())
    deflated = deflate.compress(_plain(card_data)) + deflate.flush()
    text = VERSION + base45.encode(deflated + _crc(deflated))
    if len(text) > LONGEST:
        raise TooLongError(
            f"the texts of the card need a code of {len(text)} characters, expected at most"
            f" {LONGEST}: shorten them"
        )
    return text


def read(text: str) -> CardData | None:
    """The card data in the text of a main code; None for any other or damaged text."""
    if not text.startswith(VERSION) or len(text) > LONGEST:
        return None
    content = base45.decode(text.removeprefix(VERSION))
    if content is None or len(content) < 3 or _crc(content[:-2]) != content[-2:]:
        return None
    plain = _inflated(content[:-2])
    return None if plain is None else _card_data(plain)


def key(card_data: CardData) -> str:
    """The text of the small code. It is a hash of the plain text, so it does not depend on zlib."""
    return "K" + sha1(_plain(card_data), usedforsecurity=False).hexdigest()[:12].upper()


def is_key(text: str) -> bool:
    return len(text) == 13 and text[0] == "K" and set(text[1:]) <= set("0123456789ABCDEF")


def _plain(card_data: CardData) -> bytes:
    texts = dict(card_data.texts)
    for field, text in _texts_from_number(card_data.id_num).items():
        if texts[field] == text:
            texts[field] = _FROM_NUMBER
    letters = "".join(_LETTER_OF_DEFECT[name] for name in card_data.defects)
    return "\n".join([_LETTER_OF_KIND[card_data.kind] + letters, *texts.values()]).encode()


def _card_data(plain: bytes) -> CardData | None:
    try:
        letters, *lines = plain.decode().split("\n")
        kind = _KIND_OF_LETTER[letters[:1]]
        defects = tuple(_DEFECT_OF_LETTER[letter] for letter in letters[1:])
        texts = dict(zip(TEXTS_OF[kind], lines, strict=True))
        for field, text in _texts_from_number(texts.get("id_num", "")).items():
            if texts[field] == _FROM_NUMBER:
                texts[field] = text
        card_data = CardData.of(kind, texts, defects)
    except (KeyError, ValueError):
        return None
    # Text that `write` would write differently is not from `write`.
    return card_data if _plain(card_data) == plain else None


def _texts_from_number(id_num: str) -> dict[str, str]:
    """Sex and birth as the number says; empty if the number cannot be read."""
    facts = number.read(id_num)
    if facts is None:
        return {}
    return {"sex": facts.sex, "birth": birth_text(facts.birth)}


def _crc(deflated: bytes) -> bytes:
    return crc_hqx(deflated, 0xFFFF).to_bytes(2)


def _inflated(deflated: bytes) -> bytes | None:
    """None if the content is damaged, cut off or too long, or if more bytes follow it."""
    inflate = zlib.decompressobj(-15, _words())
    try:
        plain = inflate.decompress(deflated, _MOST_PLAIN_BYTES)
    except zlib.error:
        return None
    return plain if inflate.eof and not inflate.unused_data else None


@cache
def _words() -> bytes:
    """The preset dictionary of zlib: words of addresses, the most frequent last."""
    return Path(__file__).with_name("code-words-1.txt").read_bytes()
