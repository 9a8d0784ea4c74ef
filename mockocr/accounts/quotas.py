"""What accounts have used up: calls within a second, and calls of their resource packages."""

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
        self._used: dict[str, int] = {}

    def take(self, account: str, size: int | None) -> bool:
        """Takes one call out of a package; False where nothing is left."""
        with self._lock:
            used = self._used.get(account, 0)
            if size is not None and used >= size:
                return False
            self._used[account] = used + 1
            return True

    def give_back(self, account: str) -> None:
        """For a call that was not billed after all."""
        with self._lock:
            self._used[account] = max(0, self._used.get(account, 0) - 1)

    def left(self, account: str, size: int | None) -> int | None:
        with self._lock:
            return None if size is None else max(0, size - self._used.get(account, 0))

    def reset(self, account: str) -> None:
        with self._lock:
            self._used.pop(account, None)
