"""Accounts as people write them: in a keys file (YAML) and in the admin API (JSON).

Members: `{"name", "keys": [{"SecretId", "SecretKey"}], "tokens", "state", "package",
"rate", "allow", "seed", "contract", "clock", "scenarios"}`.
"""

import secrets
import string
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel

from mockocr.accounts.account import Account
from mockocr.accounts.call_settings import AccountState
from mockocr.accounts.clock_spec import ClockSpec
from mockocr.documents.document import Document
from mockocr.documents.messages import invalid
from mockocr.settings import contract_date

Name = Annotated[str, Field(min_length=1, max_length=64)]
Key = Annotated[str, Field(min_length=1, max_length=128)]
Count = Annotated[int, Field(ge=0)]


def _contract(given: Any) -> Any:
    """As --contract is read."""
    try:
        return None if given is None else contract_date(str(given))
    except ValueError as error:
        raise invalid(str(error)) from None


Contract = Annotated[date | None, BeforeValidator(_contract, json_schema_input_type=str | None)]


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class KeyPairSpec(_Spec):
    """No repr of the secret: it must not get into a log."""

    secret_id: Key = Field(alias="SecretId")
    secret_key: Key = Field(alias="SecretKey", repr=False)


class AccountUpdateSpec(_Spec):
    """What can be changed of an account; what is not said stays."""

    keys: list[KeyPairSpec] = Field(default_factory=list, min_length=1)
    tokens: list[Key] = Field(default=[], repr=False)
    state: AccountState | None = None
    package: Count | None = None
    rate: Count | None = None
    allow: list[str] | None = None
    seed: int | None = None
    contract: Contract = None
    clock: ClockSpec | None = None
    scenarios: list[str | dict[str, Any]] = []
    """The names of scenarios, or scenarios themselves, as YAML text or data; read elsewhere."""

    def applied_to(self, account: Account) -> Account:
        said = self.model_fields_set - {"name", "scenarios"}
        return replace(account, **{name: _value(name, getattr(self, name)) for name in said})


def _value(name: str, words: Any) -> Any:
    """What an account holds for what was said of one of its members."""
    match name:
        case "keys":
            return {pair.secret_id: pair.secret_key for pair in words}
        case "tokens" | "allow" if words is not None:
            return frozenset(words)
        case "clock" if words is not None:
            return words.clock()
        case _:
            return words


class AccountSpec(AccountUpdateSpec):
    """An account to make. Without keys, a pair is made up; without a name it has its first
    SecretId's, or a made-up one."""

    name: Name | None = None

    def account(self) -> Account:
        if self.keys:
            return self.applied_to(Account(self.name or self.keys[0].secret_id, {}))
        name = self.name or f"account-{secrets.token_hex(4)}"
        return self.applied_to(Account(name, {_made_up("AKID", 32): _made_up("", 32)}))


_LETTERS = string.ascii_letters + string.digits


def _made_up(prefix: str, length: int) -> str:
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(length))


class KeysFileAccountSpec(AccountSpec):
    """In a file nobody would learn of a made-up pair."""

    keys: Annotated[list[KeyPairSpec], Field(min_length=1)]


class KeysFileSpec(RootModel[list[KeysFileAccountSpec]]):
    """A keys file: a list of accounts."""


def read_account_specs(keys_file: Document) -> list[KeysFileAccountSpec]:
    """Raises DocumentError with everything that is wrong in the file."""
    return keys_file.validated(KeysFileSpec, secrets=("SecretKey", "tokens")).root
