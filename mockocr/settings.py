"""The settings of a server: one flag, one environment variable, one meaning."""

import argparse
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal

from mockocr.suggestions import unknown

PREFIX = "MOCKOCR_"

API_PAGE = date(2024, 5, 1)
"""The day of the API page: between 2024-04-03 and 2024-06-19 (docs/fidelity.md#api-page)."""
FIRST_CONTRACT = date(2023, 11, 15)
"""The oldest contract: the API page of this day. Earlier versions are not modelled."""


NOTHING_FETCHED = ("none",)
"""The default of --fetch."""


class SettingError(Exception):
    """An invalid setting: names the flag or variable, and what is expected. Quotes no secret."""


@dataclass(frozen=True, slots=True)
class PemText:
    """The content of a PEM file, in the place of its path. It may be a key: it is never shown."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Spelling:
    """How people write a setting, as a flag or a variable."""

    read: Callable[[str], Any]
    """Parses a text. Raises ValueError("expected ...")."""
    help: str
    metavar: str = ""
    """The value's name in --help; empty for a switch."""
    repeatable: bool = False
    """The flag may be repeated; the variable separates values by `;`."""
    secret: bool = False


def _setting(
    default: Any, read: Callable[[str], Any], help: str, metavar: str = "", **more: bool
) -> Any:
    spelling = Spelling(read, help, metavar, **more)
    return field(default=default, repr=not spelling.secret, metadata={"spelling": spelling})


def _text(text: str) -> str:
    if not text.strip():
        raise ValueError("expected a text")
    return text


def _path(text: str) -> Path:
    try:
        return Path(_text(text)).expanduser()
    except RuntimeError:
        raise ValueError("expected a path in a home directory that exists") from None


def _path_or_pem(text: str) -> "Path | PemText":
    return PemText(text.replace("\\n", "\n") + "\n") if "-----BEGIN " in text else _path(text)


def _port(text: str) -> int | None:
    if text == "off":
        return None
    return _whole_number(text, 0, 65535, "a port from 0 (any free one) to 65535, or off")


def _count(text: str) -> int:
    return _whole_number(text, 0, 2**63, "a whole number from 0")


def _positive(text: str) -> int:
    return _whole_number(text, 1, 2**31, "a whole number from 1")


def _seconds(text: str) -> int:
    return _whole_number(text, 1, 86_400, "a number of seconds from 1 to 86400")


def _seed(text: str) -> int:
    return _whole_number(text, -(2**63), 2**63, "a whole number")


