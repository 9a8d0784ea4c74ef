"""Finds personal data and keys in case files. Such a case is never sent."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from mockocr.documents.messages import KeyPath
from mockocr.people import number

_NUMBER = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")
_PHONE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_KEY = re.compile(r"AKID[A-Za-z0-9]{28,}")
_URL = re.compile(r"https?://[^\s\"'\\]+", re.IGNORECASE)
_RESERVED = re.compile(
    r"(?:.*\.)?(?:example|invalid|test|localhost|example\.(?:com|net|org))", re.IGNORECASE
)
"""Host names that lead nowhere (RFC 2606)."""

MAX_CHARACTERS = 2000
"""Of any text. No picture of a readable card is as short."""
MAX_BASE64_CHARACTERS = 64

Found = Iterator[tuple[KeyPath, str]]


def personal_data(case: Any, path: KeyPath) -> Found:
    """Where a case has personal data, and what to write instead. `case`: data as it was read, which
    need not be valid; `path`: where it is."""
    parts = case if isinstance(case, dict) else {}
    for part in ("request", "expect"):
        if part in parts:
            yield from _in_value(parts[part], (*path, part), is_sent=part == "request")


def _in_value(value: Any, path: KeyPath, is_sent: bool) -> Found:
    match value:
        case dict():
            for name, member in value.items():
                problem = _problem(name, is_sent) or (is_sent and _of_parameter(name, member))
                if problem:
                    yield (*path, name), problem
                else:
                    yield from _in_value(member, (*path, name), is_sent)
        case list():
            for index, entry in enumerate(value):
                yield from _in_value(entry, (*path, index), is_sent)
        case _:
            if problem := _problem(str(value), is_sent):
                yield path, problem


def _problem(text: str, is_sent: bool) -> str | None:
    if len(text) > MAX_CHARACTERS:
        return f"expected at most {MAX_CHARACTERS} characters: a longer text may be a picture"
    if any(number.read(found[0]) for found in _NUMBER.finditer(text)):
        return "the number of an ID card; a case must not have personal data"
    if _PHONE.search(text):
        return "a phone number; a case must not have personal data"
    if _MAIL.search(text):
        return "an e-mail address; a case must not have personal data"
    if _KEY.search(text):
        return "a SecretId; keys are read from the environment"
    if is_sent and _CHINESE.search(text):
        return "Chinese text may be a name or an address; a call of a case must have none"
    if is_sent and not all(map(_leads_nowhere, _URL.findall(text))):
        return _PUBLIC_URL
    return None


_PUBLIC_URL = "may lead to a picture of a card; use a host name that ends in .invalid"


def _of_parameter(name: str, value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    if name.lower() == "imagebase64" and len(value) > MAX_BASE64_CHARACTERS:
        return "may be a picture of a card; use picture: {specimen: NAME} or {blank: 80x50}"
    if name.lower() == "imageurl" and not _leads_nowhere(value):
        return _PUBLIC_URL
    return None


def _leads_nowhere(url: str) -> bool:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return True
    return host is None or _RESERVED.fullmatch(host.removesuffix(".")) is not None
