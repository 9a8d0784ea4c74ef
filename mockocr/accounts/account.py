"""Accounts: the unit of isolation. A SecretId leads to one account."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may call, by any of several key pairs (rotation)."""

    name: str
    keys: Mapping[str, str] = field(repr=False)
    """SecretId → SecretKey."""


BUILT_IN = Account("default", {"AKIDMOCKOCR": "mockocr"})
"""Well known and printed at start; gone once keys are set (`product.md` §1)."""


class Accounts:
    """All accounts, by name and by SecretId."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._by_secret_id = {
            secret_id: account for account in accounts for secret_id in account.keys
        }

    @classmethod
    def of(cls, pairs: Sequence[tuple[str, str]]) -> "Accounts":
        """An account for each pair of SecretId and SecretKey; the built-in one without any."""
        named = [Account(secret_id, {secret_id: secret_key}) for secret_id, secret_key in pairs]
        return cls(named or [BUILT_IN])

    def find(self, secret_id: str) -> Account | None:
        return self._by_secret_id.get(secret_id)
