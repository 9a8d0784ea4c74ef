"""The shortlist of a body: every call has the same decision with and without it."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockocr.actions.idcard.action import ID_CARD_OCR
from mockocr.scenario.call_counters import CallCounters
from mockocr.scenario.rulebook import MAX_SHORTLIST, Caller, Decision, Rulebook, Shortlist
from tests.builders import NOW, asked_for
from tests.scenario.scripts import a_scenario

CONDITIONS = (
    "CardSide: FRONT",
    "ImageUrl: {contains: a}",
    "EnableReflectDetail: true",
    "Region: ap-beijing",
    "picture: {format: PNG}",
    "header: {X-Suite: nightly}",
    "not: {CardSide: FRONT, EnableReflectDetail: false}",
    "any: [{CardSide: BACK}, {not: {ImageUrl: {contains: z}}, EnableReflectDetail: false}]",
)
OUTCOMES = (
    "{card: invented}",
    "{error: FailedOperation.ImageBlur}",
    "{http: 502}",
    "{fault: RANDOM_DATA_THEN_CLOSE}",
    "{card: invented, delay: {uniform: [10ms, 20ms]}}",
    "[{card: invented, times: 2}, {http: 502}]",
    "{one_of: [{card: invented}, {http: 502}]}",
)
AFTER = ("last", "cycle", "fall_through")
CHAOS = ("", "chaos: [{probability: 0.5, http: 503}, {after_calls: 1, delay: 1s}]\n")


@st.composite
def books(draw: st.DrawFn) -> Rulebook:
    rules = []
    for number in range(draw(st.integers(1, 5))):
        when = ", ".join(draw(st.lists(st.sampled_from(CONDITIONS), unique=True)))
        then, after = draw(st.sampled_from(OUTCOMES)), draw(st.sampled_from(AFTER))
        rules.append(f"  - {{name: r{number}, when: {{{when}}}, then: {then}, after: {after}}}\n")
    chaos = draw(st.sampled_from(CHAOS))
    return Rulebook([a_scenario(f"name: n\nrules:\n{''.join(rules)}{chaos}")])


def decide(
    rulebook: Rulebook,
    of_call: Mapping[str, Any],
    shortlist: Shortlist | None,
    call_counters: CallCounters,
) -> tuple[Decision, list[str]]:
    looked_up: list[str] = []

    def of(source: str, value: Any) -> Any:
        looked_up.append(source)
        return value

    facts = ID_CARD_OCR.facts(asked_for(CardSide=of_call["side"], ImageUrl=of_call["url"]))
    facts["Region"] = of_call["region"]
    facts.add_source("picture", lambda _: of("picture", of_call["format"]))
    facts.add_source("header", lambda _: of("header", of_call["suite"]))
    caller = Caller("alice", 0, NOW, str)
    return rulebook.decide(ID_CARD_OCR, facts, caller, call_counters, shortlist), looked_up


@given(
    books(),
    st.fixed_dictionaries(
        {
            "side": st.sampled_from(["FRONT", "BACK"]),
            "url": st.sampled_from(["https://xx/a.jpg", "https://xx/z.jpg"]),
        }
    ),
    st.lists(
        st.fixed_dictionaries(
            {
                "region": st.sampled_from(["", "ap-beijing"]),
                "format": st.sampled_from([None, "PNG"]),
                "suite": st.sampled_from([None, "nightly"]),
            }
        ),
        max_size=5,
    ),
)
def test_calls_with_a_body_that_came_before_are_decided_as_if_it_had_not(
    rulebook: Rulebook, body: Mapping[str, str], calls: list[Mapping[str, Any]]
) -> None:
    query = asked_for(CardSide=body["side"], ImageUrl=body["url"])
    shortlist = rulebook.shortlist(ID_CARD_OCR, ID_CARD_OCR.facts(query))
    charge, counted_shortlisted = CallCounters(), CallCounters()

    for call in calls:
        expected = decide(rulebook, {**body, **call}, None, charge)

        assert decide(rulebook, {**body, **call}, shortlist, counted_shortlisted) == expected


@pytest.mark.parametrize(
    ("when", "needs_more"),
    [
        ("CardSide: BACK", False),
        ("not: {CardSide: FRONT}", False),
        ("Region: ap-beijing", True),
        ("header: {X-Suite: a}", True),
        ("any: [{CardSide: BACK}, {Region: ap-beijing}]", True),
        ('between: ["22:00", "06:00"]', True),
    ],
)
def test_a_shortlist_says_whether_anything_but_the_body_is_asked_about(
    when: str, needs_more: bool
) -> None:
    rulebook = Rulebook(
        [a_scenario(f"name: n\nrules: [{{name: r, when: {{{when}}}, then: {{http: 502}}}}]")]
    )

    shortlist = rulebook.shortlist(ID_CARD_OCR, ID_CARD_OCR.facts(asked_for(CardSide="FRONT")))

    assert shortlist.needs_more is needs_more
    assert len(shortlist.candidates) == needs_more


def test_a_long_shortlist_is_that_of_all_bodies() -> None:
    rules = "".join(f"  - {{name: r{n}, then: {{http: 502}}}}\n" for n in range(MAX_SHORTLIST + 1))
    rulebook = Rulebook([a_scenario(f"name: n\nrules:\n{rules}")])

    one, another = (
        rulebook.shortlist(ID_CARD_OCR, ID_CARD_OCR.facts(asked_for(CardSide=side)))
        for side in ("FRONT", "BACK")
    )

    assert one.candidates is another.candidates
