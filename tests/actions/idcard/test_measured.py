"""Specimens with defects: a rule wins over a recorded defect, and this over a measured one."""

import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mockocr.accounts.call_settings import CallSettings
from mockocr.actions.idcard.answer import IDCardAnswer
from mockocr.actions.idcard.contract import CHANGES
from mockocr.actions.idcard.render import render
from mockocr.protocol.errors import ApiError
from mockocr.recognition.call_image import DECODING_SECONDS, CallImage
from mockocr.recognition.picture_cache import PictureCache
from mockocr.settings import API_PAGE
from mockocr.specimens.card_data import CardData, Kind
from mockocr.specimens.draw.specimen import draw, encoded
from tests.builders import NOW, advanced_info, an_answer, asked_for, base64, config
from tests.specimens.people import LI_MING, some_card_data

ALL = (
    *("Quality", "BorderCheckWarn", "CopyWarn", "ReshootWarn", "DetectPsWarn", "ReflectWarn"),
    *("TempIdWarn", "InvalidDateWarn"),
)
LATEST = CHANGES[-1].day


def picture(card_data: CardData, **defects: float) -> bytes:
    return encoded(draw(card_data, defects=defects), "JPEG")


def looked_at(
    content: bytes,
    answer: IDCardAnswer | None = None,
    contract: date = API_PAGE,
    pictures: PictureCache | None = None,
    **parameters: Any,
) -> tuple[Mapping[str, Any], CallImage]:
    query = asked_for(contract, ImageBase64=base64(content), **parameters)
    call_image = CallImage(pictures or PictureCache(), query.image)
    settings = CallSettings(NOW, 0, "valid", contract)
    rendering = render(query, answer or IDCardAnswer(), settings, call_image)
    return rendering.members, call_image


def info_of(content: bytes, *flags: str, **more: Any) -> dict[str, Any]:
    response, _ = looked_at(content, Config=config(*flags), **more)
    return advanced_info(response)


@pytest.mark.parametrize(
    ("defect", "codes"),
    [
        ("border", [-9101]),
        ("copy_bw", [-9102]),
        ("reshoot", [-9103]),
        ("occlusion", [-9105]),
        ("tampered", [-9106]),
        ("reflection", [-9107]),
        ("blur", []),
        ("copy", []),
    ],
)
def test_a_visible_defect_causes_a_warning_even_if_it_is_not_recorded(
    defect: str, codes: list[int]
) -> None:
    info = info_of(picture(LI_MING, **{defect: 1.0}), *ALL)

    assert info["WarnInfos"] == codes
    assert (info["Quality"] < 50) == (defect == "blur")
    assert (info["BorderCodeValue"] > 50) == (defect == "border")


def test_a_specimen_without_defects_has_no_warnings() -> None:
    info = info_of(picture(LI_MING), *ALL)

    assert info == {"WarnInfos": [], "Quality": info["Quality"], "BorderCodeValue": 3}
    assert info["Quality"] >= 90


def test_a_recorded_warning_holds_even_if_the_pixels_do_not_show_it() -> None:
    defects = ("border", "copy", "tampered", "reflection", "blur")

    info = info_of(picture(replace(LI_MING, defects=defects)), *ALL)

    assert info["WarnInfos"] == [-9101, -9102, -9106, -9107]
    assert info["BorderCodeValue"] > 50
    assert info["Quality"] == 49


def test_measured_warnings_are_added_to_recorded_ones() -> None:
    info = info_of(picture(replace(LI_MING, defects=("reshoot",)), occlusion=1.0), *ALL)

    assert info["WarnInfos"] == [-9103, -9105]


def test_warnings_of_a_rule_override_recorded_and_measured_ones() -> None:
    content = picture(replace(LI_MING, defects=("copy",)), border=1.0, reflection=1.0, blur=1.0)
    answer = an_answer(warnings=["reshoot"], quality=77)
    response, _ = looked_at(
        content, answer, Config=config(*ALL), EnableReflectDetail=True, pictures=PictureCache()
    )

    info = advanced_info(response)
    assert (info["WarnInfos"], info["Quality"]) == ([-9103], 77)
    assert info["BorderCodeValue"] <= 50
    assert response["ReflectDetailInfos"] == []


def test_a_rule_with_scores_only_leaves_warnings_to_the_picture() -> None:
    content = picture(LI_MING, border=1.0, blur=1.0)

    info = info_of(content, *ALL, answer=an_answer(quality=88, border=12))

    assert info == {"WarnInfos": [-9101], "Quality": 88, "BorderCodeValue": 12}


