from mockocr.terminal import Table


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
