"""The cards that an account makes."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from mockocr import Account
from tests.builders import base64
from tests.testing.calling import call, outcome

if TYPE_CHECKING:
    pass


def test_a_card_is_answered_as_it_was_made(ocr: Account) -> None:
    front = base64(ocr.card(Name="李明"))
    back = base64(ocr.card("back", Authority="赵县公安局"))

    assert call(ocr, ImageBase64=front, CardSide="FRONT").Name == "李明"
    assert call(ocr, ImageBase64=back, CardSide="BACK").Authority == "赵县公安局"
    assert outcome(ocr, ImageBase64=back, CardSide="FRONT") == "FailedOperation.CardSideError"


def test_front_and_back_show_one_person_for_the_seed_of_the_account(ocr: Account) -> None:
    other = ocr.account(seed=8)

    both = call(ocr, ImageBase64=base64(ocr.card("both")), Config='{"MultiCardDetect": true}')
    front = call(ocr, ImageBase64=base64(ocr.card()))
    stranger = call(ocr, ImageBase64=base64(other.card()))

    assert both.Name == front.Name
    assert (both.IdNum, stranger.IdNum == front.IdNum) == (front.IdNum, False)


def test_a_card_may_be_a_ready_made_specimen(ocr: Account) -> None:
    picture = ocr.card(specimen="warning-reflection")
    answered = call(
        ocr, ImageBase64=base64(picture), CardSide="FRONT", Config='{"ReflectWarn": true}'
    )

    assert json.loads(answered.AdvancedInfo)["WarnInfos"] == [-9107]
    assert ocr.card(specimen="error-too-large-file-error")[:2] == b"BM"


@pytest.mark.parametrize(
    ("defects", "flag", "codes"),
    [(["copy"], "CopyWarn", [-9102]), ({"reshoot": 1.0, "blur": 0}, "ReshootWarn", [-9103])],
)
def test_a_card_may_have_defects(ocr: Account, defects: Any, flag: str, codes: list[int]) -> None:
    picture = ocr.card("front", defects=defects, Name="李明")
    answered = call(ocr, ImageBase64=base64(picture), Config=json.dumps({flag: True}))

    assert answered.Name == "李明"
    assert json.loads(answered.AdvancedInfo)["WarnInfos"] == codes