def _whole_number(text: str, least: int, most: int, expected: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = most + 1
    if not least <= number <= most:
        raise ValueError(f"expected {expected}")
    return number


def _key_pair(text: str) -> tuple[str, str]:
    secret_id, colon, secret_key = (part.strip() for part in text.partition(":"))
    if not (colon and secret_id and secret_key):
        raise ValueError("expected SecretId:SecretKey pairs, separated by ;")
    return secret_id, secret_key


def contract_date(text: str) -> date:
    """The day of a contract, YYYY-MM-DD. Raises ValueError("expected ...")."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if day.isoformat() != text:
        raise ValueError(f"expected a date such as {API_PAGE}")
    if day < FIRST_CONTRACT:
        raise ValueError(f"expected {FIRST_CONTRACT} or later (the oldest contract)")
    return day


_UNITS = {"": 1, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}


def _bytes(text: str) -> int:
    expected = "a number of bytes, such as 67108864 or 64MiB"
    digits = text.rstrip("KMGiB ")
    unit = text[len(digits) :].strip()
    if unit not in _UNITS:
        raise ValueError(f"expected {expected}")
    return _whole_number(digits, 0, 2**63, expected) * _UNITS[unit]


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"expected one of {', '.join(choices)}")
        return text

    return read


def _switch(text: str) -> bool:
    if text.lower() not in ("1", "true", "yes", "on", "0", "false", "no", "off"):
        raise ValueError("expected true or false")
    return text.lower() in ("1", "true", "yes", "on")


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, with its default."""

    host: str = _setting("127.0.0.1", _text, "address to listen on", "ADDRESS")
    port: int | None = _setting(8018, _port, "HTTP port; 0 = any free one, off = none", "PORT")
    tls_port: int | None = _setting(8019, _port, "HTTPS port; 0 and off as for --port", "PORT")
    port_file: Path | None = _setting(
        None, _path, 'write {"http": URL, "https": URL, "pid": N} here when ready', "FILE"
    )
    keys: tuple[tuple[str, str], ...] = _setting(
        (),
        _key_pair,
        "accounts, as ID:SECRET;ID2:SECRET2 (default: one built-in key pair)",
        "PAIRS",
        repeatable=True,
        secret=True,
    )
    keys_file: Path | None = _setting(
        None, _path, "YAML file with a list of further accounts", "FILE"
    )
    scenarios: tuple[str, ...] = _setting(
        (),
        _text,
        "scenario to play: a file, a folder, or the name of a shipped scenario",
        "PATH|NAME",
        repeatable=True,
    )
    library: Path | None = _setting(
        None, _path, "folder of further scenarios that can be played by name", "DIR"
    )
    contract: date = _setting(
        API_PAGE, contract_date, "answer as the API did on this day, YYYY-MM-DD", "DATE"
    )
    seed: int = _setting(0, _seed, "seed of all generated data and random choices", "N")
    auth: Literal["strict", "lenient", "off"] = _setting(
        "strict",
        _one_of("strict", "lenient", "off"),
        "lenient: verify signatures, report failures, answer anyway; off: verify nothing",
        "MODE",
    )
    rate: int = _setting(
        20, _count, "calls per second allowed for each account and action; 0 = no limit", "N"
    )
    fetch: tuple[str, ...] = _setting(
        NOTHING_FETCHED,
        _text,
        "which ImageUrls to really download: none, loopback, or hosts such as *.example.com"
        " (default: none)",
        "PATTERN",
        repeatable=True,
    )
    pictures: Path | None = _setting(
        None,
        _path,
        "folder of pictures; an ImageUrl that ends in a file's name uses that file",
        "DIR",
    )
    unknown_pictures: Literal["invent", "refuse"] = _setting(
        "invent",
        _one_of("invent", "refuse"),
        "for a picture that is not a specimen: invent a person, or refuse with ImageNoIdCard",
        "MODE",
    )
    lang: Literal["en", "zh"] | None = _setting(
        None,
        _one_of("en", "zh"),
        "language of hints and reports, in the log too (default: that of Accept-Language, or en)",
        "LANGUAGE",
    )
    numbers: Literal["valid", "safe"] = _setting(
        "valid",
        _one_of("valid", "safe"),
        "generated card numbers: valid, or safe (ones that nobody can have)",
        "KIND",
    )
    log_format: Literal["auto", "text", "json"] = _setting(
        "auto",
        _one_of("auto", "text", "json"),
        "auto: text on a terminal, else JSON lines",
        "FORMAT",
    )
    log_level: Literal["debug", "info", "warning", "error"] = _setting(
        "info", _one_of("debug", "info", "warning", "error"), "info: one line per call", "LEVEL"
    )
    admin_token: str | None = _setting(
        None, _text, "bearer token required by the admin API", "TOKEN", secret=True
    )
    no_admin: bool = _setting(False, _switch, "do not serve the admin API (/__admin)")
    admin_host: tuple[str, ...] = _setting(
        (),
        _text,
        "further Host name that may reach the admin API; * matches any text",
        "PATTERN",
        repeatable=True,
    )
    state_dir: Path | None = _setting(
        None, _path, "folder of the CA and the certificate (default: the user's data folder)", "DIR"
    )
    tls_cert: Path | PemText | None = _setting(
        None,
        _path_or_pem,
        "use this certificate: a PEM file, or PEM text (MOCKOCR_TLS_CERT)",
        "PEM",
    )
    tls_key: Path | PemText | None = _setting(
        None,
        _path_or_pem,
        "private key of --tls-cert: a PEM file, or PEM text (MOCKOCR_TLS_KEY)",
        "PEM",
        secret=True,
    )
    tls_name: tuple[str, ...] = _setting(
        (), _text, "further host name in the generated certificate", "NAME", repeatable=True
    )
    journal_calls: int = _setting(10_000, _count, "maximum number of calls in the journal", "N")
    journal_bytes: int = _setting(64 * 1024**2, _bytes, "maximum size of the journal", "BYTES")
    max_connections: int = _setting(
        800, _positive, "maximum open connections; less if the limit of open files is lower", "N"
    )
    read_timeout: int = _setting(
        30, _seconds, "seconds to wait for a request's head, and for each piece of its body", "N"
    )
    write_timeout: int = _setting(
        30,
        _seconds,
        "seconds after which a client that does not read its answer is disconnected",
        "N",
    )
    idle_timeout: int = _setting(
        75, _seconds, "seconds after which an idle connection is closed", "N"
    )
    faithful_headers: bool = _setting(False, _switch, "send no X-Mockocr-* response headers")

    def __post_init__(self) -> None:
        if self.port is None and self.tls_port is None:
            both = f"{_both_names('port')} and {_both_names('tls_port')}"
            raise SettingError(f"{both} are both off: at least one must be on")
        if (self.tls_cert is None) != (self.tls_key is None):
            both = f"{_both_names('tls_cert')} and {_both_names('tls_key')}"
            raise SettingError(f"{both} must be set together, got only one of them")
        secret_ids = [secret_id for secret_id, _ in self.keys]
        for secret_id in secret_ids:
            if secret_ids.count(secret_id) > 1:
                raise SettingError(
                    f"{_both_names('keys')}: the SecretId {secret_id!r} is set twice"
                )


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _both_names(name: str) -> str:
    return f"{_flag(name)} ({_variable(name)})"


def spellings() -> Iterator[tuple[Field[Any], Spelling]]:
    for setting in fields(Settings):
        yield setting, setting.metadata["spelling"]


def add_flags(parser: argparse.ArgumentParser, defaults: Mapping[str, str] | None = None) -> None:
    """One flag per setting. Values stay texts: `read_settings` parses them. `defaults`: those that
    --help shows instead of a setting's own."""
    for setting, spelling in spellings():
        flag = _flag(setting.name)
        if not spelling.metavar:
            parser.add_argument(flag, action="store_const", const="true", help=spelling.help)
            continue
        action = "append" if spelling.repeatable else "store"
        parser.add_argument(
            flag,
            action=action,
            metavar=spelling.metavar,
            help=_help(spelling, (defaults or {}).get(setting.name, setting.default)),
        )


def _help(spelling: Spelling, default: Any) -> str:
    if default in (None, ()) or spelling.repeatable:
        return spelling.help
    return f"{spelling.help} (default: {default})"


def read_settings(
    flags: Mapping[str, str | Sequence[str] | None], environment: Mapping[str, str]
) -> tuple[Settings, Sequence[str]]:
    """Settings from flags, else variables, else defaults; and notes on variables that were ignored.

    Raises SettingError for the first invalid value.
    """
    values: dict[str, Any] = {}
    notes: list[str] = []
    for setting, spelling in spellings():
        variable = _variable(setting.name)
        value = flags.get(setting.name)
        origin = _flag(setting.name)
        if value is None:
            value = environment.get(variable) or None
            origin = variable
        if value is None:
            continue
        if isinstance(value, str) and origin == variable and value.startswith("tcp://"):
            # Not quoted: the value of a secret may begin like this too.
            notes.append(f"{variable}=tcp://... looks like what Kubernetes sets; ignored")
            continue
        values[setting.name] = _read(value, spelling, origin)
    return Settings(**values), [*notes, *_unknown_variables(environment)]


_OTHER_VARIABLES = re.compile(
    f"{PREFIX}(URL|HTTPS_URL|UPSTREAM_.*|COMMAND|IMAGE|SERVICE_.*|PORT_.*|TLS_PORT_.*)"
)
"""Variables of clients and plugins, and those that Kubernetes sets for a Service named
`mockocr`."""


def _unknown_variables(environment: Mapping[str, str]) -> Iterator[str]:
    known = [_variable(setting.name) for setting, _ in spellings()]
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known and not _OTHER_VARIABLES.fullmatch(name):
            yield f"{unknown('variable', name, [*known, f'{PREFIX}URL'])} (ignored)"


def _read(value: str | Sequence[str], spelling: Spelling, origin: str) -> Any:
    texts = [value] if isinstance(value, str) else list(value)
    if spelling.repeatable:
        # Only separators: read, and refused, as an empty text. An empty list of keys would mean
        # the built-in pair.
        texts = [part for text in texts for part in text.split(";") if part.strip()] or [""]
    try:
        values = tuple(spelling.read(text.strip()) for text in texts)
    except ValueError as error:
        got = "" if spelling.secret else f", got {'; '.join(texts)!r}"
        raise SettingError(f"{origin}: {error}{got}") from None
    return values if spelling.repeatable else values[0]
