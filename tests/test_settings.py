import argparse
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockocr.settings import (
    PemText,
    SettingError,
    Settings,
    add_flags,
    contract_date,
    read_settings,
    spellings,
)

SECRET = "correct-horse-battery-staple"

GOOD: dict[str, tuple[str, Any]] = {
    "host": ("0.0.0.0", "0.0.0.0"),  # noqa: S104 - nothing listens here
    "port": ("0", 0),
    "tls_port": ("off", None),
    "port_file": ("a.json", Path("a.json")),
    "keys": ("A:B; C : D:E ;", (("A", "B"), ("C", "D:E"))),
    "keys_file": ("a.yaml", Path("a.yaml")),
    "fetch": ("loopback;*.example.com", ("loopback", "*.example.com")),
    "pictures": ("cards", Path("cards")),
    "unknown_pictures": ("refuse", "refuse"),
    "library": ("more", Path("more")),
    "auth": ("lenient", "lenient"),
    "rate": ("0", 0),
    "scenarios": ("documented;a.yaml", ("documented", "a.yaml")),
    "contract": ("2026-03-13", date(2026, 3, 13)),
    "seed": ("-5", -5),
    "numbers": ("safe", "safe"),
    "lang": ("zh", "zh"),
    "log_format": ("json", "json"),
    "log_level": ("error", "error"),
    "admin_token": (SECRET, SECRET),
    "no_admin": ("Yes", True),
    "admin_host": ("*.ci;b", ("*.ci", "b")),
    "state_dir": ("/state", Path("/state")),
    "tls_name": ("a;b", ("a", "b")),
    "journal_calls": ("0", 0),
    "journal_bytes": ("2 MiB", 2 * 1024**2),
    "max_connections": ("10", 10),
    "read_timeout": ("5", 5),
    "write_timeout": ("86400", 86_400),
    "idle_timeout": ("1", 1),
    "tls_cert": ("a.pem", Path("a.pem")),
    "tls_key": ("b.pem", Path("b.pem")),
    "faithful_headers": ("on", True),
}

TOGETHER = {"tls_cert": {"tls_key": "b.pem"}, "tls_key": {"tls_cert": "a.pem"}}
"""Settings that another setting needs."""

WRONG: dict[str, tuple[str, str]] = {
    "host": ("  ", "expected a text, got '  '"),
    "port": ("65536", "expected a port from 0 (any free one) to 65535, or off, got '65536'"),
    "tls_port": ("none", "expected a port from 0 (any free one) to 65535, or off, got 'none'"),
    "port_file": (
        "~nobody-of-this-name/a",
        "expected a path in a home directory that exists, got '~nobody-of-this-name/a'",
    ),
    "scenarios": (" ; ", "expected a text, got ''"),
    "contract": (
        "2023-11-14",
        "expected 2023-11-15 or later (the oldest contract), got '2023-11-14'",
    ),
    "seed": ("abc", "expected a whole number, got 'abc'"),
    "numbers": ("Safe", "expected one of valid, safe, got 'Safe'"),
    "log_format": ("xml", "expected one of auto, text, json, got 'xml'"),
    "log_level": ("loud", "expected one of debug, info, warning, error, got 'loud'"),
    "no_admin": ("maybe", "expected true or false, got 'maybe'"),
    "journal_calls": ("-1", "expected a whole number from 0, got '-1'"),
    "max_connections": ("0", "expected a whole number from 1, got '0'"),
    "idle_timeout": ("1.5", "expected a number of seconds from 1 to 86400, got '1.5'"),
    "journal_bytes": (
        "64MB",
        "expected a number of bytes, such as 67108864 or 64MiB, got '64MB'",
    ),
}

SECRETS = ("keys", "admin_token", "tls_key")


def parsed(*arguments: str) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    add_flags(parser)
    return vars(parser.parse_args(arguments))


def from_variables(**values: str) -> Settings:
    settings, _ = read_settings(
        {}, {f"MOCKOCR_{name.upper()}": each for name, each in values.items()}
    )
    return settings


def refusal_of(flags: Mapping[str, Any], environment: Mapping[str, str]) -> str:
    with pytest.raises(SettingError) as refused:
        read_settings(flags, environment)
    return str(refused.value)


