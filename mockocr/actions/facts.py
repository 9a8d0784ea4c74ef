"""What the conditions of rules are held against."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

FindOut = Callable[[str], Any]
"""From the part of a fact's name behind its first dot to the fact."""

Test = Callable[[Any], bool]
"""Whether a fact is as it is wanted. A text that was not sent is None."""

MAX_KEPT_CHARACTERS = 2048


class Facts(dict[str, Any]):
    """Facts by name: `CardSide`, `Config.TempIdWarn`, `header.x-tc-language`, `picture.width`.

    Those that cost something are found out when somebody asks, and then kept.
    """

    def __init__(self, known: Mapping[str, Any], find_out: Mapping[str, FindOut]) -> None:
        super().__init__(known)
        self._find_out = dict(find_out)

    def __missing__(self, name: str) -> Any:
        source, _, rest = name.partition(".")
        self[name] = fact = self._find_out[source](rest)
        return fact

    def learn(self, source: str, find_out: FindOut) -> None:
        self._find_out[source] = find_out

    def can_tell(self, name: str) -> bool:
        return name in self or name.partition(".")[0] in self._find_out

    def kept(self, names: Iterable[str]) -> "Facts":
        """Of these, what is known so far and takes little room: what a journal can keep."""
        short = {
            name: fact
            for name in names
            if name in self
            and not (isinstance(fact := self[name], str) and len(fact) > MAX_KEPT_CHARACTERS)
        }
        return Facts(short, {})
