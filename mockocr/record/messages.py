"""Messages of errors, without personal data.

A message is free text, so names in it cannot be recognized. Instead, only the words that occur in
documented messages stay; known personal data becomes its placeholder, and all else `…` or `0`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from mockocr.actions.action import AnyAction
from mockocr.actions.recording import Placeholders
from mockocr.pipeline.forward import ForwardedCall
from mockocr.protocol import refusals
from mockocr.protocol.errors import Refusal

MAX_MESSAGE_CHARACTERS = 500

_TOKEN = re.compile(r"[A-Za-z0-9_]+|[\u3400-\u9fff]+|\w+|.", re.DOTALL)
_HAN = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    words: frozenset[str]
    """In lower case."""
    pairs: frozenset[str]
    """Two Chinese characters that follow each other."""

    @classmethod
    def of(cls, messages: Iterable[str]) -> "Vocabulary":
        words, pairs = set[str](), set[str]()
        for message in messages:
            for token in _TOKEN.findall(message):
                if _HAN.fullmatch(token):
                    pairs.update(token[at : at + 2] for at in range(len(token) - 1))
                elif token.isascii():
                    words.add(token.lower())
        return cls(frozenset(words), frozenset(pairs))

    def kept(self, text: str) -> str:
        """The text with everything else replaced."""
        return "".join(map(self._kept_token, _TOKEN.findall(text)))

    def _kept_token(self, token: str) -> str:
        if _HAN.fullmatch(token):
            return self._kept_han(token)
        if token.isalnum() or "_" in token:
            if token.isdigit():
                return "0" * len(token) if token.isascii() else "…"
            return token if token.lower() in self.words else "…"
        return token if token.isprintable() else " "

    def _kept_han(self, text: str) -> str:
        """A character stays if it is part of a known pair."""
        kept = set[int]()
        for at in range(len(text) - 1):
            if text[at : at + 2] in self.pairs:
                kept |= {at, at + 1}
        return "".join(character if at in kept else "…" for at, character in enumerate(text))


def recordable_message(text: str, call: ForwardedCall, placeholders: Placeholders) -> str:
    """A message of the upstream as it may be stored, shown and written."""
    action, text = call.action, text[:MAX_MESSAGE_CHARACTERS]
    if action.recording is not None:
        action.recording().find_placeholders(text, placeholders, call.settings)
    vocabulary = _vocabulary(action)
    parts = placeholders.replaced_in(text)
    message = "".join(part if is_invented else vocabulary.kept(part) for part, is_invented in parts)
    return re.sub("…+", "…", message).strip()


@lru_cache(maxsize=8)
def _vocabulary(action: AnyAction) -> Vocabulary:
    """That of all documented messages."""
    of_gateway = (it for it in vars(refusals).values() if isinstance(it, Refusal))
    every = (*of_gateway, *refusals.COMMON_ERRORS.values(), *action.refusals.values())
    return Vocabulary.of(text for refusal in every for text in (refusal.en, refusal.zh))
