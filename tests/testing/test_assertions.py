"""`explain` and `assert_called`."""

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from mockocr import Account
from tests.builders import base64
from tests.testing.calling import call, outcome

if TYPE_CHECKING:
    pass


def test_explain_describes_the_last_call_or_a_given_one(ocr: Account) -> None:
    with pytest.raises(LookupError, match="has made no call"):
        ocr.explain()

    outcome(ocr, key="worn")
    outcome(ocr)

    worn, fine = ocr.requests
    assert ocr.explain()["outcome"] == "ok"
    assert ocr.explain(RequestId=fine.request_id) == ocr.explain()
    result = ocr.explain(worn.request_id)
    assert (result["cause"], result["proven"]) == ("wrong_secret_key", False)


def test_assert_called_counts_calls_by_the_conditions_of_rules(ocr: Account) -> None:
    ocr.assert_called(0)
    call(ocr, CardSide="FRONT", Config='{"TempIdWarn": true}')
    call(ocr, CardSide="BACK", ImageUrl="https://xx/b.jpg?token=secret")
    call(ocr, ImageBase64=base64(ocr.card()), CardSide="FRONT")

    ocr.assert_called()
    ocr.assert_called(3)
    ocr.assert_called(times=2, CardSide="FRONT")
    ocr.assert_called(1, CardSide=["FRONT", "BACK"], Config={"TempIdWarn": True})
    ocr.assert_called(1, ImageUrl="https://xx/b.jpg?token=secret")
    ocr.assert_called(1, ImageUrl=["https://xx/b.jpg"])
    ocr.assert_called(2, ImageUrl={"glob": "https://xx/*.jpg"})
    ocr.assert_called(1, picture={"format": "PNG", "min_width": 100})
    ocr.assert_called(3, header={"X-TC-Language": "zh-CN"})
    ocr.assert_called(3, header={"Authorization": {"absent": False}, "X-Other": {"absent": True}})
    ocr.assert_called(0, Region="ap-beijing")


def test_a_failed_assertion_lists_the_differences_of_each_call(ocr: Account) -> None:
    call(ocr, CardSide="BACK")
    outcome(ocr, key="worn", CardSide="FRONT")
    outcome(ocr, CardSide="SIDE")
    back, worn, wrong = ocr.requests

    with pytest.raises(AssertionError) as failed:
        ocr.assert_called(CardSide="FRONT")

    assert str(failed.value).splitlines() == [
        "expected at least 1 matching call, got 0 (3 calls in total)",
        f"  not {back.request_id}: expected CardSide FRONT, got BACK",
        f"  not {worn.request_id}: AuthFailure.SignatureFailure",
        f"  not {wrong.request_id}: InvalidParameterValue.InvalidParameterValueLimit",
    ]
    with pytest.raises(
        AssertionError, match=r"^expected 1 matching call, got 3 \(3 calls in total\)$"
    ):
        ocr.assert_called(1)


def test_assert_called_compares_pictures_that_were_examined(ocr: Account) -> None:
    picture = ocr.card(specimen="li-ming")
    call(ocr, ImageBase64=base64(picture))
    call(ocr)

    ocr.assert_called(1, picture={"specimen": "li-ming"})
    ocr.assert_called(1, picture={"sha256": sha256(picture).hexdigest()})
    ocr.assert_called(1, ImageBase64={"absent": True})
    ocr.assert_not_called(picture={"specimen": "li-ming-back"})
    with pytest.raises(AssertionError, match=r"expected picture\.specimen li-ming, got none"):
        ocr.assert_called(2, picture={"specimen": "li-ming"})
