"""Values are replaced in a text of YAML, and everything else stays as it was written."""

from typing import Any

import pytest

from mockocr.documents.reading import parse_document
from mockocr.documents.replacing import with_data

TEXT = """\
# above
name: a   # behind
rules:
  - {card: {Name: 李明, Sex: 男}}  # 😀

  - "quoted":
      - 'it''s'
      - plain text
"""


def data_of(text: str) -> Any:
    return parse_document(text, "").data


def test_a_text_with_the_same_data_stays_the_same() -> None:
    assert with_data(TEXT, data_of(TEXT), data_of(TEXT)) == TEXT


def test_only_the_values_that_differ_are_replaced() -> None:
    after = data_of(TEXT)
    after["rules"][0]["card"]["Name"] = "***"
    after["rules"][1]["quoted"] = ["<4 characters>", "***"]

    assert with_data(TEXT, data_of(TEXT), after) == TEXT.replace("李明", '"***"').replace(
        "'it''s'", '"<4 characters>"'
    ).replace("plain text", '"***"')


def test_line_ends_of_windows_stay() -> None:
    text = TEXT.replace("\n", "\r\n")
    after = data_of(text)
    after["name"] = "b"

    assert with_data(text, data_of(text), after) == text.replace("name: a", 'name: "b"')


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a: &x secret\nb: *x\n", {"a": "***", "b": "***"}),
        ("a: |\n  secret\nb: 1\n", {"a": "***", "b": 1}),
        ("a: 1\n", {"name": "x", "a": 1}),
        ("a:\n  - 1\n  - 2\n", {"a": [1]}),
    ],
)
def test_what_cannot_be_replaced_in_place_is_not_guessed(text: str, after: Any) -> None:
    found = with_data(text, data_of(text), after)

    assert found is None or (data_of(found) == after and "secret" not in found)