def test_the_positions_of_reflections_are_reported() -> None:
    content = picture(LI_MING, reflection=1.0)

    seen, _ = looked_at(content, Config=config("ReflectWarn"), EnableReflectDetail=True)
    response, _ = looked_at(
        content,
        an_answer(reflections=["Others"]),
        Config=config("ReflectWarn"),
        EnableReflectDetail=True,
    )

    regions = [{"Position": "Portrait"}, {"Position": "RecognitionField"}]
    assert seen["ReflectDetailInfos"] == regions
    assert response["ReflectDetailInfos"] == [{"Position": "Others"}]


def test_a_black_and_white_copy_has_both_copy_warnings_when_both_exist() -> None:
    grey = picture(LI_MING, copy_bw=1.0)
    marked = picture(replace(LI_MING, defects=("copy_bw",)))

    for content in (grey, marked):
        assert info_of(content, "CopyWarn")["WarnInfos"] == [-9102]
        assert info_of(content, "CopyWarn", contract=LATEST)["WarnInfos"] == [-9102, -9108]


def test_fields_are_valid_if_no_defect_is_seen_on_them() -> None:
    flags = ("KeyCheck", "ValueCheck")

    for defect, valid in (("reshoot", True), ("occlusion", False)):
        info = info_of(picture(LI_MING, **{defect: 1.0}), *flags, contract=LATEST)
        assert info == {"IsKeyValid": valid, "IsValueValid": valid}


@pytest.mark.parametrize(
    ("answer", "flags"),
    [
        ({}, ()),
        ({}, ("TempIdWarn", "InvalidDateWarn", "CropPortrait", "MultiCardDetect")),
        ({"warnings": []}, ("CopyWarn", "ReflectWarn")),
        ({"warnings": [], "quality": 1, "border": 1}, ALL),
        ({"card": "invented"}, ALL),
    ],
)
def test_only_requested_scores_are_measured(answer: dict[str, Any], flags: tuple[str, ...]) -> None:
    _, call_image = looked_at(picture(LI_MING), an_answer(**answer), Config=config(*flags))

    assert call_image.measured == {}


def test_a_picture_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    content, pictures = picture(LI_MING, reflection=1.0), PictureCache()
    first, _ = looked_at(content, pictures=pictures, Config=config("ReflectWarn"))
    monkeypatch.setattr("mockocr.specimens.measure.measuring.measure", None)

    again, call_image = looked_at(content, pictures=pictures, Config=config("ReflectWarn"))

    assert again == first
    assert len(call_image.measured) == 1


def test_a_picture_read_earlier_can_be_measured_later() -> None:
    content, pictures = picture(LI_MING, reflection=1.0), PictureCache()
    looked_at(content, pictures=pictures)

    later, _ = looked_at(content, pictures=pictures, Config=config("ReflectWarn"))

    assert advanced_info(later)["WarnInfos"] == [-9107]


def test_the_worse_of_two_sides_counts_and_one_side_counts_alone() -> None:
    content = picture(some_card_data(Kind.BOTH), occlusion=1.0)

    one, alone = looked_at(content, Config=config(*ALL))
    both, together = looked_at(content, Config=config(*ALL, "MultiCardDetect"))

    assert (len(alone.measured), len(together.measured)) == (1, 2)
    assert advanced_info(both)["Quality"] <= advanced_info(one)["Quality"]
    assert advanced_info(both)["WarnInfos"] == [-9105]


def test_measurements_are_shown_beside_the_fields_that_were_read() -> None:
    _, call_image = looked_at(picture(LI_MING, border=1.0), Config=config("BorderCheckWarn"))
    _, unasked = looked_at(picture(LI_MING, border=1.0))

    view = call_image.to_dict()
    assert view is not None
    (card,) = view["cards"]
    assert card["measured"]["border"]["warns"] == ["border"]
    assert card["measured"]["border"]["threshold"] == 2.0
    assert "李明" not in str(view)
    assert "440524" not in str(view)
    (plain,) = (unasked.to_dict() or {})["cards"]
    assert plain["measured"] is None


def test_a_card_that_cannot_be_measured_in_time_is_in_a_picture_that_is_too_large() -> None:
    content = encoded(draw(LI_MING, (3000, 2000)), "PNG")
    query = asked_for(ImageBase64=base64(content), Config=config("Quality"))
    settings = CallSettings(NOW, 0, "valid", API_PAGE)
    with closing(PictureCache()) as pictures:
        CallImage(pictures, query.image).read()
        late = CallImage(pictures, query.image, time.monotonic() - DECODING_SECONDS)

        with pytest.raises(ApiError) as refused:
            render(query, IDCardAnswer(), settings, late)

    assert refused.value.code == "FailedOperation.ImageSizeTooLarge"
    assert late.reason == "the picture was not decoded: the time limit was exceeded"
