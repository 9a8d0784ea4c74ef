"""Which calls a rule takes: matchers of texts, headers, the picture."""

import hashlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from mockocr.actions.facts import Facts
from mockocr.actions.idcard.exhibit import picture_of
from mockocr.actions.idcard.named import BY_NAME
from mockocr.scenario.book import Book
from tests.builders import URL, a_picture, base64
from tests.scenario.scripts import a_scenario, decided

PNG = a_picture("PNG", 600, 400)
FAKE = b"fake"


def takes(when: str, parameters: dict[str, Any], **given: Any) -> bool:
    text = f"name: n\nrules:\n  - {{name: it, when: {when}, then: {{card: invented}}}}\n"
    return decided(Book([a_scenario(text)]), parameters, **given).rule == "it"


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
    assert takes(f"{{ImageUrl: {matcher}}}", {"ImageUrl": url}) is expected


@pytest.mark.parametrize("matcher", ["{glob: '*'}", "{regex: ''}", "{contains: ''}"])
def test_what_was_not_sent_matches_nothing_but_being_absent(matcher: str) -> None:
    assert not takes(f"{{ImageUrl: {matcher}}}", {"ImageBase64": base64(PNG)})
    assert takes("{ImageUrl: {absent: true}}", {"ImageBase64": base64(PNG)})


def test_no_pattern_takes_long_on_any_text() -> None:
    """Backtracking engines would not end on this one before the timeout of the test."""
    evil = f"https://xx/{'a' * 5000}!"

    assert not takes('{ImageUrl: {regex: "(a+)+$"}}', {"ImageUrl": evil})
    assert not takes(f'{{ImageUrl: {{glob: "{"*a" * 200}*b"}}}}', {"ImageUrl": evil})


@pytest.mark.parametrize(
    ("condition", "side", "expected"),
    [
        ("{absent: true}", None, True),
        ("{absent: true}", "FRONT", False),
        ("{absent: false}", "FRONT", True),
        ("{absent: false}", None, False),
    ],
)
def test_a_side_may_be_asked_for_at_all(condition: str, side: str | None, expected: bool) -> None:
    parameters = {"CardSide": side} if side else {}

    assert takes(f"{{CardSide: {condition}}}", parameters) is expected


def test_the_base64_of_a_picture_may_be_asked_about() -> None:
    fake = {"ImageBase64": base64(FAKE)}

    assert takes(f"{{ImageBase64: {base64(FAKE)}}}", fake)
    assert takes("{ImageBase64: {glob: 'ZmF*'}}", fake)
    assert not takes("{ImageBase64: {glob: 'ZmF*'}}", {"ImageUrl": URL})
    assert takes("{ImageBase64: {absent: true}}", {"ImageUrl": URL})


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
def test_the_picture_itself_may_be_asked_about(condition: str, expected: bool) -> None:
    assert takes(f"{{picture: {condition}}}", {"ImageBase64": base64(PNG)}) is expected


def test_a_picture_that_is_none_has_a_digest_and_nothing_else() -> None:
    fake = {"ImageBase64": base64(FAKE)}

    assert takes(f"{{picture: {{sha256: {hashlib.sha256(FAKE).hexdigest()}}}}}", fake)
    assert not takes("{picture: {format: [PNG, JPEG, BMP]}}", fake)
    assert not takes("{picture: {min_width: 1}}", fake)


def test_a_picture_that_is_not_at_hand_has_nothing() -> None:
    digest = hashlib.sha256(URL.encode()).hexdigest()

    assert not takes(f"{{picture: {{sha256: {digest}}}}}", {"ImageUrl": URL})
    assert not takes("{picture: {min_width: 1}}", {"ImageUrl": URL})


@pytest.mark.parametrize(
    ("names", "expected"),
    [("li-ming", True), ("[expired-card, li-ming]", True), ("li-ming-back", False)],
)
def test_a_specimen_is_known_by_its_name_whatever_was_done_to_it(
    names: str, expected: bool
) -> None:
    with Image.open(BytesIO(picture_of(BY_NAME["li-ming"]))) as image:
        sent = image.resize((480, 320)).rotate(5, expand=True)
    buffer = BytesIO()
    sent.save(buffer, "JPEG", quality=60)

    asked = {"ImageBase64": base64(buffer.getvalue())}
    assert takes(f"{{picture: {{specimen: {names}}}}}", asked) is expected


@pytest.mark.parametrize(
    "sent", [{"ImageUrl": URL}, {"ImageBase64": base64(PNG)}, {"ImageBase64": base64(FAKE)}]
)
def test_what_is_no_specimen_has_the_name_of_none(sent: dict[str, Any]) -> None:
    assert not takes("{picture: {specimen: [li-ming, li-ming-back]}}", sent)


def test_two_specimens_in_one_picture_are_known_both() -> None:
    cards = [picture_of(BY_NAME[name], "PNG") for name in ("li-ming", "li-ming-back")]
    both = Image.new("RGB", (960, 1280))
    for index, card in enumerate(cards):
        with Image.open(BytesIO(card)) as image:
            both.paste(image, (0, 640 * index))
    buffer = BytesIO()
    both.save(buffer, "PNG")
    asked = {"ImageBase64": base64(buffer.getvalue())}

    assert takes("{picture: {specimen: li-ming}}", asked)
    assert takes("{picture: {specimen: li-ming-back}}", asked)
    assert not takes("{picture: {specimen: both-sides}}", asked)


def test_headers_may_be_asked_about_in_any_case() -> None:
    headers = {"x-tc-language": "en-US"}

    assert takes("{header: {X-TC-Language: en-US}}", {}, headers=headers)
    assert takes("{header: {x-tc-LANGUAGE: {glob: 'en-*'}}}", {}, headers=headers)
    assert not takes("{header: {X-TC-Language: zh-CN}}", {}, headers=headers)
    assert takes("{header: {X-Other: {absent: true}}}", {}, headers=headers)
    assert not takes("{header: {X-Other: {absent: false}}}", {}, headers=headers)


def test_what_costs_something_is_found_out_only_where_a_rule_asks() -> None:
    asked: list[str] = []

    def find_out(name: str) -> str:
        asked.append(name)
        return name.upper()

    facts = Facts({"known": 1}, {"source": find_out})

    assert (facts["known"], asked) == (1, [])
    assert [facts["source.a"], facts["source.a"]] == ["A", "A"]
    assert asked == ["a"]
    assert [facts.can_tell(it) for it in ("known", "source.b", "other.b")] == [True, True, False]


def test_what_is_kept_of_facts_is_what_rules_ask_about_and_takes_no_room() -> None:
    facts = Facts({"short": "x", "long": "x" * 5000, "unasked": 1}, {"source": str.upper})
    facts["source.found"]

    kept = facts.kept({"short", "long", "source.found", "source.unknown"})

    assert dict(kept) == {"short": "x", "source.found": "FOUND"}
    assert not kept.can_tell("source.unknown")
