"""Accounts: the unit of isolation. A SecretId leads to one account."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

from mockocr.accounts.call_settings import Overrides


@dataclass(frozen=True, slots=True)
class Account(Overrides):
    """A caller of the API, and the settings that differ from the server's."""

    name: str
    keys: Mapping[str, str] = field(repr=False)
    """SecretId → SecretKey; several for rotation."""
    tokens: frozenset[str] = field(default=frozenset(), repr=False)
    """STS tokens. If there are any, a call must send one of them."""
    allow: frozenset[str] | None = None
    """The actions that CAM permits. None: all."""


BUILT_IN = Account("default", {"AKIDMOCKOCR": "mockocr"})
"""Documented and printed at start. Exists only if no keys are configured."""


class TakenError(Exception):
    """Another account has the name or the SecretId."""


class Accounts:
    """All accounts, by name and by SecretId. Forgets an account when it is removed."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._lock = Lock()
        self._by_name: dict[str, Account] = {}
        self._by_secret_id: dict[str, Account] = {}
        for account in accounts:
            self.add(account)

    @classmethod
    def of(cls, pairs: Sequence[tuple[str, str]], further: Iterable[Account] = ()) -> "Accounts":
        """An account for each pair of SecretId and SecretKey, and the further ones. If there are
        none, the built-in account. Raises TakenError."""
        named = [Account(secret_id, {secret_id: secret_key}) for secret_id, secret_key in pairs]
        return cls([*named, *further] or [BUILT_IN])

    def find(self, secret_id: str) -> Account | None:
        return self._by_secret_id.get(secret_id)

    def secret_id_of_key(self, secret_key: str) -> str | None:
        """The SecretId that belongs to a SecretKey, to recognize clients that swap the two."""
        pairs = (pair for account in self.all() for pair in account.keys.items())
        return next((secret_id for secret_id, key in pairs if key == secret_key), None)

    def named(self, name: str) -> Account | None:
        return self._by_name.get(name)

    def first(self) -> Account | None:
        """The oldest account; None if there are none."""
        with self._lock:
            return next(iter(self._by_name.values()), None)

    def all(self) -> list[Account]:
        with self._lock:
            return list(self._by_name.values())

    def add(self, account: Account) -> None:
        with self._lock:
            if account.name in self._by_name:
                raise TakenError(f"account {account.name!r} already exists")
            self._put(account)

    def replace(self, account: Account) -> None:
        """Replaces the account of the same name. Raises TakenError for the SecretId of another."""
        with self._lock:
            self._put(account)

    def remove(self, name: str) -> None:
        with self._lock:
            self._index(self._by_name.pop(name), {})

    def _put(self, account: Account) -> None:
        for secret_id in account.keys:
            owner = self._by_secret_id.get(secret_id)
            if owner is not None and owner.name != account.name:
                raise TakenError(f"SecretId {secret_id!r} belongs to account {owner.name!r}")
        before = self._by_name.get(account.name)
        self._by_name[account.name] = account
        self._index(before, dict.fromkeys(account.keys, account))

    def _index(self, before: Account | None, new: Mapping[str, Account]) -> None:
        """In one assignment, so that a concurrent call finds the old keys or the new ones."""
        old = before.keys if before else ()
        others = {key: owner for key, owner in self._by_secret_id.items() if key not in old}
        self._by_secret_id = {**others, **new}
