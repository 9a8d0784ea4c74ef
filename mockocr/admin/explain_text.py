"""The endpoint that explains a pasted text: a RequestId, an error, a request, a curl command, or
the steps of a signature. It finds out what the text is; the explainer decides what is wrong."""

import re
import time
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from mockocr.accounts.account import Account
from mockocr.actions.catalogue import all_actions
from mockocr.admin.endpoint import Endpoint
from mockocr.admin.explain import Explanation, StepPair, explain_call, saved_explanation, step_pairs
from mockocr.admin.filters import account_or_first
from mockocr.admin.language import language_of
from mockocr.admin.replies import Reply
from mockocr.admin.requests import recorded_call
from mockocr.journal.exchange import Exchange
from mockocr.pipeline.state import State
from mockocr.protocol import tc3
from mockocr.protocol.authorization import ALGORITHM, TERMINATOR, utc_date
from mockocr.protocol.reasons import OwnLanguage
from mockocr.protocol.redact import redacted_signature
from mockocr.protocol.refusals import COMMON_ERRORS
from mockocr.protocol.saved_request import (
    REQUEST_LINE,
    Steps,
    find_steps,
    is_curl,
    read_curl,
    read_raw,
    wire_request,
)
from mockocr.protocol.signature import Signature
from mockocr.protocol.wire import MAX_BODY_BYTES, LongBody, WireRequest
from mockocr.settings import Settings

MAX_ERROR_CHARACTERS = 64 * 1024
"""RequestIds and error codes are looked for in the beginning of a text."""

_REQUEST_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CODE = re.compile(r"\b[A-Z][A-Za-z0-9]+(?:\.[A-Z][A-Za-z0-9]+)?\b")
_HASH = re.compile(r"[0-9a-f]{64}")
_NAMES = re.compile(r"[\w-]+(?:;[\w-]+)+", re.ASCII)
_HEADER_LINE = re.compile(r"[\w-]+\s*:", re.ASCII)

Kind = Literal["call", "error", "request", "curl", "steps", "unknown"]

DESCRIPTION = (
    "The text may be a RequestId, the error text of an SDK, the JSON of an error, a whole raw"
    " request, a curl command, or the canonical request and the string to sign as a client printed"
    " them. A pasted request is not sent, counted or stored. Steps are compared with those of the"
    " account's key pair."
)


class PastedText(BaseModel):
    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True
    )

    text: str = Field(repr=False)
    account: str | None = None
    """Whose key pair signed the steps; default: the first account."""
    call: str | None = None
    """The RequestId of the call to which the steps belong. They are compared with the steps of that
    call; default: with those of the request that the steps describe."""


class TextExplanation(Reply):
    kind: Kind
    """What the text is: a call of the journal, the error of another call, a raw request, a curl
    command, steps of a signature, or nothing known."""
    problem: str | None
    """Why a text cannot be explained."""
    code: str | None
    """The documented error code in the text."""
    meaning: dict[OwnLanguage, str] | None
    """The documented message of the code."""
    steps: list[StepPair]
    """The steps of the client beside the right ones."""
    explanation: Explanation | None


class _KnownHash(LongBody):
    """A body whose content is unknown; its hash is known."""

    __slots__ = ("_known",)

    def __init__(self, known: str) -> None:
        super().__init__()
        self._known = known

    def sha256(self) -> str:
        return self._known


def explain_text_endpoint(state: State, settings: Settings) -> Endpoint:
    async def explain_text(request: Request, pasted: PastedText) -> TextExplanation:
        language = language_of(request, settings)
        account = account_or_first(pasted.account, state)
        call = None if pasted.call is None else recorded_call(pasted.call, state)
        # In a thread: the text and the search for a mistake may be long.
        if call is not None and (steps := await state.pools.admin.run(find_steps, pasted.text)):
            told = await explain_call(call, state, language)
            return _told("steps", told, *_beside(steps, told, language))
        found = await state.pools.admin.run(_explain, pasted.text, account, state, language)
        if isinstance(found, TextExplanation):
            return found
        told = await explain_call(found, state, language)
        return _told("call", told, steps=told.steps, code=_code_in(pasted.text))

    return Endpoint(
        "POST",
        "/explain",
        "Explain a pasted text",
        explain_text,
        statuses={
            200: "What the text is, and its explanation.",
            404: "No account has this name, or the journal has no such call.",
        },
        description=DESCRIPTION,
        max_body_bytes=2 * MAX_BODY_BYTES,
    )


