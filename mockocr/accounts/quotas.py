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
        self._packages: dict[str, Package] = {}

    def take(self, account: str, size: int | None) -> "Package | None":
        """Takes one call out of an account's package, and gives the package; None where nothing
        is left in it."""
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
        """The account has another package from now on."""
        with self._lock:
            self._packages.pop(account, None)


class Package:
    """How many calls were taken out of it, as long as it is an account's or after."""

    __slots__ = ("_lock", "used")

    def __init__(self, lock: Lock, used: int = 0) -> None:
        self._lock = lock
        self.used = used

    def give_back(self) -> None:
        """For a call that was taken out of it, and was not billed after all."""
        with self._lock:
            self.used -= 1
