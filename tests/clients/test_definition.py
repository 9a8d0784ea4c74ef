"""mockocr's contract of IDCardOCR equals the definition that tccli ships. A failure lists the
names that differ."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from mockocr.actions.idcard.answer_spec import ReflectDetailInfo
from mockocr.actions.idcard.contract import contract_on
from mockocr.actions.idcard.query import CardSide, CardWarnType
from mockocr.actions.idcard.refusals import REFUSALS
from tests.builders import advanced_info, answered, config

VENV = Path(__file__).parents[2] / ".clients/tccli"
NEWEST = contract_on(date.max)

BREAK = re.compile(r"<br>|</?\w+>|\n")


def installed(pattern: str) -> str:
    files = list(VENV.glob(f"lib/python*/site-packages/{pattern}"))
    if not files:
        pytest.fail("tccli is not installed: run scripts/install-test-clients")
    return files[0].read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def objects() -> dict[str, Any]:
    definition = json.loads(installed("tccli/services/ocr/v20181119/api.json"))
    return dict(definition["objects"])


def members(objects: dict[str, Any], name: str) -> dict[str, Any]:
    return {member["name"]: member for member in objects[name]["members"]}


def lines(member: dict[str, Any]) -> list[str]:
    """The lines of a member's documentation, without tags."""
    return [line for line in BREAK.split(member["document"]) if line]


def named(member: dict[str, Any]) -> set[str]:
    """The names at the start of lines such as `CopyWarn，复印件告警`."""
    starts = (re.match(r"([A-Z]\w+)(，|：| )", line) for line in lines(member))
    return {start[1] for start in starts if start} - {"SDK", "API"}


def test_parameters_have_the_names_and_types_of_the_definition(objects: dict[str, Any]) -> None:
    published = {
        name: member["type"] for name, member in members(objects, "IDCardOCRRequest").items()
    }

    assert NEWEST.parameters == published


def test_flags_are_those_that_the_definition_names(objects: dict[str, Any]) -> None:
    published = named(members(objects, "IDCardOCRRequest")["Config"])

    assert NEWEST.flags.keys() == published


def test_choices_are_those_of_the_definition(objects: dict[str, Any]) -> None:
    request = members(objects, "IDCardOCRRequest")

    assert set(get_args(CardSide)) == named(request["CardSide"])
    assert set(get_args(CardWarnType)) == named(request["CardWarnType"])


def test_a_picture_may_be_as_large_as_the_definition_says(objects: dict[str, Any]) -> None:
    request = members(objects, "IDCardOCRRequest")
    message = {
        limit
        for name in ("ImageBase64", "ImageUrl")
        for limit in re.findall(r"不超过 (\d+)M", request[name]["document"])
    }

    assert message == {str(NEWEST.base64_characters // 1024**2)}


def test_the_response_has_the_members_and_types_of_the_definition(objects: dict[str, Any]) -> None:
    kinds: dict[Any, str] = {str: "string", list: "list"}
    published = {
        name: member["type"] for name, member in members(objects, "IDCardOCRResponse").items()
    }
    del published["RequestId"]

    result = answered(contract=date.max)

    assert {name: kinds[type(value)] for name, value in result.items()} == published


def test_advanced_info_has_the_members_that_the_definition_names(objects: dict[str, Any]) -> None:
    published = named(members(objects, "IDCardOCRResponse")["AdvancedInfo"])

    result = answered({"Config": config(*NEWEST.flags)}, contract=date.max)

    assert advanced_info(result).keys() == published


def test_warnings_have_the_codes_of_the_definition(objects: dict[str, Any]) -> None:
    result = lines(members(objects, "IDCardOCRResponse")["AdvancedInfo"])
    published = {int(line[:5]) for line in result if re.match(r"-91\d\d", line)}

    assert {warning.code for warning in NEWEST.warnings.values()} == published


def test_positions_of_reflections_are_those_of_the_definition(objects: dict[str, Any]) -> None:
    published = named(members(objects, "ReflectDetailInfo")["Position"])

    assert set(get_args(ReflectDetailInfo.model_fields["position"].annotation)) == published


def test_business_errors_have_codes_of_the_product() -> None:
    text = installed("tencentcloud/ocr/v20181119/errorcodes.py")
    published = set(re.findall(r"^[A-Z_]+ = '([\w.]+)'$", text, re.MULTILINE))

    assert not REFUSALS.keys() - published
