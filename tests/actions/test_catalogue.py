import re
from pathlib import Path

import pytest

import mockocr
from mockocr.actions import catalogue
from mockocr.actions.catalogue import (
    UnknownActionError,
    all_actions,
    choose_action,
    find_action,
    specimen_catalogue,
    specimens_by_code,
)
from mockocr.actions.idcard.action import ID_CARD_OCR
from mockocr.protocol.call import Call
from mockocr.protocol.errors import ApiError
from tests.actions.toy import ECHO_OCR

PACKAGE = Path(mockocr.__file__).parent


def a_call(action: str = "IDCardOCR", version: str = "2018-11-19") -> Call:
    return Call(False, None, 0, action, version)


@pytest.mark.parametrize("product", ["ocr", None])
def test_an_action_is_found_by_its_names(product: str | None) -> None:
    assert find_action(product, a_call()) is ID_CARD_OCR


@pytest.mark.parametrize(
    ("product", "call", "code"),
    [
        ("cvm", a_call("X", "2017-03-12"), "NoSuchProduct"),
        ("ocr", a_call("X", "2017-03-12"), "NoSuchVersion"),
        (None, a_call(version=""), "NoSuchVersion"),
        ("ocr", a_call("BankCardOCR"), "InvalidAction"),
        (None, a_call("idcardocr"), "InvalidAction"),
    ],
)
def test_an_unknown_product_then_version_then_action_is_refused(
    product: str | None, call: Call, code: str
) -> None:
    with pytest.raises(ApiError) as refused:
        find_action(product, call)

    assert refused.value.code == code


def test_an_unknown_version_is_refused_in_the_observed_words() -> None:
    with pytest.raises(ApiError) as refused:
        find_action("ocr", a_call(version="2019-07-22"))

    assert refused.value.message("en-US") == (
        "The specified api version=`2019-07-22` does not exist in service=`ocr`."
    )


def test_no_two_actions_have_the_same_names() -> None:
    assert len({(each.service, each.version, each.name) for each in all_actions()}) == len(
        all_actions()
    )


def test_only_the_catalogue_knows_the_registered_actions() -> None:
    """import-linter forbids imports of an action. This forbids imports of the tuple, too."""
    users = [
        path.relative_to(PACKAGE).as_posix()
        for path in sorted(PACKAGE.rglob("*.py"))
        if re.search(r"\bID_CARD_OCR\b|\b_?ACTIONS\b|actions\.idcard", path.read_text("utf-8"))
    ]

    assert [each for each in users if not each.startswith("actions/idcard/")] == [
        "actions/catalogue.py",
        "actions/keywords.py",  # types of keyword arguments only
    ]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("IdCardOcr", "unknown action 'IdCardOcr'; did you mean 'IDCardOCR'?"),
        ("x", "unknown action 'x'; expected 'IDCardOCR'"),
    ],
)
def test_a_name_that_no_action_has_is_refused(name: str, problem: str) -> None:
    with pytest.raises(UnknownActionError, match=re.escape(problem)):
        choose_action(name)


def test_the_only_action_needs_no_name() -> None:
    assert choose_action() is choose_action("IDCardOCR") is ID_CARD_OCR


def test_specimens_are_those_of_the_action_that_has_some(monkeypatch: pytest.MonkeyPatch) -> None:
    assert specimen_catalogue() is ID_CARD_OCR.specimens

    monkeypatch.setattr(catalogue, "_ACTIONS", (ECHO_OCR,))
    with pytest.raises(LookupError, match="no registered action has specimens"):
        specimen_catalogue()
    assert not specimens_by_code()
