import codecs
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from mockocr.documents.document import (
    MAX_DEPTH,
    MAX_NODES,
    DocumentError,
    Location,
    Problem,
    document_of,
)
from mockocr.documents.reading import MAX_CHARACTERS, parse_document, read_document


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    count: int = Field(default=0, ge=0)
    one_of: "int | Item | None" = None


class Shelf(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    items: list[Item]


def refusal_of(text: str) -> str:
    with pytest.raises(DocumentError) as refused:
        parse_document(text, "f").validated(Shelf)
    return str(refused.value)


def a_file(folder: Path, content: bytes) -> Path:
    file = folder / "f.yaml"
    file.write_bytes(content)
    return file


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: 1", {"a": 1}),
        ("{a: 1.5, b: [true, no, null, ~, ]}", {"a": 1.5, "b": [True, False, None, None]}),
        ("a: 2024-05-01\nb: 2024-05-01 12:00:00", {"a": "2024-05-01", "b": "2024-05-01 12:00:00"}),
        ('a: "440524198701010014"', {"a": "440524198701010014"}),
        ("a: &x {b: 李明}\nc: *x", {"a": {"b": "李明"}, "c": {"b": "李明"}}),
        ("1: a\ntrue: b\n=: c", {"1": "a", "true": "b", "=": "c"}),
        ("a: |\n  b\n  c\n", {"a": "b\nc\n"}),
        ('{"a": ["JSON", 1, {}]}', {"a": ["JSON", 1, {}]}),
        ("5", 5),
    ],
)
def test_a_document_has_the_data_of_the_yaml_with_dates_as_text(text: str, data: Any) -> None:
    assert parse_document(text, "f").data == data


def test_the_location_of_every_part_is_known() -> None:
    document = parse_document("a:\n  - b\n  - c: d\n", "f")

    assert document.values == {
        (): Location(1, 1),
        ("a",): Location(2, 3),
        ("a", 0): Location(2, 5),
        ("a", 1): Location(3, 5),
        ("a", 1, "c"): Location(3, 8),
    }
    assert document.keys == {("a",): Location(1, 1), ("a", 1, "c"): Location(3, 5)}


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_make_no_difference(
    tmp_path: Path, ends: str, mark: bytes
) -> None:
    file = a_file(tmp_path, mark + ends.join(["items:", "  - name: 李明", "    coun: 1"]).encode())

    with pytest.raises(DocumentError) as refused:
        read_document(file).validated(Shelf)

    (problem,) = refused.value.problems
    assert problem.location == Location(3, 5)


def test_a_byte_order_mark_does_not_shift_columns(tmp_path: Path) -> None:
    file = a_file(tmp_path, b"\xef\xbb\xbfitem: 1")

    with pytest.raises(DocumentError) as refused:
        read_document(file).validated(Shelf)

    assert {problem.location for problem in refused.value.problems} == {Location(1, 1)}


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# nothing", b"\xef\xbb\xbf", b"---\n...\n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = a_file(tmp_path, content)

    with pytest.raises(DocumentError) as refused:
        read_document(file).validated(Shelf)

    assert len(refused.value.problems) == 1


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"a: \xff", "1:4"),
        ("名字: 一\n".encode() + "b: 李明".encode("gbk"), "2:4"),
        (codecs.BOM_UTF8 + b"a: b\nc\xff", "2:2"),
        ("a: b".encode("utf-16"), "1:1"),
    ],
)
def test_a_file_in_another_encoding_is_refused_at_its_first_wrong_byte(
    tmp_path: Path, content: bytes, place: str
) -> None:
    file = a_file(tmp_path, content)

    with pytest.raises(DocumentError) as refused:
        read_document(file)

    assert str(refused.value) == f"{file}:{place}: expected UTF-8 text"


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as absent:
        read_document(tmp_path / "absent.yaml")
    with pytest.raises(DocumentError) as folder:
        read_document(tmp_path)

    assert str(absent.value) == f"{tmp_path / 'absent.yaml'}: No such file or directory"
    assert str(folder.value) == f"{tmp_path}: Is a directory"