def flag_of(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def test_without_flags_and_variables_everything_is_as_documented() -> None:
    settings, notes = read_settings(parsed(), {})

    assert settings == Settings()
    assert (settings.host, settings.port, settings.tls_port) == ("127.0.0.1", 8018, 8019)
    assert (settings.seed, settings.numbers, settings.keys) == (0, "valid", ())
    assert settings.contract == date(2024, 5, 1)
    assert (settings.journal_calls, settings.journal_bytes) == (10_000, 64 * 1024**2)
    assert (settings.log_format, settings.log_level) == ("auto", "info")
    assert not notes


def test_every_setting_has_a_test() -> None:
    assert {each.name for each in fields(Settings)} == GOOD.keys()


@pytest.mark.parametrize("name", GOOD)
def test_a_setting_can_be_given_as_flag(name: str) -> None:
    text, value = GOOD[name]
    given_as = flag_of(name) if value is True else f"{flag_of(name)}={text}"

    settings, _ = read_settings({**parsed(given_as), **TOGETHER.get(name, {})}, {})

    assert getattr(settings, name) == value


@pytest.mark.parametrize("name", GOOD)
def test_a_setting_can_be_given_as_variable(name: str) -> None:
    text, value = GOOD[name]

    settings = from_variables(**{**TOGETHER.get(name, {}), name: text})

    assert getattr(settings, name) == value


@pytest.mark.parametrize("name", GOOD)
def test_a_flag_wins_over_its_variable(name: str) -> None:
    text, value = GOOD[name]

    flags = {**TOGETHER.get(name, {}), name: text}
    settings, _ = read_settings(flags, {f"MOCKOCR_{name.upper()}": "tcp://wrong"})

    assert getattr(settings, name) == value


def test_a_list_may_be_given_in_pieces() -> None:
    flags = parsed("--scenarios", "a;b", "--scenarios", "c", "--keys", "A:1", "--keys", "B:2;C:3")

    settings, _ = read_settings(flags, {"MOCKOCR_SCENARIOS": "d"})

    assert settings.scenarios == ("a", "b", "c")
    assert settings.keys == (("A", "1"), ("B", "2"), ("C", "3"))


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_flag_is_refused_by_its_name(name: str) -> None:
    text, result = WRONG[name]

    assert refusal_of({name: text}, {}) == f"{flag_of(name)}: {result}"


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_variable_is_refused_by_its_name(name: str) -> None:
    text, result = WRONG[name]
    variable = f"MOCKOCR_{name.upper()}"

    assert refusal_of({}, {variable: text}) == f"{variable}: {result}"


@pytest.mark.parametrize("text", ["1_0_0x", "0x10", "1.5", "9" * 5000, "-1"])
def test_a_port_is_a_number(text: str) -> None:
    assert refusal_of({"port": text}, {}).startswith("--port: expected a port")


@pytest.mark.parametrize("text", ["MiB", "64kib", "1.5MiB", "-1KiB", "64 64KiB", "KiBKiB"])
def test_a_number_of_bytes_is_a_number_with_a_unit(text: str) -> None:
    assert "such as 67108864 or 64MiB" in refusal_of({"journal_bytes": text}, {})


@given(st.integers(0, 2**40), st.sampled_from([("", 1), ("KiB", 1024), ("GiB", 1024**3)]))
def test_bytes_are_read_with_their_unit(count: int, unit: tuple[str, int]) -> None:
    settings = from_variables(journal_bytes=f"{count}{unit[0]}")

    assert settings.journal_bytes == count * unit[1]


@pytest.mark.parametrize("text", ["false", "0", "no", "OFF"])
def test_a_switch_can_be_off_in_its_variable(text: str) -> None:
    assert from_variables(no_admin=text) == Settings()


@pytest.mark.parametrize(
    "text", [SECRET, f":{SECRET}", f"{SECRET}:", f"A:{SECRET};{SECRET}", f" : {SECRET}", ";", ""]
)
def test_wrong_keys_are_refused_and_never_quoted(text: str) -> None:
    refused = refusal_of({"keys": [text]}, {})

    assert refused.startswith("--keys: expected SecretId:SecretKey pairs")
    assert SECRET not in refused


def test_a_wrong_token_is_refused_and_never_quoted() -> None:
    assert refusal_of({"admin_token": "  "}, {}) == "--admin-token: expected a text"


def test_a_secret_id_given_twice_is_refused() -> None:
    refused = refusal_of({"keys": f"A:{SECRET};B:2;A:3"}, {})

    assert refused == "--keys (MOCKOCR_KEYS): the SecretId 'A' is set twice"


@pytest.mark.parametrize("name", SECRETS)
def test_secrets_are_not_in_the_repr(name: str) -> None:
    settings = from_variables(**TOGETHER.get(name, {}), **{name: f"A:{SECRET}"})

    assert SECRET in str(getattr(settings, name))
    assert SECRET not in repr(settings)


def test_every_secret_setting_is_marked_as_secret() -> None:
    assert {each.name for each, spelling in spellings() if spelling.secret} == set(SECRETS)


@pytest.mark.parametrize("name", ["port", "keys", "admin_token", "tls_port"])
def test_a_value_set_by_kubernetes_is_ignored_with_a_note(name: str) -> None:
    variable = f"MOCKOCR_{name.upper()}"

    settings, notes = read_settings({}, {variable: f"tcp://10.0.0.1:{SECRET}"})

    assert settings == Settings()
    assert list(notes) == [f"{variable}=tcp://... looks like what Kubernetes sets; ignored"]


def test_a_flag_that_looks_like_a_value_of_kubernetes_is_refused() -> None:
    assert "got 'tcp://10.0.0.1'" in refusal_of({"port": "tcp://10.0.0.1"}, {})


def test_other_variables_are_left_alone() -> None:
    others = {"MOCKOCR_PORT_8018_TCP": "tcp://x", "MOCKOCR_SERVICE_HOST": "x", "MOCKOCR": "x"}

    settings, notes = read_settings({}, {**others, "PORT": "5", "mockocr_port": "5"})

    assert (settings, list(notes)) == (Settings(), [])


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_an_empty_variable_is_not_set(name: str) -> None:
    assert from_variables(**{name: ""}) == Settings()


def test_a_server_without_ports_is_refused() -> None:
    assert refusal_of({}, {"MOCKOCR_PORT": "off", "MOCKOCR_TLS_PORT": "off"}) == (
        "--port (MOCKOCR_PORT) and --tls-port (MOCKOCR_TLS_PORT) are both off:"
        " at least one must be on"
    )


@pytest.mark.parametrize("name", ["tls_cert", "tls_key"])
def test_a_certificate_and_its_key_go_together(name: str) -> None:
    assert refusal_of({name: "a.pem"}, {}) == (
        "--tls-cert (MOCKOCR_TLS_CERT) and --tls-key (MOCKOCR_TLS_KEY) must be set"
        " together, got only one of them"
    )


def test_a_certificate_with_its_key_is_accepted() -> None:
    settings = from_variables(tls_cert="a.pem", tls_key="~/b.pem")

    assert (settings.tls_cert, settings.tls_key) == (Path("a.pem"), Path.home() / "b.pem")


PEM = "-----BEGIN PRIVATE KEY-----\nTUlH\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize("text", [PEM, PEM.strip(), PEM.strip().replace("\n", "\\n")])
def test_a_certificate_and_a_key_can_be_pem_text_which_is_never_shown(text: str) -> None:
    settings = from_variables(tls_cert=text, tls_key=text)

    assert settings.tls_cert == settings.tls_key == PemText(PEM)
    assert "TUlH" not in repr(settings)


def test_help_shows_the_default_of_a_setting() -> None:
    parser = argparse.ArgumentParser()
    add_flags(parser)

    text = " ".join(parser.format_help().split())

    assert "--seed N seed of all generated data and random choices (default: 0)" in text
    assert "None" not in text


@pytest.mark.parametrize("text", ["2023-11-15", "2024-02-29", "9999-12-31"])
def test_a_contract_is_any_day_from_the_first_contract_on(text: str) -> None:
    assert contract_date(text).isoformat() == text


@pytest.mark.parametrize(
    "text", ["", "today", "20240501", "2024-5-1", "2024-W18-3", "2023-02-29", "2024-05-01T00:00"]
)
def test_an_invalid_day_is_refused_as_contract(text: str) -> None:
    with pytest.raises(ValueError, match="expected a date such as 2024-05-01"):
        contract_date(text)


@pytest.mark.parametrize(
    ("variable", "note"),
    [
        (
            "MOCKOCR_SEDE",
            "unknown variable 'MOCKOCR_SEDE'; did you mean 'MOCKOCR_SEED'? (ignored)",
        ),
        (
            "MOCKOCR_SCENARIO",
            "unknown variable 'MOCKOCR_SCENARIO'; did you mean 'MOCKOCR_SCENARIOS'? (ignored)",
        ),
    ],
)
def test_an_unknown_variable_is_noted(variable: str, note: str) -> None:
    settings, notes = read_settings({}, {variable: "1"})

    assert (settings, list(notes)) == (Settings(), [note])


@pytest.mark.parametrize(
    "variable",
    [
        *("MOCKOCR_URL", "MOCKOCR_SERVICE_HOST", "MOCKOCR_SERVICE_PORT_HTTP"),
        *("MOCKOCR_PORT_8018_TCP_ADDR", "MOCKOCR_TLS_PORT_8019_TCP", "OTHER_SEDE"),
    ],
)
def test_a_variable_of_clients_or_kubernetes_is_not_noted(variable: str) -> None:
    assert not read_settings({}, {variable: "1"})[1]
