"""The values of a call that the conditions of rules are compared with."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Lookup = Callable[[str], Any]
"""Gives a fact by its name without the source: `width` for `picture.width`."""

Test = Callable[[Any], bool]
"""Whether a fact matches a condition. A parameter or header that was not sent is None."""

ALL_FACTS = ""
"""The name of all facts together. A condition on several facts is tested with them."""

MAX_SNAPSHOT_CHARACTERS = 2048


class Facts(dict[str, Any]):
    """Facts by name: `CardSide`, `Config.TempIdWarn`, `header.x-tc-language`, `picture.width`.

    A fact of a source (`header`, `picture`, `clock`) is looked up when it is first used, then
    remembered.
    """

    def __init__(self, values: Mapping[str, Any], sources: Mapping[str, Lookup]) -> None:
        super().__init__(values)
        self._sources = dict(sources)

    @property
    def characters(self) -> int:
        """The length of all texts."""
        return sum(len(fact) for fact in self.values() if isinstance(fact, str))

    def __missing__(self, name: str) -> Any:
        if name == ALL_FACTS:
            return self
        source, _, rest = name.partition(".")
        self[name] = fact = self._sources[source](rest)
        return fact

    def add_source(self, source: str, lookup: Lookup) -> None:
        self._sources[source] = lookup

    def has(self, name: str) -> bool:
        """Whether a fact is present or can be looked up."""
        return name in self or name.partition(".")[0] in self._sources

    def snapshot(self, names: Iterable[str]) -> "Facts":
        """The facts of these names that are present, without long texts and without sources."""
        short = {
            name: fact
            for name in names
            if name in self
            and not (isinstance(fact := self[name], str) and len(fact) > MAX_SNAPSHOT_CHARACTERS)
        }
        return Facts(short, {})
