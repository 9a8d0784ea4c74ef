"""Scenarios with values that are answered differently than written are loaded, with a warning."""

import pytest

from mockocr.documents.reading import parse_document
from mockocr.scenario.load import load

NUMBER = "440524198701010014"
DERIVED = "is returned, derived from IdNum, unless the call sends EnableRecognitionRectify: false"


def warnings_of(text: str) -> list[str]:
    scenario = load(parse_document(text, "a.yaml"))
    return [f"{problem.where()}: {problem.text}" for problem in scenario.warnings]


def card(fields: str, when: str = "{}") -> str:
    return f"name: n\nrules:\n  - name: a\n    when: {when}\n    then: {{card: {{{fields}}}}}"


@pytest.mark.parametrize(
    ("fields", "column", "warning"),
    [
        (f'IdNum: "{NUMBER}", Birth: 1990/1/1', 55, f"1987/1/1 {DERIVED}"),
        (f'IdNum: "{NUMBER}", Sex: 女', 53, f"男 {DERIVED}"),
        ("Nation: 汉族", 27, "the API returns 汉, without 族"),
        ("Birth: 1987-01-01", 26, "the API returns 1987/1/1"),
        ("ValidDate: 2016/7/21-长期", 30, "the API returns 2016.07.21-长期"),
        (
            'IdNum: "44010019870101007x"',
            26,
            "the API returns the check digit X in upper case",
        ),
    ],
)
def test_a_value_that_the_answer_may_not_have_is_a_warning(
    fields: str, column: int, warning: str
) -> None:
    assert warnings_of(card(fields)) == [f":5:{column}: {warning}"]


@pytest.mark.parametrize(
    ("fields", "when"),
    [
        (f'IdNum: "{NUMBER}", Birth: 1987/1/1, Sex: 男', "{}"),
        (f'IdNum: "{NUMBER}", Birth: 1990/1/1', "{EnableRecognitionRectify: false}"),
        ('IdNum: "123", Birth: 1990/1/1', "{}"),
        ("Nation: 穿青人族, ValidDate: 2010.07.21-长期", "{}"),
        ('Birth: "", ValidDate: "", Name: ""', "{}"),
    ],
)
def test_a_value_that_is_answered_as_it_is_written_is_none(fields: str, when: str) -> None:
    assert warnings_of(card(fields, when)) == []


CATCH_ALL = "name: all, then: {card: invented}"
OTHER = "name: other, when: {CardSide: BACK}, then: {card: invented}"


def rules(*texts: str) -> str:
    return "\n".join(["name: n", "rules:", *(f"  - {{{text}}}" for text in texts)])


@pytest.mark.parametrize(
    ("texts", "line"),
    [
        ((CATCH_ALL, OTHER), 4),
        ((OTHER, f"priority: 4, {CATCH_ALL}"), 3),
        ((f"when: {{}}, {CATCH_ALL}", OTHER), 4),
    ],
)
def test_a_rule_behind_one_that_matches_every_call_is_a_warning(
    texts: tuple[str, ...], line: int
) -> None:
    (warning,) = warnings_of(rules(*texts))

    assert warning.startswith(f":{line}:")
    assert "rule 'other' is never reached: rule 'all' in line" in warning


def test_a_pattern_that_is_not_marked_as_one_is_a_warning() -> None:
    (warning,) = warnings_of(card("Name: 李明", "{ImageUrl: ['https://xx/a.jpg', '*.jpg']}"))

    assert "'*.jpg' is compared as it is written; for a pattern, write {glob: '*.jpg'}" in warning


BACK = "name: back, when: {CardSide: BACK}, then: {card: invented}"
SAME = "name: other, when: {CardSide: BACK, Config: {CopyWarn: true}}, then: {card: invented}"


def test_a_rule_behind_one_that_has_some_of_its_conditions_is_a_warning() -> None:
    (warning,) = warnings_of(rules(BACK, SAME))

    assert "rule 'other' is never reached: rule 'back' in line 3 matches every call that" in warning


@pytest.mark.parametrize(
    "texts",
    [
        (SAME, BACK),
        (f"after: fall_through, {BACK}", SAME),
        ("name: front, when: {CardSide: FRONT}, then: {card: invented}", SAME),
        (OTHER, CATCH_ALL),
        (f"after: fall_through, {CATCH_ALL}", OTHER),
        (CATCH_ALL, f"priority: 4, {OTHER}"),
    ],
)
def test_a_rule_that_is_reached_is_none(texts: tuple[str, ...]) -> None:
    assert warnings_of(rules(*texts)) == []
