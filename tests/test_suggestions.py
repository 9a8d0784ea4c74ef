import pytest

from mockocr.suggestions import unknown

CHOICES = ["name", "IdNum", "FRONT"]


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [("nmae", "name"), ("NAME", "name"), ("idnum", "IdNum"), ("ＦＲＯＮＴ", "FRONT")],
)
def test_the_most_similar_choice_is_suggested_whatever_the_case(name: str, suggestion: str) -> None:
    assert unknown("key", name, CHOICES) == f"unknown key '{name}'; did you mean '{suggestion}'?"


def test_a_code_without_its_first_part_is_recognized() -> None:
    codes = ["AuthFailure.TokenFailure", "FailedOperation.OcrFailed"]

    assert unknown("value", "OcrFailed", codes).endswith(
        "did you mean 'FailedOperation.OcrFailed'?"
    )
    assert unknown("value", "Failed", codes).startswith("unknown value 'Failed'; expected one of")


@pytest.mark.parametrize(
    ("choices", "remedy"),
    [
        (CHOICES, "expected one of name, IdNum, FRONT"),
        (["FRONT"], "expected 'FRONT'"),
        ([], "there are none"),
        (range(25), f"expected one of {', '.join(map(str, range(25)))}"),
        (range(26), "expected one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ..."),
    ],
)
def test_the_choices_are_listed_if_none_is_similar(choices: list[object], remedy: str) -> None:
    assert unknown("key", "zzz", choices) == f"unknown key 'zzz'; {remedy}"


def test_numbers_are_compared_as_text_and_shown_without_quotes() -> None:
    assert unknown("code", -9112, [-9100, -9111]) == "unknown code -9112; did you mean -9111?"


def test_a_long_name_is_cut_off() -> None:
    assert unknown("key", "x" * 1000, []) == f"unknown key '{'x' * 79}...; there are none"