def _explain(
    text: str, account: Account, state: State, language: OwnLanguage
) -> TextExplanation | Exchange:
    """The explanation, or the call of the journal that the text is about."""
    text = text.strip("\r\n \t\ufeff")
    if (kind := _request_kind(text)) is not None:
        return _explain_request(kind, text, state, language)
    if (steps := find_steps(text)) is not None:
        return _explain_steps(steps, account, state, language)
    for request_id in _REQUEST_ID.findall(text[:MAX_ERROR_CHARACTERS]):
        if (exchange := state.journal.find(request_id.lower())) is not None:
            return exchange
    return _without_call(text[:MAX_ERROR_CHARACTERS], language)


def _request_kind(text: str) -> Literal["request", "curl"] | None:
    if is_curl(text):
        return "curl"
    first = text.partition("\n")[0].rstrip("\r ")
    return "request" if REQUEST_LINE.fullmatch(first) else None


def _told(
    kind: Kind,
    explanation: Explanation | None = None,
    steps: list[StepPair] | None = None,
    problem: str | None = None,
    *,
    code: str | None = None,
) -> TextExplanation:
    refusal = _refusals().get(code or "")
    return TextExplanation(
        kind=kind,
        problem=problem,
        code=code,
        meaning={"en": refusal[0], "zh": refusal[1]} if refusal else None,
        steps=steps or [],
        explanation=explanation,
    )


def _explain_request(
    kind: Literal["request", "curl"], text: str, state: State, language: OwnLanguage
) -> TextExplanation:
    try:
        request = read_curl(text) if kind == "curl" else read_raw(_bytes(text))
    except ValueError as error:
        return _told(kind, problem=str(error))
    told = saved_explanation(
        request, state.accounts.all(), language, list(state.pictures.own_ports)
    )
    return _told(kind, told, steps=told.steps)


def _bytes(text: str) -> bytes:
    return text.encode(errors="replace")


def _explain_steps(
    steps: Steps, account: Account, state: State, language: OwnLanguage
) -> TextExplanation:
    """Signs the pasted steps with the account's key, as the client did, and explains the signature
    that this gives."""
    request = _request_of(steps, account)
    told = saved_explanation(
        request, state.accounts.all(), language, list(state.pictures.own_ports)
    )
    if not told.proven:
        # The key is right: the cause by exclusion would be a wrong key.
        told = told.model_copy(update={"cause": None, "hint": None, "details": []})
    return _told("steps", told, *_beside(steps, told, language))


def _beside(
    steps: Steps, explanation: Explanation, language: OwnLanguage
) -> tuple[list[StepPair], str | None]:
    """The steps beside the right ones, and the problem if those are not known."""
    yours, right = _masked(steps), explanation.signature
    pairs = step_pairs(
        (yours.canonical_request, right.canonical_request if right else None),
        (yours.string_to_sign, right.string_to_sign if right else None),
    )
    return pairs, None if right else _PROBLEMS["no_right_steps"][language]


def _masked(steps: Steps) -> Steps:
    """The steps with the same parts masked as in the signature of a recorded call."""
    canonical = steps.canonical_request
    try:
        masked = redacted_signature(Signature(steps.string_to_sign or "", False, canonical))
    except ValueError:
        # Fewer lines than a canonical request has.
        return steps
    text = steps.string_to_sign and masked.string_to_sign
    return Steps(canonical and masked.canonical_request, text)


