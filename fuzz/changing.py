"""Changes of bytes and of JSON or YAML data, chosen by a Random."""

import json
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

_NUMBERS = (b"0", b"-1", b"1", b"255", b"65536", b"2147483648", b"9" * 18, b"9" * 400, b"1e999")
_OFTEN = (1, 1, 1, 2, 4, 8)
"""The most changes of one input."""


def changed(known: Sequence[bytes], words: Sequence[bytes], random: Random) -> bytes:
    """One of the known inputs after a few changes. `words` are texts that such inputs contain."""
    content = random.choice(known)
    for _ in range(random.choice(_OFTEN)):
        content = random.choice(_CHANGES)(content, known, words, random)
    return content


def _span(content: bytes, random: Random) -> tuple[int, int]:
    """A random length; most are short."""
    start = random.randrange(len(content) + 1)
    longest = random.choice((1, 4, 16, 64, len(content)))
    return start, min(len(content), start + random.randint(0, longest))


def _flipped(content: bytes, known: Any, words: Any, random: Random) -> bytes:
    if not content:
        return content
    at = random.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << random.randrange(8)]) + content[at + 1 :]


def _cut_out(content: bytes, known: Any, words: Any, random: Random) -> bytes:
    start, end = _span(content, random)
    return content[:start] + content[end:]


def _cut_off(content: bytes, known: Any, words: Any, random: Random) -> bytes:
    return content[: random.randrange(len(content) + 1)]


def _replaced(content: bytes, known: Any, words: Any, random: Random) -> bytes:
    start, end = _span(content, random)
    return content[:start] + random.randbytes(random.randint(0, end - start)) + content[end:]


def _worded(content: bytes, known: Any, words: Sequence[bytes], random: Random) -> bytes:
    start, end = _span(content, random)
    return content[:start] + random.choice(words) + content[random.choice((start, end)) :]


def _repeated(content: bytes, known: Any, words: Any, random: Random) -> bytes:
    start, end = _span(content, random)
    times = random.choice((2, 2, 3, 40))
    return content[:start] + content[start:end][:2000] * times + content[end:]


def _spliced(content: bytes, known: Sequence[bytes], words: Any, random: Random) -> bytes:
    other = random.choice(known)
    return content[: _span(content, random)[0]] + other[_span(other, random)[0] :]


def _numbered(content: bytes, known: Any, words: Any, random: Random) -> bytes:
    numbers = list(re.finditer(rb"[0-9]+", content))
    if not numbers:
        return content
    at = random.choice(numbers)
    return content[: at.start()] + random.choice(_NUMBERS) + content[at.end() :]


_CHANGES: Sequence[Callable[[bytes, Sequence[bytes], Sequence[bytes], Random], bytes]] = (
    _flipped,
    _cut_out,
    _cut_off,
    _replaced,
    _worded,
    _worded,
    _repeated,
    _spliced,
    _numbered,
)


VALUES: Sequence[Any] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, 10**400, 0.1, -0.0, 1e308, float("nan")),
    *("", " ", "0", "true", "\0", "\ud800", "😀", "\u2028", "é" * 300, "x" * 70_000, "%s{}$(id)"),
    *([], {}, [[]], {"": None}, [{"a": []}] * 3),
)


def changed_data(data: Any, values: Sequence[Any], random: Random) -> Any:
    """The data with one changed part: replaced, removed, doubled, or moved to another key."""
    if isinstance(data, dict) and data and random.random() < 0.8:
        key = random.choice(list(data))
        part, others = data[key], {name: each for name, each in data.items() if name != key}
        match random.randrange(8):
            case 0:
                return others
            case 1:
                names = [each for each in values if isinstance(each, str)]
                return {**others, random.choice(names): part}
            case 2:
                return {**data, key: [part]}
            case _:
                return {**data, key: changed_data(part, values, random)}
    if isinstance(data, list) and data and random.random() < 0.8:
        at = random.randrange(len(data))
        match random.randrange(6):
            case 0:
                return data[:at] + data[at + 1 :]
            case 1:
                return [*data, data[at]]
            case _:
                part = changed_data(data[at], values, random)
                return [*data[:at], part, *data[at + 1 :]]
    if isinstance(data, str) and data and random.random() < 0.3:
        at = random.randrange(len(data))
        return data[:at] + random.choice(("", "\0", "0", "é", data)) + data[at + 1 :]
    return random.choice(values)


def parts_of(data: Any) -> list[Any]:
    """A value, all values in it, and all keys."""
    inner = list(data.values()) if isinstance(data, dict) else data
    found = [data, *(data if isinstance(data, dict) else ())]
    if isinstance(inner, list):
        found += (part for each in inner for part in parts_of(each))
    return found


def in_json(data: Any, random: Random) -> bytes:
    """The data as JSON in one of the ways in which clients write it. Surrogates are escaped."""
    ascii_only = random.random() < 0.5
    separators = random.choice(((",", ":"), (", ", ": "), (" ,\n", "\t:\r\n")))
    text = json.dumps(data, ensure_ascii=ascii_only, separators=separators)
    return text.encode(errors="surrogatepass")
