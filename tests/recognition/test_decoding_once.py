"""A call decodes its Base64 once, and its pixels once unless a crop needs more pixels."""

import json
import sys
from collections import Counter
from collections.abc import Mapping
from types import FrameType
from typing import Any

import pybase64
import pytest
from PIL.ImageFile import ImageFile

from mockocr.actions.idcard.contract import contract_on
from mockocr.pipeline.pipeline import Pipeline
from mockocr.protocol.parameters import CUT_OUT_BYTES
from mockocr.settings import API_PAGE
from mockocr.specimens.draw.specimen import draw, encoded
from tests.builders import a_picture, base64, config
from tests.pipelines import a_pipeline
from tests.requests import a_call
from tests.specimens.people import LI_MING

EVERY_FLAG = config(*contract_on(API_PAGE).flags)


def decodings(pipeline: Pipeline, parameters: Mapping[str, Any]) -> Counter[str]:
    """The number of times that a call decodes Base64 and pixels."""
    counts = Counter[str]()

    def count(frame: FrameType, event: str, called: Any) -> None:
        if event == "c_call" and called is pybase64.b64decode:
            counts["base64"] += 1
        # Pillow calls this each time it begins to decode the pixels of a file.
        if event == "call" and frame.f_code is ImageFile.load_prepare.__code__:
            counts["pixels"] += 1

    request = a_call(parameters)
    sys.setprofile(count)
    try:
        reply = pipeline.answer(request)
    finally:
        sys.setprofile(None)
    assert "Error" not in json.loads(reply.body)["Response"]
    return counts


@pytest.mark.parametrize("format", ["PNG", "JPEG"])
def test_a_new_picture_is_decoded_once_for_every_flag_and_both_crops(format: Any) -> None:
    text = base64(encoded(draw(LI_MING), format))
    assert len(text) > CUT_OUT_BYTES

    parameters = {"ImageBase64": text, "Config": EVERY_FLAG, "EnableReflectDetail": True}

    assert decodings(a_pipeline(), parameters) == {"base64": 1, "pixels": 1}


def test_a_short_new_picture_is_decoded_once() -> None:
    text = base64(a_picture())
    assert len(text) < CUT_OUT_BYTES

    parameters = {"ImageBase64": text, "Config": EVERY_FLAG}

    assert decodings(a_pipeline(), parameters) == {"base64": 1, "pixels": 1}


def test_only_a_crop_decodes_the_pixels_of_a_large_picture_again() -> None:
    text = base64(encoded(draw(LI_MING, (2400, 1600)), "JPEG"))
    quality = {"ImageBase64": text, "Config": config("Quality", "ReshootWarn")}
    crops = {"ImageBase64": text, "Config": config("CropIdCard", "CropPortrait")}

    assert decodings(a_pipeline(), quality) == {"base64": 1, "pixels": 1}
    assert decodings(a_pipeline(), crops) == {"base64": 1, "pixels": 2}


def test_a_picture_that_was_read_before_is_not_decoded() -> None:
    pipeline = a_pipeline()
    first = {"ImageBase64": base64(encoded(draw(LI_MING), "PNG"))}
    decodings(pipeline, first)

    assert decodings(pipeline, first) == {}
    assert decodings(pipeline, first | {"CardSide": "FRONT"}) == {"base64": 1}
