"""What a recording needs to know about an action: how the answer of another server becomes an
outcome of a scenario, without personal data."""

import hmac
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from secrets import token_bytes
from threading import RLock
from typing import Any, NamedTuple, Protocol, TypeVar

from mockocr.accounts.call_settings import CallSettings
from mockocr.recognition.call_image import CallImage

QueryT_contra = TypeVar("QueryT_contra", contravariant=True)


class Placeholders:
    """Invented texts that stand for real ones. The same text has the same placeholder as long as
    this object exists. The placeholders depend on a secret that is never stored, so nobody can find
    the real text by trying all possible ones."""

    def __init__(self, secret: bytes = b"") -> None:
        """`secret`: given only in tests; otherwise a random one."""
        self._secret = secret or token_bytes(32)
        self._lock = RLock()
        self._by_text: dict[str, str] = {}

    def key(self, *texts: str) -> bytes:
        """What the random choices for these texts depend on."""
        content = "\0".join(texts).encode(errors="surrogatepass")
        return hmac.digest(self._secret, content, "sha256")

    def of(self, text: str, invent: Callable[[], str]) -> str:
        """The placeholder of a text: the first time, what `invent` returns."""
        with self._lock:
            if text not in self._by_text:
                self._by_text[text] = invent()
            return self._by_text[text]

    def replaced_in(self, text: str) -> Iterator[tuple[str, bool]]:
        """The parts of a text, each with whether it is a placeholder, which replaces a real one."""
        with self._lock:
            known = sorted((it for it in self._by_text if len(it) > 1), key=len, reverse=True)
        for index, part in enumerate(_split(known, text)):
            if index % 2:
                yield self._by_text[part], True
            elif part:
                yield part, False


def _split(known: list[str], text: str) -> list[str]:
    """Every second part is one of the known texts."""
    return re.split(f"({'|'.join(map(re.escape, known))})", text) if known else [text]


class RecordedAnswer(NamedTuple):
    outcome: Mapping[str, Any]
    """An outcome as a scenario writes it, with the keys of `Action.answer_spec`."""
    left_out: tuple[str, ...] = ()
    """What the answer had and the outcome has not: names, and never values."""


class Recording(Protocol[QueryT_contra]):
    """Written values are invented, or are known not to be personal."""

    def conditions(self, query: QueryT_contra, day: date) -> dict[str, Any]:
        """The conditions that only calls like this one match, by the contract of a day; without
        those on the picture."""

    def answer(
        self,
        query: QueryT_contra,
        members: Mapping[str, Any],
        placeholders: Placeholders,
        settings: CallSettings,
        call_image: CallImage,
    ) -> RecordedAnswer:
        """`members`: those of Response, as another server has returned them. Nothing about their
        types and sizes is certain."""

    def find_placeholders(
        self, text: str, placeholders: Placeholders, settings: CallSettings
    ) -> None:
        """Makes placeholders for the personal data that can be recognized in a text."""
