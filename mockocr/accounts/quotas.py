"""What accounts have used up: calls within a second, and calls of their resource packages."""

from dataclasses import dataclass
from threading import Lock


class RateWindow:
    """How many calls came within one second, by account and action. Forgets all seconds but the
    last of each, and an account when it is reset.

    The seconds are those of the account's clock, whole ones (assumed; the real window was never
    measured): with a frozen clock it is one second for ever.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._seconds: dict[tuple[str, str], tuple[int, int]] = {}

    def count(self, account: str, action: str, second: int) -> int:
        """Counts a call, refused ones too; gives which one within its second it is, from 1."""
        with self._lock:
            current, calls = self._seconds.get((account, action), (second, 0))
            calls = calls + 1 if current == second else 1
            self._seconds[account, action] = (second, calls)
            return calls

    def reset(self, account: str) -> None:
        with self._lock:
            for key in [key for key in self._seconds if key[0] == account]:
                del self._seconds[key]


class Packages:
    """What is left of each account's resource package. Forgets an account when it is reset."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._used: dict[str, _Used] = {}

    def take(self, account: str, size: int | None) -> "Taken | None":
        """Takes one call out of a package; None where nothing is left."""
        with self._lock:
            used = self._used.get(account)
            if used is None:
                used = self._used[account] = _Used()
            if size is not None and used.calls >= size:
                return None
            used.calls += 1
            return Taken(used, self._lock)

    def left(self, account: str, size: int | None) -> int | None:
        with self._lock:
            used = self._used.get(account)
            return None if size is None else max(0, size - (used.calls if used else 0))

    def reset(self, account: str) -> None:
        with self._lock:
            self._used.pop(account, None)


@dataclass(slots=True)
class _Used:
    """What is used of one package; of the one after a reset, another."""

    calls: int = 0


class Taken:
    """A call that was taken out of a package."""

    __slots__ = ("_lock", "_used")

    def __init__(self, used: _Used, lock: Lock) -> None:
        self._used, self._lock = used, lock

    def give_back(self) -> None:
        """For a call that was not billed after all: to the package that it was taken out of, be
        that still the account's or not. To be called once."""
        with self._lock:
            self._used.calls -= 1
