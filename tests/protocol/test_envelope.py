"""The envelope of every reply."""

import json

import pytest

from mockocr.protocol.envelope import failure, members, success
from mockocr.protocol.errors import Evidence, Language, Refusal

GATEWAY = Refusal("Code.Of", "in {place}", "在{place}", Evidence.OBSERVED)
BUSINESS = Refusal("Code.Of", "english", "中文", Evidence.DOCUMENTED, spoken="zh-CN")


def test_success_contains_the_fields_and_the_request_id() -> None:
    assert json.loads(success("id", members({"Name": "李明"}))) == {
        "Response": {"Name": "李明", "RequestId": "id"}
    }


def test_failure_contains_code_message_and_the_request_id() -> None:
    assert json.loads(failure("id", GATEWAY.error(place="x"), "en-US")) == {
        "Response": {"Error": {"Code": "Code.Of", "Message": "in x"}, "RequestId": "id"}
    }


@pytest.mark.parametrize(
    ("refusal", "language", "message"),
    [
        (GATEWAY, "en-US", "in x"),
        (GATEWAY, "zh-CN", "在x"),
        (GATEWAY, None, "in x"),
        (BUSINESS, "en-US", "english"),
        (BUSINESS, "zh-CN", "中文"),
        (BUSINESS, None, "中文"),
    ],
)
def test_a_message_is_in_the_requested_language_or_its_default(
    refusal: Refusal, language: Language | None, message: str
) -> None:
    assert refusal.error(place="x").message(language) == message


def test_a_lone_surrogate_does_not_break_a_reply() -> None:
    unknown = Refusal("C", "{name}", "{name}", Evidence.ASSUMED).error(name="\ud800")

    assert json.loads(failure("id", unknown, None))["Response"]["Error"]["Message"] == "?"
