"""Accounts by name and by SecretId."""

import pytest

from mockocr.accounts.account import BUILT_IN, Account, Accounts, TakenError

A = Account("a", {"AKID1": "secret-one", "AKID2": "secret-two"}, tokens=frozenset({"secret-token"}))
B = Account("b", {"AKID3": "three"})


def test_no_keys_means_the_built_in_account() -> None:
    accounts = Accounts.of(())

    assert accounts.find("AKIDMOCKOCR") is BUILT_IN
    assert BUILT_IN.keys == {"AKIDMOCKOCR": "mockocr"}


def test_keys_replace_the_built_in_account_and_each_pair_is_an_account() -> None:
    accounts = Accounts.of([("ID", "secret"), ("ID2", "secret2")], [A])

    assert accounts.find("AKIDMOCKOCR") is None
    assert [account.name for account in accounts.all()] == ["ID", "ID2", "a"]
    assert accounts.find("ID2") == Account("ID2", {"ID2": "secret2"})


def test_an_account_is_found_by_each_of_its_keys_and_by_its_name() -> None:
    accounts = Accounts([A, B])

    assert accounts.find("AKID1") is accounts.find("AKID2") is accounts.named("a") is A
    assert accounts.find("AKID") is None
    assert accounts.named("c") is None


def test_the_first_account_is_the_one_added_first() -> None:
    accounts = Accounts([A, B])
    accounts.remove("a")

    assert accounts.first() is B
    accounts.remove("b")
    assert accounts.first() is None


def test_a_name_and_a_secret_id_belong_to_one_account_only() -> None:
    accounts = Accounts([A])

    with pytest.raises(TakenError, match="account 'a' already exists"):
        accounts.add(Account("a", {"other": "x"}))
    with pytest.raises(TakenError, match="SecretId 'AKID1' belongs to account 'a'"):
        accounts.add(Account("c", {"AKID1": "x"}))
    assert accounts.all() == [A]


def test_a_replaced_account_has_its_new_keys_only() -> None:
    accounts = Accounts([A, B])
    changed = Account("a", {"AKID2": "two", "AKID4": "four"})

    accounts.replace(changed)

    assert accounts.find("AKID1") is None
    assert accounts.find("AKID2") is accounts.find("AKID4") is accounts.named("a") is changed
    with pytest.raises(TakenError):
        accounts.replace(Account("a", {"AKID3": "x"}))
    assert accounts.find("AKID4") is changed


def test_a_removed_account_leaves_its_name_and_keys_free() -> None:
    accounts = Accounts([A, B])

    accounts.remove("a")

    assert accounts.find("AKID1") is None
    accounts.add(A)
    assert accounts.find("AKID1") is A


def test_a_repr_contains_no_secret() -> None:
    assert "secret-" not in repr(A)
