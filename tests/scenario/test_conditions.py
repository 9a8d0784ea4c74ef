"""Which calls a rule matches: by texts, headers and the picture."""

import hashlib
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from mockocr.actions.facts import Facts
from mockocr.actions.idcard.specimens.catalogue import BY_NAME
from mockocr.actions.idcard.specimens.pictures import picture_of
from mockocr.scenario.rulebook import Rulebook
from tests.builders import URL, a_picture, base64, config
from tests.scenario.scripts import a_scenario, decided

PNG = a_picture("PNG", 600, 400)
FAKE = b"fake"


def matches(when: str, parameters: dict[str, Any], **options: Any) -> bool:
    text = f"name: n\nrules:\n  - {{name: it, when: {when}, then: {{card: invented}}}}\n"
    return decided(Rulebook([a_scenario(text)]), parameters, **options).rule == "it"


@pytest.mark.parametrize(
    ("matcher", "url", "expected"),
    [
        ('{glob: "https://xx/*.jpg"}', URL, True),
        ('{glob: "*"}', URL, True),
        ('{glob: "https://xx/?.jpg"}', URL, True),
        ('{glob: "https://xx/??.jpg"}', URL, False),
        ('{glob: "*.jpg"}', f"{URL}?x", False),
        ('{glob: "*.jpg"}', f"{URL}\n", False),
        ('{glob: "https://xx/a+[b].jpg"}', "https://xx/a+[b].jpg", True),
        ('{glob: "https://xx/a+[b].jpg"}', "https://xx/aab.jpg", False),
        ('{regex: "/[a-c]\\\\.jpg$"}', URL, True),
        ('{regex: "/[b-c]\\\\.jpg$"}', URL, False),
        ("{regex: xx}", URL, True),
        ("{contains: xx/a}", URL, True),
        ("{contains: xx/b}", URL, False),
        ("{absent: false}", URL, True),
        ("{absent: true}", URL, False),
    ],
)
def test_a_text_may_be_matched(matcher: str, url: str, expected: bool) -> None:
    assert matches(f"{{ImageUrl: {matcher}}}", {"ImageUrl": url}) is expected


@pytest.mark.parametrize("matcher", ["{glob: '*'}", "{regex: ''}", "{contains: ''}"])
def test_a_missing_value_matches_only_absent(matcher: str) -> None:
    assert not matches(f"{{ImageUrl: {matcher}}}", {"ImageBase64": base64(PNG)})
    assert matches("{ImageUrl: {absent: true}}", {"ImageBase64": base64(PNG)})


def test_no_pattern_backtracks() -> None:
    """An engine that backtracks would not end before the timeout of the test."""
    evil = f"https://xx/{'a' * 5000}!"

    assert not matches('{ImageUrl: {regex: "(a+)+$"}}', {"ImageUrl": evil})
    assert not matches(f'{{ImageUrl: {{glob: "{"*a" * 200}*b"}}}}', {"ImageUrl": evil})


@pytest.mark.parametrize(
    ("condition", "side", "expected"),
    [
        ("{absent: true}", None, True),
        ("{absent: true}", "FRONT", False),
        ("{absent: false}", "FRONT", True),
        ("{absent: false}", None, False),
    ],
)
def test_a_condition_can_ask_whether_a_side_was_sent(
    condition: str, side: str | None, expected: bool
) -> None:
    parameters = {"CardSide": side} if side else {}

    assert matches(f"{{CardSide: {condition}}}", parameters) is expected


