"""Unknown names: "unknown key 'x'; did you mean 'y'?". The only home of difflib."""

from collections.abc import Iterable
from typing import TypeVar
from unicodedata import normalize

ChoiceT = TypeVar("ChoiceT")

_MAX_COMPARED_CHARACTERS = 200
_ALL_LISTED = 25
_SOME_LISTED = 10
_MAX_QUOTED_CHARACTERS = 80


def unknown(kind: str, name: object, choices: Iterable[object]) -> str:
    """`unknown key 'x'; did you mean 'y'?`, with the choice that is spelled most like the name.

    If no choice is similar, the choices themselves, or the first ten of more than 25.
    """
    names = list(choices)
    problem = f"unknown {kind} {quoted(name)}"
    if (similar := closest(str(name), names)) is not None:
        return f"{problem}; did you mean {similar!r}?"
    return f"{problem}; {expected(names)}"


def closest(name: str, choices: Iterable[ChoiceT]) -> ChoiceT | None:
    """The choice that is spelled most like a name, in any case, or that ends with it after a dot;
    None if there is none."""
    # Late: a start needs no suggestion, and difflib takes a few milliseconds to import.
    import difflib

    by_lower_case = {str(choice).lower(): choice for choice in choices}
    # Full-width letters are compared as the letters that they look like.
    compared = normalize("NFKC", name[:_MAX_COMPARED_CHARACTERS]).lower()
    similar = difflib.get_close_matches(compared, by_lower_case, n=1)
    # A code may be written without its first part: OcrFailed.
    similar = similar or [each for each in by_lower_case if each.endswith(f".{compared}")]
    return by_lower_case[similar[0]] if similar else None


def expected(choices: Iterable[object]) -> str:
    """`expected one of a, b`, in the order of the choices."""
    names = [str(choice) for choice in choices]
    if not names:
        return "there are none"
    if len(names) > _ALL_LISTED:
        names = [*names[:_SOME_LISTED], "..."]
    return f"expected one of {', '.join(names)}" if len(names) > 1 else f"expected {names[0]!r}"


def quoted(value: object) -> str:
    """The repr of a value that somebody wrote, cut off after 80 characters."""
    text = repr(value)
    return text if len(text) <= _MAX_QUOTED_CHARACTERS else f"{text[:_MAX_QUOTED_CHARACTERS]}..."
