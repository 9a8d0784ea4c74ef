"""Text for terminals: tables, and escapes for what could move a cursor or hide text."""

import json
import sys

import pytest

from mockocr.terminal import Table, difference, print_json, print_text


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    lines = Table("a", "long title").lines([["b", "c"], ["wide cell", "d"]])

    assert lines == ["a          long title", "b          c", "wide cell  d"]


def test_chinese_takes_two_cells_and_a_combining_character_none() -> None:
    lines = Table("a", "b").lines([["规则", "x"], ["e\u0301e", "x"], ["(半)", "x"]])

    assert lines == ["a     b", "规则  x", "e\u0301e    x", "(半)  x"]


def test_later_rows_fit_under_earlier_ones_and_have_no_titles() -> None:
    table = Table("a", "b")
    table.lines([["first row", "x"]])

    assert table.lines([["c", "y"]]) == ["c          y"]


def test_titles_are_printed_with_the_first_row() -> None:
    table = Table("a")

    assert table.lines([]) == []
    assert table.lines([["x"]]) == ["a", "x"]


def test_control_characters_are_escaped() -> None:
    assert Table("a").lines([["x\x1b[2J\ny"]]) == ["a", "x\\x1b[2J\\ny"]


HOSTILE = "a\x1b[2Jb\x9bc\u202ed\ud800e\r\n\tf"


def test_a_printed_text_keeps_its_lines_and_nothing_else_that_moves_a_cursor(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_text(HOSTILE)
    print_text("李明\n'plain'", sys.stderr)

    printed = capsys.readouterr()
    assert printed.out == "a\\x1b[2Jb\\x9bc\\u202ed\\ud800e\\r\n\\tf\n"
    assert printed.err == "李明\n'plain'\n"


@pytest.mark.parametrize("indent", [1, None])
def test_printed_json_has_escapes_and_is_the_same_json(
    capsys: pytest.CaptureFixture[str], indent: int | None
) -> None:
    for value in ({"sent": HOSTILE + "😀\U000e0001\x7f"}, {"sent": ["李明"]}):
        print_json(value, indent)
        printed = capsys.readouterr().out
        assert json.loads(printed) == value
        assert printed.replace("\n", "").isprintable()
    assert "李明" in printed


def test_a_difference_is_one_printable_line() -> None:
    text = difference({"name": "Region", "expected": {"glob": HOSTILE}, "found": [HOSTILE, "b"]})

    assert text.isprintable()
    assert text.startswith("expected Region glob: a\\x1b[2Jb")


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (None, ["a     b", "abcd  身份证号"]),
        (14, ["a     b", "abcd  身份证号"]),
        (12, ["a     b", "abcd  身份…"]),
        (8, ["a    b", "ab…  身…"]),
    ],
)
def test_a_table_cuts_its_widest_cells_to_fit(width: int | None, lines: list[str]) -> None:
    assert Table("a", "b", width=width).lines([["abcd", "身份证号"]]) == lines
