"""The keyword arguments of tests as types, so that mypy and editors know every name."""

import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeAlias, TypedDict

from mockocr.accounts.call_settings import AccountState
from mockocr.actions.keywords import Answer, Conditions, TextMatch

FilePath: TypeAlias = str | os.PathLike[str]

Scenario: TypeAlias = FilePath | Mapping[str, Any]
"""The name of a scenario, the path of a file (`*.yaml`, `*.yml`), YAML, or a dict."""

Duration: TypeAlias = str | float | timedelta
"""`250ms`, `2s` or `1m`; a number of seconds; or a timedelta."""

FaultName: TypeAlias = Literal[
    "CONNECTION_RESET_BY_PEER",
    "EMPTY_RESPONSE",
    "MALFORMED_RESPONSE_CHUNK",
    "RANDOM_DATA_THEN_CLOSE",
    "TIMEOUT",
    "TRUNCATED_BODY",
    "BAD_JSON",
]


class LogNormal(TypedDict, total=False):
    median: Duration
    sigma: float
    max: Duration


class RandomDelay(TypedDict, total=False):
    """Exactly one of these."""

    uniform: Sequence[Duration]
    lognormal: LogNormal


class Choice(Answer, total=False):
    """An outcome in `one_of`."""

    error: str
    message: str
    fault: FaultName
    http: int
    delay: Duration | RandomDelay
    dribble: Duration
    weight: float


class Outcome(Answer, total=False):
    """What a call gets: exactly one of `card`, `error`, `fault`, `http` and `one_of`."""

    error: str
    """A documented code, such as FailedOperation.ImageBlur."""
    message: str
    """The message of the error, instead of the documented one."""
    fault: FaultName
    http: int
    """The status of a gateway that answers instead of the API."""
    one_of: Sequence[Choice]
    delay: Duration | RandomDelay
    dribble: Duration
    """The answer arrives in pieces, over this time."""
    times: int
    """For this many calls. If the last outcome has it, later calls are not answered by the rule."""


class Picture(TypedDict, total=False):
    """Conditions on the picture."""

    format: str | Sequence[str]
    sha256: str | Sequence[str]
    min_width: int
    specimen: str | Sequence[str]


_Combined = TypedDict("_Combined", {"not": "When", "any": "Sequence[When]"}, total=False)


class When(Conditions, _Combined, total=False):
    """Conditions on a call; all must hold."""

    between: Sequence[str]
    """The time of day by the account's clock: `["22:00", "06:00"]`."""
    Region: str | Sequence[str]
    picture: Picture
    header: Mapping[str, TextMatch]


class KeyPair(TypedDict):
    SecretId: str
    SecretKey: str


class ClockSettings(TypedDict, total=False):
    """At most one of these."""

    freeze: datetime | str | float
    offset: Duration


class AccountSettings(TypedDict, total=False):
    """The members of `POST /__admin/accounts`."""

    name: str
    keys: Sequence[KeyPair]
    tokens: Sequence[str]
    state: AccountState
    package: int | None
    rate: int | None
    allow: Sequence[str] | None
    seed: int | None
    contract: str | date | None
    clock: ClockSettings
    scenarios: Sequence[Scenario]


class ServerSettings(TypedDict, total=False):
    """The settings of `mockocr serve`, with `_` for `-`: texts as for a flag, or Python values."""

    host: str
    port: int | str
    tls_port: int | str
    port_file: FilePath
    keys: str | Sequence[str]
    keys_file: FilePath
    scenarios: Sequence[FilePath]
    library: FilePath
    contract: str | date
    seed: int
    auth: Literal["strict", "lenient", "off"]
    rate: int
    fetch: str | Sequence[str]
    pictures: FilePath
    unknown_pictures: Literal["invent", "refuse"]
    lang: Literal["en", "zh"]
    numbers: Literal["valid", "safe"]
    log_format: Literal["auto", "text", "json"]
    log_level: Literal["debug", "info", "warning", "error"]
    admin_token: str
    no_admin: bool
    admin_host: str | Sequence[str]
    state_dir: FilePath
    tls_cert: FilePath
    tls_key: FilePath
    tls_name: str | Sequence[str]
    journal_calls: int
    journal_bytes: int | str
    max_connections: int
    read_timeout: int
    write_timeout: int
    idle_timeout: int
    faithful_headers: bool
