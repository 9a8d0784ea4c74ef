"""The mark: how a truth is written into the pixels, as text, and read back strictly. Pure.

    "MO1:" + Base45(deflated + CRC-16)      the main symbol, all of the truth
    "K" + twelve hex digits                 the small symbol, whose truth it is

Deflated is, in UTF-8, a letter for the kind, a letter for each planted name, and the texts of the
kind, with "\\n" between them; in place of a sex or birth that the number tells too stands "\\x01".
MO1 is for ever: another dictionary, another order, other letters are another version.
"""

import zlib
from binascii import crc_hqx
from functools import cache
from hashlib import sha1
from pathlib import Path

from mockocr.people import number
from mockocr.specimens import base45
from mockocr.specimens.card_data import PLANTED, TEXTS_OF, CardData, Kind

VERSION = "MO1:"
LONGEST = 311
"""Characters of a main symbol: what a QR code of version 10-M holds (ISO/IEC 18004, table 7). It
has 57 modules, the most that have 4 pixels each on a card of 1,000 (`layout.py`)."""

_MOST_PLAIN_BYTES = 4096
"""No more is ever inflated; no truth has as many (8 texts of 120 characters of 4 bytes)."""

_FOLLOWS = "\x01"
_LETTER_OF_KIND = {Kind.FRONT: "F", Kind.BACK: "B", Kind.TEMPORARY: "T"}
_KIND_OF_LETTER = {letter: kind for kind, letter in _LETTER_OF_KIND.items()}
_LETTER_OF_PLANTED = {name: chr(ord("a") + place) for place, name in enumerate(PLANTED)}
_PLANTED_OF_LETTER = {letter: name for name, letter in _LETTER_OF_PLANTED.items()}


class TooLongError(ValueError):
    """The texts of a truth do not fit a symbol."""


def write(card_data: CardData) -> str:
    """The text of the main symbol of one side. Raises TooLongError.

    What it deflates to depends on the zlib at hand; what is read back does not.
    """
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, _words())
    deflated = deflate.compress(_plain(card_data)) + deflate.flush()
    text = VERSION + base45.encode(deflated + _crc(deflated))
    if len(text) > LONGEST:
        raise TooLongError(f"too much text for one symbol: {len(text)} of {LONGEST} characters")
    return text


def read(text: str) -> CardData | None:
    """The truth behind the text of a symbol; None for a stray code or any damage."""
    if not text.startswith(VERSION) or len(text) > LONGEST:
        return None
    content = base45.decode(text.removeprefix(VERSION))
    if content is None or len(content) < 3 or _crc(content[:-2]) != content[-2:]:
        return None
    plain = _inflated(content[:-2])
    return None if plain is None else _truth(plain)


def key(card_data: CardData) -> str:
    """The text of the small symbol. Of the plain text, so that every zlib gives the same."""
    return "K" + sha1(_plain(card_data), usedforsecurity=False).hexdigest()[:12].upper()


def is_key(text: str) -> bool:
    return len(text) == 13 and text[0] == "K" and set(text[1:]) <= set("0123456789ABCDEF")


def _plain(card_data: CardData) -> bytes:
    texts = dict(card_data.texts)
    for field, told in _told(card_data.id_num).items():
        if texts[field] == told:
            texts[field] = _FOLLOWS
    letters = "".join(_LETTER_OF_PLANTED[name] for name in card_data.planted)
    return "\n".join([_LETTER_OF_KIND[card_data.kind] + letters, *texts.values()]).encode()


def _truth(plain: bytes) -> CardData | None:
    try:
        letters, *lines = plain.decode().split("\n")
        kind = _KIND_OF_LETTER[letters[:1]]
        planted = tuple(_PLANTED_OF_LETTER[letter] for letter in letters[1:])
        texts = dict(zip(TEXTS_OF[kind], lines, strict=True))
        for field, told in _told(texts.get("id_num", "")).items():
            if texts[field] == _FOLLOWS:
                texts[field] = told
        card_data = CardData.of(kind, texts, planted)
    except (KeyError, ValueError):
        return None
    # What is written in another way than `write` does is of somebody else.
    return card_data if _plain(card_data) == plain else None


def _told(id_num: str) -> dict[str, str]:
    """What a number says of sex and birth; nothing where it says nothing."""
    facts = number.read(id_num)
    if facts is None:
        return {}
    birth = facts.birth
    return {"sex": facts.sex, "birth": f"{birth.year}/{birth.month}/{birth.day}"}


def _crc(deflated: bytes) -> bytes:
    return crc_hqx(deflated, 0xFFFF).to_bytes(2)


def _inflated(deflated: bytes) -> bytes | None:
    """None for what is damaged, cut, followed by something, or grows beyond all texts."""
    inflate = zlib.decompressobj(-15, _words())
    try:
        plain = inflate.decompress(deflated, _MOST_PLAIN_BYTES)
    except zlib.error:
        return None
    return plain if inflate.eof and not inflate.unused_data else None


@cache
def _words() -> bytes:
    """The preset dictionary (RFC 1951 by zlib): words of addresses, the likeliest last."""
    return Path(__file__).with_name("mark-words-1.txt").read_bytes()
