"""A search with a pattern takes no longer than its size and the text allow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from mockocr.actions.matchers import Glob, Regex
from mockocr.actions.patterns import (
    MAX_CHARACTERS,
    MAX_SEARCH,
    UNICODE_STEPS,
    has_comments,
    size,
)

REGEX = TypeAdapter(Regex)


@pytest.mark.parametrize(
    ("pattern", "steps"),
    [
        ("", 0),
        ("abc", 3),
        ("a.c", 3),
        ("^a*b+c?$", 3),
        ("a|bc", 3),
        ("a{5}", 5),
        ("a{2,5}b", 6),
        ("a{,5}", 5),
        ("a{3,}", 3),
        ("a{0}", 1),
        ("a{ 7 }", 7),
        ("a{5}{6}", 30),
        (r"\{5}", 3),
        (r"\p{Han}{3}", 3),
        (r"\x{41}{3}", 3),
        ("[]a-c]{3}", 3),
        (r"[a\]]{2}", 2),
        ("[[:alpha:]]{5}", 5),
        ("(ab){3}", 6),
        ("(?:ab|c){4}x", 13),
        ("(?P<name>ab){2}(?<other>c)", 5),
        ("(?i:ab){2}", 4),
        ("(){9}", 9),
        ("(a", 1),
        (")a", 2),
        ("((a{3}){3}){3}", 27),
    ],
)
def test_repetitions_count_as_often_as_they_repeat(pattern: str, steps: int) -> None:
    assert size(pattern) == steps


@pytest.mark.parametrize(
    "pattern",
    ["a[ab]{20000}c", "((a{11}){11}){11}", "(a{1000}b){2}", "a{ 1001}", "(?:(?:a{20}){20}){20}"],
)
def test_a_pattern_that_repeats_too_often_is_refused(pattern: str) -> None:
    with pytest.raises(ValidationError, match="at most 1000 steps, with repetitions counted"):
        REGEX.validate_python({"regex": pattern})


def test_no_comment_hides_a_repetition() -> None:
    assert has_comments("(?x)a{ # five \n 20000}")
    assert has_comments("(?ix:a)")
    assert not has_comments("(?i)x(?:x)")
    with pytest.raises(ValidationError, match="the flag x of regular expressions is not supported"):
        REGEX.validate_python({"regex": "(?x)a # }\n{5}"})


def test_a_pattern_that_is_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(ValidationError, match="at most 1000 characters"):
        REGEX.validate_python({"regex": "[" * 1_000_000})


def test_what_is_no_text_is_no_pattern() -> None:
    with pytest.raises(ValidationError, match="valid string"):
        REGEX.validate_python({"regex": True})


@given(st.text(alphabet="ab[](){}?:P<>*+,|^\\0123456789 x", max_size=60))
def test_any_text_has_a_size(pattern: str) -> None:
    assert size(pattern) >= 0


@pytest.mark.parametrize("matcher", [Glob(glob="*a"), REGEX.validate_python({"regex": "a$"})])
def test_a_text_that_is_too_long_is_not_searched(matcher: Glob | Regex) -> None:
    matches = matcher.test()

    assert matches("b" * (MAX_CHARACTERS - 1) + "a")
    assert not matches("b" * MAX_CHARACTERS + "a")
    assert not matches(None)


def test_a_large_pattern_is_searched_in_shorter_texts_than_a_small_one() -> None:
    pattern = "a[ab]{900}c"
    matches = REGEX.validate_python({"regex": pattern}).test()
    most = MAX_SEARCH // size(pattern)

    assert matches(("a" * 901 + "c").rjust(most))
    assert not matches(("a" * 901 + "c").rjust(most + 1))


def test_a_class_of_unicode_counts_more_than_one_step_of_a_search() -> None:
    pattern = r"\w{100}!"
    matches = REGEX.validate_python({"regex": pattern}).test()
    most = MAX_SEARCH // (size(pattern) * UNICODE_STEPS)

    assert matches(("李" * 100 + "!").rjust(most))
    assert not matches(("李" * 100 + "!").rjust(most + 1))
