"""From a body to parameters with the right names and types; long texts are cut out unread."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockocr.protocol.errors import ApiError
from mockocr.protocol.parameters import (
    CUT_OUT_BYTES,
    MAX_DEPTH,
    MAX_ESCAPES,
    MAX_SEPARATORS,
    LongText,
    read_json_object,
    read_parameters,
    read_texts,
)

LONG = "QUJD" * CUT_OUT_BYTES


TYPES = {"Image": "string", "Side": "string", "Exact": "bool"}


def body_of(**parameters: Any) -> bytes:
    return json.dumps(parameters).encode()


def refusal(body: bytes) -> str:
    with pytest.raises(ApiError) as refused:
        read_json_object(body, ("Image",))
    return refused.value.code


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"1",
        b"null",
        b'"x"',
        b"\xff{}",
        b"{'a': 1}",
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b'{"\\ud800": 1}',
        b'{"a": ["\\udfff"]}',
    ],
)
def test_a_body_that_is_not_a_json_object_is_refused(body: bytes) -> None:
    assert refusal(body) == "InvalidParameter"


def test_deeply_nested_json_is_refused() -> None:
    deepest = b'{"a":' + b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1) + b"}"

    assert read_json_object(deepest)
    assert refusal(deepest.replace(b"[]", b"[{}]")) == "InvalidParameter"


def test_brackets_inside_a_text_do_not_count_as_nesting() -> None:
    assert read_json_object(body_of(Side="[" * 1000)) == {"Side": "[" * 1000}


@pytest.mark.parametrize(
    ("unit", "most"),
    [(b"1,", MAX_SEPARATORS), (b"[],", MAX_SEPARATORS // 2), (b"{},", MAX_SEPARATORS // 2)],
)
def test_json_of_very_many_values_is_refused_without_parsing(unit: bytes, most: int) -> None:
    body = b'{"a": [' + unit * (most - 2) + b'"' + b"x" * CUT_OUT_BYTES + b'"]}'

    assert read_json_object(body)
    assert refusal(body.replace(unit, unit * 4, 1)) == "InvalidParameter"


def test_base64_with_the_escapes_of_php_is_read_and_a_text_of_escapes_only_is_refused() -> None:
    slash = b"\\/"
    picture = (b"A" * 63 + slash) * 115_000

    assert len(read_json_object(b'{"a": "%b"}' % picture)["a"]) == 64 * 115_000
    assert refusal(b'{"a": "%b"}' % (slash * (MAX_ESCAPES + 1))) == "InvalidParameter"


def test_a_long_text_is_cut_out_as_a_view_of_the_body() -> None:
    body = body_of(Side="x", Image=LONG, Exact=False)

    parameters = read_json_object(body, ("Image",), "hash-of-body")

    image = parameters["Image"]
    assert isinstance(image, LongText)
    assert image.content.obj is body
    assert (bytes(image.content), len(image)) == (LONG.encode(), len(LONG))
    assert image.origin == ("hash-of-body", "Image")
    assert parameters | {"Image": None} == {"Side": "x", "Exact": False, "Image": None}


def test_without_a_hash_of_the_body_a_text_has_no_origin() -> None:
    assert read_json_object(body_of(Image=LONG), ("Image",))["Image"].origin is None


@pytest.mark.parametrize("colon", [":", ": ", " :", "\n\t: \r\n"])
def test_white_space_around_the_colon_is_accepted(colon: str) -> None:
    body = f'{{"Image"{colon}"{LONG}"}}'.encode()

    assert isinstance(read_json_object(body, ("Image",))["Image"], LongText)


@pytest.mark.parametrize(
    "body",
    [
        body_of(Image=LONG).replace(b"QUJD", b"QU\\/J", 1),
        body_of(Image=LONG).replace(b"QUJD", b"\\u002bJD", 1),
        body_of(Side=LONG),
        body_of(Side='"Image": ', Image=LONG),
        body_of(Outer={"Image": LONG}),
        body_of(Image=1, Side=LONG),
        b'{"Image":"a","Image":"' + LONG.encode() + b'"}',
        b'{"Image":"' + LONG.encode() + b'","Image":"a"}',
        body_of(Side="Image", Image=LONG),
        body_of(Image=LONG + "="),
        body_of(Image=LONG.replace("QUJD", "QU JD", 1)),
        body_of(Image=LONG + "\x00\x1f\x7f"),
        f'{{"Image": "{LONG}李"}}'.encode(),
    ],
)
def test_cutting_out_does_not_change_what_is_read(body: bytes) -> None:
    parameters = read_json_object(body, ("Image",))

    values = {
        name: bytes(value.content).decode() if isinstance(value, LongText) else value
        for name, value in parameters.items()
    }
    assert values == json.loads(body)


@pytest.mark.parametrize(
    "body",
    [
        body_of(Image=LONG)[:-1],
        body_of(Image=LONG)[:-2],
        body_of(Image=LONG) + b"x",
        b"[" + body_of(Image=LONG) + b"]",
    ],
)
def test_a_long_body_that_is_not_a_json_object_is_refused(body: bytes) -> None:
    assert refusal(body) == "InvalidParameter"


@pytest.mark.parametrize("text", ["QUJD", LONG], ids=["short", "long"])
@pytest.mark.parametrize("byte", [*range(0x20), 0x80, 0xFF])
def test_a_text_with_a_byte_invalid_in_json_is_refused(text: str, byte: int) -> None:
    assert refusal(b'{"Image": "' + text.encode() + bytes([byte]) + b'"}') == "InvalidParameter"


@given(
    st.dictionaries(
        st.sampled_from(["Image", "Side", "Exact", '"Image":', "x"]),
        st.one_of(st.just(LONG), st.just('"Image": "'), st.text(max_size=5), st.booleans()),
    ),
    st.booleans(),
)
def test_a_long_body_reads_as_json_reads_it(parameters: dict[str, Any], ascii_only: bool) -> None:
    body = json.dumps(parameters, ensure_ascii=ascii_only).encode(errors="replace")

    read = read_json_object(body, ("Image",))

    assert {
        name: bytes(value.content).decode() if isinstance(value, LongText) else value
        for name, value in read.items()
    } == json.loads(body)


def refused(parameters: dict[str, Any]) -> tuple[str, str, str]:
    with pytest.raises(ApiError) as refusal:
        read_parameters(TYPES, parameters)
    error = refusal.value
    return error.code, error.message("en-US"), error.message("zh-CN")


def test_right_parameters_are_read() -> None:
    parameters = {"Image": "abc", "Side": "x", "Exact": False}

    assert read_parameters(TYPES, parameters) == parameters


def test_null_means_not_given() -> None:
    assert read_parameters(TYPES, {"Image": None, "Side": "x", "Exact": None}) == {"Side": "x"}


def test_a_text_that_was_cut_out_is_accepted_as_text() -> None:
    image = LongText.of("abc")

    assert read_parameters(TYPES, {"Image": image})["Image"] is image


def test_an_unknown_parameter_is_named() -> None:
    assert refused({"Sied": 1}) == (
        "UnknownParameter",
        "The parameter `Sied` is not recognized.",
        "未定义参数 Sied",
    )


@pytest.mark.parametrize(
    ("name", "value", "type_"),
    [
        ("Side", 1, "string"),
        ("Side", {}, "string"),
        ("Image", 1, "string"),
        ("Image", ["a"], "string"),
        ("Exact", "true", "bool"),
        ("Exact", 1, "bool"),
    ],
)
def test_a_wrong_type_is_named_with_the_right_one(name: str, value: Any, type_: str) -> None:
    assert refused({name: value}) == (
        "InvalidParameter",
        f"The value type of parameter `{name}` is not valid, input type should be `{type_}`",
        f"参数 `{name}` 取值类型错误。参数类型应为 `{type_}`",
    )


def test_an_unknown_parameter_is_refused_before_a_wrong_type() -> None:
    assert refused({"Side": 1, "Sied": 1})[0] == "UnknownParameter"


def test_the_first_wrong_type_in_the_order_of_the_page_is_reported() -> None:
    assert "`Image`" in refused({"Exact": 1, "Side": 1, "Image": 1})[1]


def test_text_of_a_client_is_not_used_as_a_template() -> None:
    assert refused({"{name}": 1})[1] == "The parameter `{name}` is not recognized."


@pytest.mark.parametrize("text", ["true", "True", "1"])
def test_a_bool_can_be_a_text_that_means_true(text: str) -> None:
    assert read_texts(TYPES, {"Exact": text}) == {"Exact": True}


@pytest.mark.parametrize("text", ["false", "False", "0"])
def test_a_bool_can_be_a_text_that_means_false(text: str) -> None:
    assert read_texts(TYPES, {"Exact": text}) == {"Exact": False}


def test_a_text_that_means_no_bool_is_refused() -> None:
    assert refused(read_texts(TYPES, {"Exact": "yes"}))[1].endswith("should be `bool`")


@pytest.mark.parametrize("texts", [{"\udcff": "a"}, {"Side": "\udcff"}])
def test_texts_that_are_not_utf_8_are_refused(texts: dict[str, str]) -> None:
    with pytest.raises(ApiError) as refusal:
        read_texts(TYPES, texts)

    assert refusal.value.code == "InvalidParameter"


def test_texts_stay_texts_for_parameters_of_type_text() -> None:
    assert read_texts(TYPES, {"Side": "true", "Other": "1"}) == {"Side": "true", "Other": "1"}
