"""Compares a reply with the expected one. What every reply of the API has is checked for each case:
the status, the content type, the envelope and a RequestId."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from mockocr.client.client import Reply
from mockocr.contract_check.case_spec import OK
from mockocr.contract_check.cases import Case
from mockocr.contract_check.matchers import Difference, described, differences_of_members
from mockocr.protocol.reasons import shown_name
from mockocr.protocol.redact import MASK
from mockocr.suggestions import quoted

CONTENT_TYPE = "application/json"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DIGITS = re.compile(r"[0-9]{6,}")
_WORD = re.compile(r"[A-Za-z.]{1,80}")


def response_of(reply: Reply) -> Mapping[str, Any] | None:
    """None if the body is not that of the API."""
    match reply.json():
        case {"Response": dict() as response}:
            return response
        case _:
            return None


def code_of(response: Mapping[str, Any]) -> str:
    """`ok`, or the code of the error; the empty text if there is no readable one."""
    match response:
        case {"Error": {"Code": str(code)}}:
            return code if _WORD.fullmatch(code) else ""
        case {"Error": _}:
            return ""
        case _:
            return OK


def differences(case: Case, reply: Reply, secrets: Collection[str]) -> Iterator[Difference]:
    """`secrets`: texts that are never quoted."""
    if reply.status != 200:
        yield Difference("HTTP status", "200", str(reply.status))
    content_type = reply.headers.get("content-type", "")
    if content_type != CONTENT_TYPE:
        yield Difference("Content-Type", quoted(CONTENT_TYPE), quoted(content_type))
    for name, text in case.spec.expect.headers.items():
        if (found := reply.headers.get(name.lower())) != text:
            got = "no such header" if found is None else described(found)
            yield Difference(name, quoted(text), got)
    response = response_of(reply)
    if response is None:
        yield Difference("body", "a JSON object with Response", f"{len(reply.body)} bytes")
        return
    for name, value in reply.json().items():
        if name != "Response":
            yield Difference(shown_name(name), "no such member", described(value))
    yield from _request_id(response)
    yield from _members(case, response, secrets)


def _request_id(response: Mapping[str, Any]) -> Iterator[Difference]:
    if "RequestId" not in response:
        yield Difference("RequestId", "this member", "no such member")
        return
    request_id = response["RequestId"]
    if not (isinstance(request_id, str) and _UUID.fullmatch(request_id)):
        yield Difference("RequestId", "a UUID", described(request_id))


def _members(
    case: Case, response: Mapping[str, Any], secrets: Collection[str]
) -> Iterator[Difference]:
    expect = case.spec.expect
    code = code_of(response)
    members = {name: value for name, value in response.items() if name != "RequestId"}
    if code not in expect.code:
        expected = " or ".join(expect.code)
        yield Difference("Error.Code", expected, code or "no code of an error")
    elif code == OK:
        yield from differences_of_members(case.answer, members, "", case.printed)
    if code == OK:
        return
    error = members.pop("Error")
    for name, value in members.items():
        yield Difference(shown_name(name), "no such member beside Error", described(value))
    if not isinstance(error, dict):
        yield Difference("Error", "type object", described(error))
        return
    for name in ("Code", "Message"):
        if not isinstance(error.get(name), str):
            got = described(error[name]) if name in error else "no such member"
            yield Difference(f"Error.{name}", "type string", got)
    for name in error.keys() - {"Code", "Message"}:
        yield Difference(f"Error.{shown_name(name)}", "no such member", described(error[name]))
    message = error.get("Message")
    if code in expect.code and expect.message is not None and isinstance(message, str):
        for difference in expect.message.differences("Error.Message", message, {}):
            yield difference._replace(got=quoted(_without_numbers(message, secrets)))


def _without_numbers(message: str, secrets: Collection[str]) -> str:
    """A message of the vendor may name an account by its number."""
    for secret in secrets:
        message = message.replace(secret, MASK)
    return _DIGITS.sub(MASK, message)
