import pytest

from mockocr.actions.catalogue import ACTIONS, find_action
from mockocr.actions.idcard.action import ID_CARD_OCR
from mockocr.protocol.call import Call
from mockocr.protocol.errors import ApiError


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
    assert len({(it.service, it.version, it.name) for it in ACTIONS}) == len(ACTIONS)
