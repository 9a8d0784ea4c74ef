"""The answers that a server may give. Any other answer is a bug."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fuzz.target import FoundError
from mockocr.actions.catalogue import all_actions
from mockocr.protocol import refusals
from mockocr.protocol.errors import Refusal

BUG = refusals.INTERNAL_ERROR.code
DOCUMENTED = frozenset(
    {*refusals.COMMON_ERRORS}
    | {each.code for each in vars(refusals).values() if isinstance(each, Refusal)}
    | {code for action in all_actions() for code in action.refusals}
) - {BUG}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def response(self) -> Any:
        """The reply of the API; None if something else answered."""
        if self.status != 200 or self.headers.get("content-type") != "application/json":
            return None
        result = json.loads(self.body) if self.body else {}
        return result.get("Response") if isinstance(result, dict) else None


def answers_in(received: bytes) -> Iterator[Answer]:
    """The replies in order, without interim ones (1xx). Raises FoundError for bytes that are not
    HTTP."""
    while received:
        head, end, rest = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        if not (end and first.startswith("HTTP/1.1 ") and first[9:12].isdigit()):
            raise FoundError(f"this is no answer of HTTP: {received[:300]!r}")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        status = int(first[9:12])
        if status < 200:
            received = rest
            continue
        body = rest[: int(headers.get("content-length", "0"))]
        if body.startswith(b"HTTP/1.1 "):  # it was a HEAD: the next answer begins here
            body = b""
        if "chunked" in headers.get("transfer-encoding", ""):  # events: they have no end
            body, rest = rest, b""
        yield Answer(status, headers, body)
        received = rest[len(body) :]


def outcome_of(answer: Answer) -> str:
    """The outcome in one word. Raises FoundError for an undocumented one."""
    if 200 < answer.status < 500:
        return f"http {answer.status}"
    if answer.status != 200:
        raise FoundError(f"the status {answer.status}: {answer.body[:300]!r}")
    response = answer.response
    if response is None:
        return "http 200"
    if not response.get("RequestId"):
        raise FoundError(f"an answer without RequestId: {answer.body[:300]!r}")
    code = response.get("Error", {"Code": "ok"})["Code"]
    if code != "ok" and code not in DOCUMENTED:
        raise FoundError(f"{code} is not documented, or a bug: {answer.body[:300]!r}")
    return str(code)
