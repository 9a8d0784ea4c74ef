"""How a reply is compared, and that no difference quotes what may be personal."""

import json
from pathlib import Path
from typing import Any

import pytest

from mockocr.client.client import Reply
from mockocr.contract_check.cases import Case, read_cases
from mockocr.contract_check.compare import differences
from mockocr.contract_check.matchers import Difference

REQUEST_ID = "a0b1c2d3-0000-4000-8000-0123456789ab"
SECRET = "secret-of-the-caller"
FILE = """\
action: IDCardOCR
answer:
  Name: {type: string}
  Quality: 50
  Score: {between: [0, 9]}
  List: [1]
  Info: {json: {A: true, B: {regex: ^x}}}
  Crop: {picture: JPEG}
cases:
  - id: answer
    about: An answer.
    billed: true
    expect: {code: ok}
  - id: error
    about: An error.
    expect: {code: [A.B, C], message: {regex: ^No}, headers: {X-TC-TraceId: t}}
"""
GOOD: dict[str, Any] = {
    "Name": "李明",
    "Quality": 50,
    "Score": 9,
    "List": [1],
    "Info": '{"A": true, "B": "xy"}',
    "Crop": "/9j/AAAA",
}


@pytest.fixture
def two(tmp_path: Path) -> tuple[Case, Case]:
    (tmp_path / "cases.yaml").write_text(FILE, encoding="utf-8")
    answer, error = read_cases(tmp_path / "cases.yaml")
    return answer, error


def found(case: Case, response: Any, **headers: str) -> list[Difference]:
    body = json.dumps({"Response": response}).encode()
    lines = {"content-type": "application/json", "x-tc-traceid": "t", **headers}
    return list(differences(case, Reply(200, lines, body), [SECRET]))


def test_an_expected_reply_has_no_difference(two: tuple[Case, Case]) -> None:
    answer, error = two

    assert found(answer, {**GOOD, "RequestId": REQUEST_ID}) == []
    refused = {"Error": {"Code": "C", "Message": "No."}, "RequestId": REQUEST_ID}
    assert found(error, refused) == []


@pytest.mark.parametrize(
    ("member", "value", "difference"),
    [
        ("Name", 1, ("Name", "type string", "number")),
        ("Name", None, ("Name", "type string", "null")),
        ("Name", ["李明"], ("Name", "type string", "array of 1")),
        ("Quality", 50.0, ("Quality", "50", "50.0")),
        ("Quality", True, ("Quality", "50", "true")),
        ("Quality", "李明", ("Quality", "50", "text of 2 characters")),
        ("Quality", 440524198701010014, ("Quality", "50", "number")),
        ("Score", 10, ("Score", "a number from 0 to 9", "10")),
        ("Score", "9", ("Score", "a number from 0 to 9", "text of 1 characters")),
        ("List", [2, 3], ("List", "[1]", "[2, 3]")),
        ("List", ["李明"], ("List", "[1]", "array of 1")),
        ("Info", '{"A": true}', ("Info.B", "this member", "no such member")),
        ("Info", '{"A": 1, "B": "x"}', ("Info.A", "true", "1")),
        (
            "Info",
            '{"A": true, "B": "李"}',
            ("Info.B", "text that matches ^x", "text of 1 characters"),
        ),
        (
            "Info",
            '{"A": true, "B": "x", "李明": 1}',
            ("Info.<2 characters>", "no such member", "number"),
        ),
        ("Info", "[]", ("Info", "text that is a JSON object", "text of 2 characters")),
        ("Info", "{", ("Info", "text that is a JSON object", "text of 1 characters")),
        ("Info", {"A": 1}, ("Info", "text that is a JSON object", "object of 1")),
        ("Crop", "AAAA", ("Crop", "a JPEG in Base64", "text of 4 characters")),
        ("Crop", "/9j/AAA", ("Crop", "a JPEG in Base64", "text of 7 characters")),
        ("Crop", 1, ("Crop", "a JPEG in Base64", "number")),
    ],
)
def test_a_member_that_differs_is_described_and_not_quoted(
    two: tuple[Case, Case], member: str, value: Any, difference: tuple[str, str, str]
) -> None:
    response = {**GOOD, member: value, "RequestId": REQUEST_ID}

    assert found(two[0], response) == [difference]


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ({"Error": {"Code": "D", "Message": "No"}}, [("Error.Code", "A.B or C", "D")]),
        ({"Error": {"Code": "C"}}, [("Error.Message", "type string", "no such member")]),
        (
            {"Error": {"Code": "C", "Message": "No", "Id": "李明"}},
            [("Error.Id", "no such member", "text of 2 characters")],
        ),
        (
            {"Error": {"Code": 7, "Message": "No"}},
            [
                ("Error.Code", "A.B or C", "no code of an error"),
                ("Error.Code", "type string", "number"),
            ],
        ),
        (
            {"Error": "李明"},
            [
                ("Error.Code", "A.B or C", "no code of an error"),
                ("Error", "type object", "text of 2 characters"),
            ],
        ),
        (
            {"Error": {"Code": "李明", "Message": "No"}},
            [("Error.Code", "A.B or C", "no code of an error")],
        ),
        (
            {"Error": {"Code": "C", "Message": f"uin 100012345678 has {SECRET}"}},
            [("Error.Message", "text that matches ^No", "'uin *** has ***'")],
        ),
        ({"Name": "李明"}, [("Error.Code", "A.B or C", "ok")]),
    ],
)
def test_an_error_that_differs_is_quoted_without_numbers_and_keys(
    two: tuple[Case, Case], response: Any, expected: list[tuple[str, str, str]]
) -> None:
    assert found(two[1], {**response, "RequestId": REQUEST_ID}) == expected


def test_headers_and_the_request_id_are_compared(two: tuple[Case, Case]) -> None:
    response = {"Error": {"Code": "C", "Message": "No"}, "RequestId": "1"}
    differing = found(two[1], response, **{"content-type": "text/html", "x-tc-traceid": "u"})

    assert [where for where, _, _ in differing] == ["Content-Type", "X-TC-TraceId", "RequestId"]


def test_a_header_that_is_missing_differs(two: tuple[Case, Case]) -> None:
    body = b'{"Response": {"Error": {"Code": "C", "Message": "No"}}}'
    (header, request_id) = differences(
        two[1], Reply(200, {"content-type": "application/json"}, body), []
    )

    assert header == ("X-TC-TraceId", "'t'", "no such header")
    assert request_id == ("RequestId", "this member", "no such member")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"Response": 1}', b"[" * 100_000])
def test_a_body_that_is_not_of_the_api_differs(two: tuple[Case, Case], body: bytes) -> None:
    reply = Reply(502, {"content-type": "application/json", "x-tc-traceid": "t"}, body)

    assert list(differences(two[1], reply, [])) == [
        ("HTTP status", "200", "502"),
        ("body", "a JSON object with Response", f"{len(body)} bytes"),
    ]
