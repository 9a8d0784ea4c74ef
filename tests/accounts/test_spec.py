"""Accounts as people write them."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from mockocr.accounts.account import Account
from mockocr.accounts.clock import Clock
from mockocr.accounts.spec import AccountSpec, AccountUpdateSpec, read_account_specs
from mockocr.documents.document import DocumentError
from mockocr.documents.reading import read_document


def new(**spec: object) -> Account:
    return AccountSpec.model_validate(spec).account()


def test_an_empty_spec_makes_an_account_with_a_new_name_and_key() -> None:
    first, second = new(), new()

    assert first.name != second.name
    assert first.keys != second.keys
    ((secret_id, secret_key),) = first.keys.items()
    assert secret_id.startswith("AKID")
    assert (len(secret_id), len(secret_key)) == (36, 32)


def test_every_entry_of_a_spec_is_kept() -> None:
    account = new(
        name="a",
        keys=[{"SecretId": "ID", "SecretKey": "secret"}],
        tokens=["t"],
        state="arrears",
        package=3,
        rate=5,
        allow=["IDCardOCR"],
        seed=7,
        clock={"offset": "+1s"},
    )

    assert (account.name, account.keys) == ("a", {"ID": "secret"})
    assert account.tokens == frozenset({"t"})
    assert (account.state, account.package, account.rate) == ("arrears", 3, 5)
    assert (account.allow, account.seed) == (frozenset({"IDCardOCR"}), 7)
    assert account.clock == Clock(offset=timedelta(seconds=1))


def test_an_account_without_a_name_is_named_after_its_first_secret_id() -> None:
    assert new(keys=[{"SecretId": "ID", "SecretKey": "secret"}]).name == "ID"


def test_an_update_keeps_what_it_does_not_mention() -> None:
    before = new(name="a", package=3, state="arrears", allow=[])

    after = AccountUpdateSpec.model_validate({"state": "ok", "allow": None}).applied_to(before)

    assert (after.state, after.allow, after.package, after.keys) == ("ok", None, 3, before.keys)


@pytest.mark.parametrize(
    "spec",
    [
        {"name": ""},
        {"name": "a" * 65},
        {"keys": []},
        {"keys": [{"SecretId": "x"}]},
        {"keys": [{"SecretId": "x", "SecretKey": ""}]},
        {"package": -1},
        {"rate": "5"},
        {"state": "closed"},
        {"colour": 1},
        {"clock": {"offset": "x"}},
        {"contract": "2023-11-14"},
        {"contract": 20260313},
    ],
)
def test_an_invalid_account_is_refused(spec: object) -> None:
    with pytest.raises(ValidationError):
        AccountSpec.model_validate(spec)


def test_a_repr_contains_no_secret() -> None:
    spec = AccountSpec.model_validate(
        {"keys": [{"SecretId": "ID", "SecretKey": "planted-secret"}], "tokens": ["planted-token"]}
    )

    assert "planted" not in repr(spec)


def test_a_keys_file_is_a_list_of_accounts(tmp_path: Path) -> None:
    file = tmp_path / "keys.yaml"
    file.write_text(
        "- name: alice\n"
        "  keys:\n"
        "    - {SecretId: AKIDalice, SecretKey: secret}\n"
        "    - {SecretId: AKIDalice2, SecretKey: secret2}\n"
        "- keys: [{SecretId: AKIDbob, SecretKey: secret3}]\n"
        "  package: 10\n"
        "  contract: 2026-03-13\n"
    )

    alice, bob = (each.account() for each in read_account_specs(read_document(file)))

    assert alice.name == "alice"
    assert alice.keys == {"AKIDalice": "secret", "AKIDalice2": "secret2"}
    assert (bob.name, bob.package) == ("AKIDbob", 10)
    assert (alice.contract, bob.contract) == (None, date(2026, 3, 13))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- name: a\n", "1:3: missing key 'keys'"),
        ("- keys: [{SecretId: x, SecretKy: planted}]\n", "1:24: unknown key 'SecretKy'"),
        ("- keys: [{SecretId: x, SecretKey: 20261122}]\n", "1:35: expected text\n"),
        (
            "- keys: [{SecretId: x, SecretKey: y}]\n  contract: 2020-01-01\n",
            "2:13: expected 2023-11-15 or later (the oldest contract)",
        ),
        ("a: 1\n", "1:1: expected a list, got a mapping"),
    ],
)
def test_a_wrong_keys_file_is_refused_with_the_location_and_no_secret(
    tmp_path: Path, text: str, message: str
) -> None:
    file = tmp_path / "keys.yaml"
    file.write_text(text)

    with pytest.raises(DocumentError) as refused:
        read_account_specs(read_document(file))

    assert f"{file}:{message}" in f"{refused.value}\n"
    assert "planted" not in str(refused.value)
    assert "20261122" not in str(refused.value)
