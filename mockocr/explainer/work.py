"""What looking for a cause may cost, counted in hashes and bytes: never in time."""

from collections.abc import Callable, Hashable

OWN_HASHES = 256
"""Hashes and HMACs that a refused call may spend itself, on the event loop."""
OWN_BODY_BYTES = 64 * 1024
"""Of bodies in other spellings that it may hash there."""
ALL_HASHES = 100_000
"""What one search may spend in all; without a find it spends about a third of this."""
ALL_BODY_BYTES = 64 * 1024 * 1024
MAX_BODY_BYTES = 1024 * 1024
"""A longer body is not tried in other spellings, and not kept for it."""
MAX_KEPT = 2048
"""Strings to sign: those of single mistakes. Those of two are not made again."""


class Work:
    """What one search has spent, and what it need not compute again."""

    def __init__(self) -> None:
        self.hashes = 0
        self.body_bytes = 0
        self._keys: dict[Hashable, bytes] = {}
        self._texts: dict[Hashable, bytes] = {}

    def key(self, made_of: Hashable, make: Callable[[], bytes]) -> bytes:
        """A signing key: three HMACs."""
        key = self._keys.get(made_of)
        if key is None:
            self.hashes += 3
            key = self._keys[made_of] = make()
        return key

    def text(self, made_of: Hashable, make: Callable[[], bytes]) -> bytes:
        """A string to sign: one hash."""
        text = self._texts.get(made_of)
        if text is None:
            self.hashes += 1
            text = make()
            if len(self._texts) < MAX_KEPT:
                self._texts[made_of] = text
        return text
