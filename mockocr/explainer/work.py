"""The budget of a search for a cause, in hashes and bytes, never in time."""

from collections.abc import Callable, Hashable

OWN_HASHES = 256
"""Hashes and HMACs that a refused call computes before its answer, on the event loop."""
OWN_BODY_BYTES = 64 * 1024
"""Bytes of changed bodies that it hashes there."""
ALL_HASHES = 100_000
"""The most hashes of one search. A search that finds nothing needs about a third of this."""
ALL_BODY_BYTES = 64 * 1024 * 1024
MAX_BODY_BYTES = 1024 * 1024
"""Changes of a longer body are not tried, and the body is not stored for that."""
MAX_TEXTS = 2048
"""Strings to sign that are cached: those of single mistakes. Those of two are used only once."""

MAX_TEXT_BYTES = 256 * 1024
"""All cached strings to sign. A legacy form of 1 MB is a string to sign."""


class Work:
    """The hashes that one search has computed, and a cache of its keys and strings to sign."""

    def __init__(self) -> None:
        self.hashes = 0
        self.body_bytes = 0
        self._keys: dict[Hashable, bytes] = {}
        self._texts: dict[Hashable, bytes] = {}
        self._text_bytes = 0

    def key(self, made_of: Hashable, make: Callable[[], bytes]) -> bytes:
        """A signing key; computing it counts as three hashes."""
        key = self._keys.get(made_of)
        if key is None:
            self.hashes += 3
            key = self._keys[made_of] = make()
        return key

    def text(self, made_of: Hashable, make: Callable[[], bytes]) -> bytes:
        """A string to sign; building it counts as one hash."""
        text = self._texts.get(made_of)
        if text is None:
            self.hashes += 1
            text = make()
            if len(self._texts) < MAX_TEXTS and self._text_bytes + len(text) <= MAX_TEXT_BYTES:
                self._texts[made_of] = text
                self._text_bytes += len(text)
        return text