def test_a_file_that_is_too_long_is_refused() -> None:
    text = "#" * (MAX_CHARACTERS + 1)

    assert refusal_of(text) == f"f:1:1: expected at most {MAX_CHARACTERS} characters"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_two_hundred_thousand_brackets_are_refused_without_a_crash(opening: str) -> None:
    text = opening * 200_000

    assert refusal_of(text).endswith(f": nested more than {MAX_DEPTH} levels deep")


def test_nesting_is_allowed_up_to_the_limit() -> None:
    document = parse_document("[" * MAX_DEPTH + "]" * MAX_DEPTH, "f")

    assert (*[0] * (MAX_DEPTH - 1),) in document.values


def test_the_nesting_limit_applies_to_aliases() -> None:
    half = MAX_DEPTH // 2 + 1
    text = f"a: &a {'[' * half}{']' * half}\nb: {'[' * half}*a{']' * half}\n"

    assert "aliases make the document too large" in refusal_of(text)


def test_aliases_are_counted_each_time_they_are_used() -> None:
    text = f"a: &a [{'x, ' * 1000}]\nb: [{'*a, ' * (MAX_NODES // 1000)}]\n"

    assert refusal_of(text).count("aliases make the document too large") == 1


def test_a_document_of_too_many_values_is_refused_where_it_becomes_too_large() -> None:
    text = "- a\n" * (MAX_NODES + 10)

    assert refusal_of(text).endswith(f":{MAX_NODES}:3: expected at most {MAX_NODES} values")


def test_the_number_of_parts_is_limited() -> None:
    document = parse_document(f"[{'x, ' * (MAX_NODES - 1)}]", "f")

    assert len(document.data) == MAX_NODES - 1


@pytest.mark.parametrize(
    ("text", "place"),
    [("a: \0", "1:4"), ("a: 李明\nb: 李\x07", "2:5"), ("\ud800", "1:1"), ("a: 1\n李\ud800", "2:2")],
)
def test_a_forbidden_character_is_reported_with_its_location(text: str, place: str) -> None:
    code = f"U+{ord(text[-1]):04X}"

    assert refusal_of(text) == f"f:{place}: invalid character {code}"


@given(st.text(alphabet=st.sampled_from("ab:-[]{}&*!|>'\"#%@? \n\t,=<1.")))
def test_any_text_is_a_document_or_refused(text: str) -> None:
    with suppress(DocumentError):
        assert () in parse_document(text, "f").values


def test_a_valid_document_is_a_value() -> None:
    shelf = parse_document("items: [{name: a, count: 2}]", "f").validated(Shelf)

    assert shelf == Shelf(items=[Item(name="a", count=2)])


def test_problems_are_reported_in_the_order_of_their_locations() -> None:
    text = "items:\n  - {count: -1}\n  - {name: 5, cuont: 1}\nshelf: 1\n"

    assert refusal_of(text).split("\n") == [
        "f:2:5: missing key 'name'",
        "f:2:13: expected at least 0, got -1",
        "f:3:12: expected text, got 5; put it in quotes",
        "f:3:15: unknown key 'cuont'; did you mean 'count'?",
        "f:4:1: unknown key 'shelf'; expected 'items'",
    ]


def test_problems_outside_the_model_are_reported_with_the_others() -> None:
    document = parse_document("items: 5", "f")

    with pytest.raises(DocumentError) as refused:
        document.validated(Shelf, [Problem(Location(1, 1), "is ugly")])

    assert str(refused.value) == "f:1:1: is ugly\nf:1:8: expected a list, got 5"


def test_a_value_is_refused_for_a_problem_outside_the_model() -> None:
    document = parse_document("items: []", "f")

    with pytest.raises(DocumentError):
        document.validated(Shelf, [Problem(Location(1, 1), "is ugly")])


