"""The JSON Schema of the language accepts what the loader accepts."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from mockocr.documents.document import DocumentError
from mockocr.documents.reading import read_document
from mockocr.scenario.library import SHIPPED
from mockocr.scenario.load import load_file
from mockocr.scenario.schema import scenario_schema
from tests.test_docs import blocks

SCHEMA = scenario_schema()
WRONG = sorted(Path(__file__).parent.joinpath("wrong").glob("*.yaml"))

NEEDS_MORE_THAN_A_SCHEMA = {
    "back-field-for-front",
    "between-offset-of-a-day",
    "between-the-same-times",
    "birth-in-chinese",
    "birth-of-no-day",
    "birth-without-separators",
    "chaos-with-a-newer-warning",
    "clock-freeze-is-no-moment",
    "clock-of-two-kinds",
    "contract-is-no-date",
    "contract-too-old",
    "delay-too-long",
    "delay-uniform-backwards",
    "expect-backwards",
    "expect-nothing-of-it",
    "expect-of-no-rule",
    "flag-newer-than-the-contract",
    "front-field-for-back-in-a-list",
    "id-num-in-full-width-digits",
    "id-num-in-full-width-quotes",
    "matcher-regex-broken",
    "matcher-regex-looks-around",
    "parameter-newer-than-the-contract",
    "quality-whose-flag-is-not-set",
    "reflection-on-what-the-side-has-not",
    "reflections-without-detail",
    "rules-named-like-a-position",
    "rules-of-one-name",
    "specimen-of-the-other-side",
    "specimen-whose-warning-is-newer",
    "times-of-the-last-outcome",
    "times-of-the-only-outcome",
    "valid-date-long-term-alone",
    "valid-date-with-a-dash",
    "warning-newer-than-the-contract",
    "warning-of-advanced-for-basic",
    "warning-whose-flag-is-not-set",
}
"""Files whose error a schema cannot express: two parts contradict each other, or a date, the
contract or the form of a card is wrong."""


def errors(data: object) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(data)]


def test_the_schema_is_a_valid_json_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_shipped_schema_is_up_to_date() -> None:
    """The file is made by `mockocr schema > scenarios/scenario.schema.json`."""
    shipped = (SHIPPED / "scenario.schema.json").read_text(encoding="utf-8")

    assert json.loads(shipped) == SCHEMA


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_scenario_is_valid_by_the_schema(path: Path) -> None:
    assert errors(read_document(path).data) == []


def test_every_example_of_the_documentation_is_valid_by_the_schema(tmp_path: Path) -> None:
    for page in ("README.md", "docs/scenarios.md", "docs/faults.md"):
        for index, text in enumerate(blocks(page, "yaml")):
            file = tmp_path / f"{index}.yaml"
            file.write_text(text, encoding="utf-8")
            assert errors(read_document(file).data) == [], (page, index)


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_a_wrong_file_is_invalid_by_the_schema(path: Path) -> None:
    try:
        data = read_document(path).data
    except DocumentError:
        return  # no YAML: nothing that a schema could judge

    with pytest.raises(DocumentError):
        load_file(path)
    assert bool(errors(data)) is (path.stem not in NEEDS_MORE_THAN_A_SCHEMA)
