"""The condition on an ImageUrl that a recording may contain: no user, password and query, and no
part of the path that may be personal."""

import re
from typing import Any
from urllib.parse import unquote

from mockocr.actions.matchers import MAX_PATTERN_CHARACTERS

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<user>[^/?#\\]*@)?(?P<host>[\w.:\[\]-]+)(?P<path>/[^?#]*)?"
    r"(?P<rest>[?#].*)?",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_IDENTIFIER = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|(?=.*[a-f])([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})",
    re.IGNORECASE,
)
"""A UUID, or a digest in hex with a letter."""
_PERSONAL = re.compile(r"[0-9]{6}|[^\x21-\x7e]|[@%*]")
"""A number with six digits may be part of a phone, a day of birth, or an ID. Chinese text may be a
name or an address."""
_SUFFIX = re.compile(r"\.[A-Za-z]{2,4}")


def url_condition(url: str) -> Any:
    """A text or a glob. None for a URL that cannot be written: it is not http or https, or too
    long."""
    found = _URL.fullmatch(url)
    if found is None:
        return None
    path = "/".join(map(_shown, (found["path"] or "").split("/")))
    user, rest = "*@" if found["user"] else "", "?*" if found["rest"] else ""
    shown = f"{found['scheme']}://{user}{found['host']}{path}{rest}"
    if len(shown) > MAX_PATTERN_CHARACTERS:
        return None
    return shown if shown == url else {"glob": shown}


def _shown(segment: str) -> str:
    """A part of a path; `*` and the suffix for one that may be personal."""
    name, dot, suffix = segment.rpartition(".")
    is_personal = _PERSONAL.search(segment) or _PERSONAL.search(unquote(segment))
    if _IDENTIFIER.fullmatch(name or suffix) or not is_personal:
        return segment
    return f"*.{suffix}" if dot and _SUFFIX.fullmatch(f".{suffix}") else "*"