class Pair(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    id: str
    secret: str = Field(max_length=5)
    state: Literal["ok", "gone"] = "ok"


class Pairs(BaseModel):
    pairs: list[Pair]


SECRET = "correct-horse-battery-staple"


@pytest.mark.parametrize(
    "text",
    [
        f"pairs: [{{id: a, secret: {SECRET}}}]",
        f"pairs: [{{id: a, secret: [{SECRET}]}}]",
        f"pairs: [{{id: a, secret: {{{SECRET}: b}}}}]",
        f"pairs: [a:{SECRET}]",
        f"pairs: a:{SECRET}",
        f"a:{SECRET}",
        "pairs: [{id: a, secret: 4711}]",
    ],
)
def test_a_secret_is_never_quoted(text: str) -> None:
    with pytest.raises(DocumentError) as refused:
        parse_document(text, "f").validated(Pairs, secrets=("secret",))

    assert SECRET not in str(refused.value)
    assert "4711" not in str(refused.value)
    assert ": expected " in str(refused.value)
    assert "got" not in str(refused.value)


def test_other_values_are_quoted_beside_secrets() -> None:
    document = parse_document("pairs: [{id: 5, secret: a, state: gon}]", "f")

    with pytest.raises(DocumentError) as refused:
        document.validated(Pairs, secrets=("secret",))

    assert str(refused.value).split("\n") == [
        "f:1:14: expected text, got 5; put it in quotes",
        "f:1:35: unknown value 'gon'; did you mean 'gone'?",
    ]


def test_known_keys_are_those_valid_at_that_location() -> None:
    text = "items: [{name: a, one_of: {name: b, one_of: {name: c, zzz: 1}}}]"

    assert "expected one of count, name, one_of" in refusal_of(text)


def test_a_long_text_is_truncated_when_quoted() -> None:
    refused = refusal_of(f"items: {'x' * 1000}")

    assert refused == f"f:1:8: expected a list, got '{'x' * 79}..."


def test_a_key_given_twice_is_reported_once() -> None:
    text = "items: [{name: a}]\nitems: [{name: a}]\n"

    assert refusal_of(text) == "f:2:1: duplicate key 'items'; it is also in line 1"


LONG = "7" * 5000


def problems_of(text: str) -> list[str]:
    with pytest.raises(DocumentError) as refused:
        parse_document(text, "file")
    return str(refused.value).splitlines()


@pytest.mark.parametrize(
    "scalar",
    [
        *(LONG, f"-{LONG}", f"0x{LONG}", f"0b{'1' * 5000}", f"0{LONG}", f"{LONG}.5"),
        *(f"1.0e+{LONG}", f"!!int {LONG}", f"!!float {LONG}", f"!!bool {LONG}"),
        ":".join(["59"] * 5000),
    ],
)
@pytest.mark.parametrize("place", ["seed: {}", "seed: [1, {}]", "a: &a {}\nb: *a"])
def test_a_number_of_thousands_of_digits_is_refused_with_its_place(scalar: str, place: str) -> None:
    problems = problems_of(place.format(scalar))

    assert all(":1:" in each or ":2:" in each for each in problems)
    assert "expected a number of at most 100 characters, got " in problems[0]
    assert LONG[:50] not in "".join(problems)


@pytest.mark.parametrize(
    "scalar", ["9" * 100, "0x" + "f" * 98, "1" * 99 + ".", ":".join(["59"] * 33)]
)
def test_a_number_of_a_hundred_characters_is_read(scalar: str) -> None:
    assert isinstance(parse_document(f"a: {scalar}", "").data["a"], int | float)


def test_a_number_of_thousands_of_digits_is_refused_in_data_too() -> None:
    with pytest.raises(DocumentError, match=r"^source: rules\[0\]: the number is too large$"):
        document_of({"rules": [10**5000]}, "source")
    assert document_of({"rules": [2**64, True]}, "source").data


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_a_file_that_is_not_regular_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(pipe := tmp_path / "pipe.yaml")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.yaml"))

    for path in (pipe, Path("/dev/zero"), Path("/dev/null")):
        with pytest.raises(DocumentError, match=r": expected a regular file$"):
            read_document(path)
    with pytest.raises(DocumentError, match=r"socket.yaml: "):
        read_document(tmp_path / "socket.yaml")