def _request_of(steps: Steps, account: Account) -> WireRequest:
    """The request that has these steps, as well as they tell it."""
    secret_id, secret_key = next(iter(account.keys.items()))
    method, query, headers, names, payload = _canonical_parts(steps.canonical_request or "")
    timestamp, scope = _string_to_sign_parts(steps.string_to_sign or "")
    text = steps.string_to_sign
    if text is None:
        text = tc3.string_to_sign(int(timestamp), scope, steps.canonical_request or "")
    date, service, _ = scope.split("/")
    signature = tc3.sign(tc3.signing_key(secret_key, date, service), text)
    action = all_actions()[0]
    sent = {
        "x-tc-action": action.name,
        "x-tc-version": action.version,
        "x-tc-timestamp": timestamp,
        # Only the hash of the body matters.
        "content-length": "0",
        **headers,
        "authorization": f"{ALGORITHM} Credential={secret_id}/{scope}, SignedHeaders={names},"
        f" Signature={signature}",
    }
    if account.tokens:
        sent.setdefault("x-tc-token", min(account.tokens))
    return wire_request(method, f"/?{query}" if query else "/", sent, _KnownHash(payload))


def _canonical_parts(canonical: str) -> tuple[str, str, Mapping[str, str], str, str]:
    """Method, query, headers, names and payload hash; usual ones for those that are missing."""
    lines = canonical.split("\n")
    pairs = [line.partition(":") for line in lines[1:-1] if _HEADER_LINE.match(line)]
    headers = {name.strip().lower(): text.strip() for name, _, text in pairs}
    headers.setdefault("content-type", "application/json")
    headers.setdefault("host", f"{all_actions()[0].service}.tencentcloudapi.com")
    method = lines[0].strip().upper() or "POST"
    query = (
        lines[2] if method == "GET" and len(lines) > 2 and not _HEADER_LINE.match(lines[2]) else ""
    )
    listed = next((line for line in lines[1:-1] if _NAMES.fullmatch(line.strip())), None)
    names = listed.strip() if listed else ";".join(sorted(headers))
    payload = lines[-1].strip().lower()
    return method, query, headers, names, payload if _HASH.fullmatch(payload) else tc3.EMPTY_HASH


def _string_to_sign_parts(text: str) -> tuple[str, str]:
    """Timestamp and scope; those of now if they are missing or malformed."""
    lines = [*text.split("\n"), "", "", ""]
    digits = lines[1].strip()
    timestamp = (
        digits[:10] if digits[:10].isdecimal() and digits.isascii() else str(int(time.time()))
    )
    date = utc_date(int(timestamp))
    scope = lines[2].strip()
    if scope.count("/") != 2:
        scope = f"{date}/{all_actions()[0].service}/{TERMINATOR}"
    return timestamp, scope


_PROBLEMS: Mapping[str, Mapping[OwnLanguage, str]] = {
    "unknown": {
        "en": "expected a RequestId, an error, a raw request, a curl command, or the steps of a"
        " signature",
        "zh": "无法识别：请粘贴 RequestId、错误信息、原始 HTTP 请求、curl 命令或签名步骤",
    },
    "no_call": {
        "en": "the journal has no call with this RequestId",
        "zh": "记录中没有这个 RequestId 的调用",
    },
    "no_request_id": {
        "en": "the text has no RequestId, so only the meaning of the code is known",
        "zh": "文本中没有 RequestId，只能说明错误码的含义",
    },
    "no_right_steps": {
        "en": "the right steps are not known: see the reason",
        "zh": "无法得出正确的签名步骤，请看原因",
    },
}


def _without_call(text: str, language: OwnLanguage) -> TextExplanation:
    code, has_id = _code_in(text), _REQUEST_ID.search(text) is not None
    if code is None and not has_id:
        return _told("unknown", problem=_PROBLEMS["unknown"][language])
    problem = _PROBLEMS["no_call" if has_id else "no_request_id"][language]
    return _told("error", problem=problem, code=code)


def _code_in(text: str) -> str | None:
    """The first documented error code in a text."""
    known = _refusals()
    found = _CODE.findall(text[:MAX_ERROR_CHARACTERS])
    return next((code for code in found if code in known), None)


def _refusals() -> Mapping[str, tuple[str, str]]:
    common = {code: (each.en, each.zh) for code, each in COMMON_ERRORS.items()}
    for action in all_actions():
        common |= {code: (each.en, each.zh) for code, each in action.refusals.items()}
    return common
