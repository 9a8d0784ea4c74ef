"""The quotas of accounts: calls per second, and calls in resource packages."""

from threading import Lock


class RateWindow:
    """The number of calls in the current second, by account and action. Forgets earlier seconds,
    and an account when it is reset.

    Seconds are whole seconds of the account's clock; with a frozen clock, all calls are in the
    same second. Assumed: the real window was not measured.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._seconds: dict[tuple[str, str], tuple[int, int]] = {}

    def count(self, account: str, action: str, second: int) -> int:
        """Counts a call, even if it is refused later. Returns its number in the second, from 1."""
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
    """The resource packages of accounts. Forgets an account when it is reset."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._packages: dict[str, Package] = {}

    def take(self, account: str, size: int | None) -> "Package | None":
        """Uses one call of an account's package. None if none is left; a `size` of None is
        unlimited."""
        with self._lock:
            package = self._packages.get(account)
            if package is None:
                package = self._packages[account] = Package(self._lock)
            if size is not None and package.used >= size:
                return None
            package.used += 1
            return package

    def left(self, account: str, size: int | None) -> int | None:
        with self._lock:
            package = self._packages.get(account)
            return None if size is None else max(0, size - (package.used if package else 0))

    def snapshot(self, account: str) -> "Packages":
        """A copy of an account's package: what is taken from the copy is not used up."""
        copy = Packages()
        with self._lock:
            if account in self._packages:
                copy._packages[account] = Package(copy._lock, self._packages[account].used)
        return copy

    def reset(self, account: str) -> None:
        """Starts a new package. Calls that are returned later go back to the old one."""
        with self._lock:
            self._packages.pop(account, None)


class Package:
    """The calls that were used of one resource package."""

    __slots__ = ("_lock", "used")

    def __init__(self, lock: Lock, used: int = 0) -> None:
        self._lock = lock
        self.used = used

    def give_back(self) -> None:
        """Returns a call that was not billed."""
        with self._lock:
            self.used -= 1
