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


def _contract(value: Any) -> Any:
    """Accepts the same values as --contract."""
    try:
        return None if value is None else contract_date(str(value))
    except ValueError as error:
        raise invalid(str(error)) from None


Contract = Annotated[date | None, BeforeValidator(_contract, json_schema_input_type=str | None)]


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


class KeyPairSpec(_Spec):
    """The secret has no repr, so that it never appears in a log."""

    secret_id: Key = Field(alias="SecretId")
    secret_key: Key = Field(alias="SecretKey", repr=False)


class AccountUpdateSpec(_Spec):
    """Changes to an account. Members that are not sent stay as they are."""

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
    """Names of scenarios, texts of YAML, or data; read by scenario.account_scenarios."""

    def applied_to(self, account: Account) -> Account:
        names = self.model_fields_set - {"name", "scenarios"}
        return replace(account, **{name: _value(name, getattr(self, name)) for name in names})


def _value(name: str, spec: Any) -> Any:
    """The value of an account's field for the spec of that field."""
    match name:
        case "keys":
            return {pair.secret_id: pair.secret_key for pair in spec}
        case "tokens" | "allow" if spec is not None:
            return frozenset(spec)
        case "clock" if spec is not None:
            return spec.clock()
        case _:
            return spec


class AccountSpec(AccountUpdateSpec):
    """A new account. Without keys, it gets a generated pair. Without a name, it gets that of its
    first SecretId, or a generated one."""

    name: Name | None = None

    def account(self) -> Account:
        if self.keys:
            return self.applied_to(Account(self.name or self.keys[0].secret_id, {}))
        name = self.name or f"account-{secrets.token_hex(4)}"
        return self.applied_to(Account(name, {_generated("AKID", 32): _generated("", 32)}))


_LETTERS = string.ascii_letters + string.digits


def _generated(prefix: str, length: int) -> str:
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(length))


class KeysFileAccountSpec(AccountSpec):
    """Keys are required: a file cannot show a generated pair to anybody."""

    keys: Annotated[list[KeyPairSpec], Field(min_length=1)]


class KeysFileSpec(RootModel[list[KeysFileAccountSpec]]):
    """A keys file: a list of accounts."""


def read_account_specs(keys_file: Document) -> list[KeysFileAccountSpec]:
    """Raises DocumentError with all problems of the file."""
    return keys_file.validated(KeysFileSpec, secrets=("SecretKey", "tokens")).root