def test_a_condition_can_use_the_base64_of_a_picture() -> None:
    fake = {"ImageBase64": base64(FAKE)}

    assert matches(f"{{ImageBase64: {base64(FAKE)}}}", fake)
    assert matches("{ImageBase64: {glob: 'ZmF*'}}", fake)
    assert not matches("{ImageBase64: {glob: 'ZmF*'}}", {"ImageUrl": URL})
    assert matches("{ImageBase64: {absent: true}}", {"ImageUrl": URL})


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{format: PNG}", True),
        ("{format: [JPEG, PNG]}", True),
        ("{format: BMP}", False),
        ("{min_width: 600}", True),
        ("{min_width: 601}", False),
        (f"{{sha256: {hashlib.sha256(PNG).hexdigest()}}}", True),
        (f"{{sha256: {hashlib.sha256(PNG).hexdigest().upper()}}}", True),
        (f"{{sha256: {'f' * 64}}}", False),
        ("{format: PNG, min_width: 601}", False),
    ],
)
def test_a_condition_can_use_the_picture_itself(condition: str, expected: bool) -> None:
    assert matches(f"{{picture: {condition}}}", {"ImageBase64": base64(PNG)}) is expected


def test_an_invalid_picture_has_a_digest_and_nothing_else() -> None:
    fake = {"ImageBase64": base64(FAKE)}

    assert matches(f"{{picture: {{sha256: {hashlib.sha256(FAKE).hexdigest()}}}}}", fake)
    assert not matches("{picture: {format: [PNG, JPEG, BMP]}}", fake)
    assert not matches("{picture: {min_width: 1}}", fake)


def test_an_unavailable_picture_has_no_facts() -> None:
    digest = hashlib.sha256(URL.encode()).hexdigest()

    assert not matches(f"{{picture: {{sha256: {digest}}}}}", {"ImageUrl": URL})
    assert not matches("{picture: {min_width: 1}}", {"ImageUrl": URL})


@pytest.mark.parametrize(
    ("names", "expected"),
    [("li-ming", True), ("[expired-card, li-ming]", True), ("li-ming-back", False)],
)
def test_a_processed_specimen_is_recognized_by_name(names: str, expected: bool) -> None:
    with Image.open(BytesIO(picture_of(BY_NAME["li-ming"]))) as image:
        sent = image.resize((480, 320)).rotate(5, expand=True)
    buffer = BytesIO()
    sent.save(buffer, "JPEG", quality=60)

    parameters = {"ImageBase64": base64(buffer.getvalue())}
    assert matches(f"{{picture: {{specimen: {names}}}}}", parameters) is expected


@pytest.mark.parametrize(
    "sent", [{"ImageUrl": URL}, {"ImageBase64": base64(PNG)}, {"ImageBase64": base64(FAKE)}]
)
def test_a_picture_that_is_not_a_specimen_has_no_name(sent: dict[str, Any]) -> None:
    assert not matches("{picture: {specimen: [li-ming, li-ming-back]}}", sent)


def test_both_specimens_of_one_picture_are_recognized() -> None:
    cards = [picture_of(BY_NAME[name], "PNG") for name in ("li-ming", "li-ming-back")]
    both = Image.new("RGB", (960, 1280))
    for index, card in enumerate(cards):
        with Image.open(BytesIO(card)) as image:
            both.paste(image, (0, 640 * index))
    buffer = BytesIO()
    both.save(buffer, "PNG")
    parameters = {"ImageBase64": base64(buffer.getvalue())}

    assert matches("{picture: {specimen: li-ming}}", parameters)
    assert matches("{picture: {specimen: li-ming-back}}", parameters)
    assert not matches("{picture: {specimen: both-sides}}", parameters)


def test_a_condition_can_name_a_header_in_any_case() -> None:
    headers = {"x-tc-language": "en-US"}

    assert matches("{header: {X-TC-Language: en-US}}", {}, headers=headers)
    assert matches("{header: {x-tc-LANGUAGE: {glob: 'en-*'}}}", {}, headers=headers)
    assert not matches("{header: {X-TC-Language: zh-CN}}", {}, headers=headers)
    assert matches("{header: {X-Other: {absent: true}}}", {}, headers=headers)
    assert not matches("{header: {X-Other: {absent: false}}}", {}, headers=headers)


BACK_OR_BEIJING = "{any: [{CardSide: BACK}, {Region: ap-beijing, Config: {CopyWarn: true}}]}"


@pytest.mark.parametrize(
    ("when", "parameters", "region", "expected"),
    [
        ("{not: {CardSide: BACK}}", {"CardSide": "FRONT"}, "", True),
        ("{not: {CardSide: BACK}}", {}, "", True),
        ("{not: {CardSide: BACK}}", {"CardSide": "BACK"}, "", False),
        ("{not: {CardSide: BACK, Region: ap-beijing}}", {"CardSide": "BACK"}, "", True),
        ("{not: {CardSide: BACK, Region: ap-beijing}}", {"CardSide": "BACK"}, "ap-beijing", False),
        ("{not: {not: {CardSide: BACK}}}", {"CardSide": "BACK"}, "", True),
        (BACK_OR_BEIJING, {"CardSide": "BACK"}, "", True),
        (BACK_OR_BEIJING, {"CardSide": "FRONT"}, "ap-beijing", False),
        (BACK_OR_BEIJING, {"Config": config("CopyWarn")}, "ap-beijing", True),
        (f"{{not: {BACK_OR_BEIJING}}}", {"Config": config("CopyWarn")}, "", True),
        (f"{{Region: ap-beijing, {BACK_OR_BEIJING[1:]}", {"CardSide": "BACK"}, "", False),
    ],
)
def test_conditions_can_be_negated_and_alternatives(
    when: str, parameters: dict[str, Any], region: str, expected: bool
) -> None:
    assert matches(when, {"ImageUrl": URL, **parameters}, region=region) is expected


def test_a_later_alternative_is_not_looked_up_if_an_earlier_one_matches() -> None:
    """A picture that nobody needs is not decoded."""
    rule = "{when: {any: [{CardSide: BACK}, {picture: {format: PNG}}]}, then: {http: 502}}"
    (rule_of_text,) = a_scenario(f"name: n\nrules: [{rule}]").rules

    facts = Facts({"CardSide": "BACK"}, {})

    assert rule_of_text.differences(facts) == []
    assert all(each.test(facts[each.fact]) for each in rule_of_text.conditions)


@pytest.mark.parametrize(
    ("window", "now", "expected"),
    [
        ('"22:00", "06:00"', "22:00:00", True),
        ('"22:00", "06:00"', "05:59:59", True),
        ('"22:00", "06:00"', "06:00:00", False),
        ('"22:00", "06:00"', "21:59:59", False),
        ('"09:00", "17:30"', "09:00:00", True),
        ('"09:00", "17:30"', "17:30:00", False),
        ('"22:00+08:00", "06:00+08:00"', "14:00:00", True),
        ('"22:00+08:00", "06:00+08:00"', "22:00:00", False),
        ('"00:30+08:00", "08:00Z"', "16:30:00", True),
    ],
)
def test_a_condition_can_name_a_part_of_the_day(window: str, now: str, expected: bool) -> None:
    moment = datetime.fromisoformat(f"2026-11-30T{now}+00:00")

    assert matches(f"{{between: [{window}]}}", {}, now=moment) is expected


def test_expensive_facts_are_computed_only_if_a_rule_uses_them() -> None:
    looked_up: list[str] = []

    def find_out(name: str) -> str:
        looked_up.append(name)
        return name.upper()

    facts = Facts({"known": 1}, {"source": find_out})

    assert (facts["known"], looked_up) == (1, [])
    assert [facts["source.a"], facts["source.a"]] == ["A", "A"]
    assert looked_up == ["a"]
    assert [facts.has(each) for each in ("known", "source.b", "other.b")] == [True, True, False]


def test_only_the_facts_that_rules_use_are_kept() -> None:
    facts = Facts({"short": "x", "long": "x" * 5000, "unasked": 1}, {"source": str.upper})
    facts["source.found"]

    snapshot = facts.snapshot({"short", "long", "source.found", "source.unknown"})

    assert dict(snapshot) == {"short": "x", "source.found": "FOUND"}
    assert not snapshot.has("source.unknown")
