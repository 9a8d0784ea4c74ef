"""Mistakes that a request shows directly, without computing any HMAC."""

import re

from mockocr.accounts.identity import Identity
from mockocr.explainer.attempt import Attempt, in_order
from mockocr.explainer.causes import Cause
from mockocr.explainer.mistake import Mistake, Phrase, Step, value
from mockocr.explainer.mistakes.secret_key import PLACEHOLDERS, UNSET
from mockocr.protocol.authorization import (
    ALGORITHM,
    MANDATORY_HEADERS,
    TERMINATOR,
    Authorization,
    is_service,
    utc_date,
)
from mockocr.protocol.call import Call
from mockocr.protocol.redact import redacted_scope_part, redacted_secret_id
from mockocr.protocol.wire import WireRequest, vendor_product

_TOKEN_SENT: Phrase = ("the token that was sent is not one of them", "发送的 token 不属于该账号")
_TOKEN_MISSING: Phrase = ("no token was sent", "没有发送")


def cause_without_signature(
    request: WireRequest,
    call: Call,
    authorization: Authorization | None,
    identity: Identity,
    client: str,
) -> Cause | None:
    """The cause if the call was refused for another reason than its SecretId, scope or
    signature."""
    if authorization is None and not call.is_v1:
        phrase = malformed(request.headers.get("authorization", ""))
        return Cause("malformed_authorization", True, phrase, client)
    assert identity.refusal is not None  # noqa: S101 - called for refused calls only
    match identity.refusal.code:
        case "AuthFailure.SignatureExpire":
            seconds = round(call.timestamp - identity.now.timestamp())
            return Cause("clock_skew", True, _skew(seconds), client)
        case "AuthFailure.TokenFailure":
            phrase = _TOKEN_SENT if call.token else _TOKEN_MISSING
            return Cause("token_missing_or_wrong", True, phrase, client)
    return None


def _skew(seconds: int) -> Phrase:
    """A difference of whole hours is that of a time zone."""
    en, zh = f"{seconds:+} seconds", f"{seconds:+} 秒"
    hours = round(seconds / 3600)
    if hours and abs(seconds - hours * 3600) <= 60:
        en += f" ({hours:+} hours: local time may have been used instead of UTC)"
        zh += f"（{hours:+} 小时：可能把本地时间当作了 UTC）"
    return en, zh


_PARTS = ("Credential=", "SignedHeaders=", "Signature=")


def malformed(header: str) -> Phrase:
    """Which part of the Authorization header is missing, without quoting it."""
    if not header.strip():
        return "it is empty", "内容为空"
    if header == "SKIP":
        return "it is SKIP, which this API does not accept", "内容是 SKIP，该接口不接受"
    if not header.startswith(ALGORITHM):
        return f"it does not begin with {ALGORITHM}", f"开头不是 {ALGORITHM}"
    for part in _PARTS:
        if part not in header:
            return f"`{part}` is missing", f"缺少 `{part}`"
    scope = header.partition("Credential=")[2].partition(",")[0]
    if scope.count("/") != 3:
        parts = scope.count("/") + 1
        return (
            f"the Credential has {parts} parts, not 4",
            f"Credential 有 {parts} 段，应为 4 段",
        )
    if header.count(",") != 2:
        return "its parts are not separated by 2 commas", "各部分之间应有 2 个逗号"
    for part in _PARTS:
        if len(header.partition(part)[2].partition(",")[0].split()) > 1:
            return f"`{part}` has a space or a line end in it", f"`{part}` 中含有空格或换行"
    return "its parts are not in this order", "各部分的顺序不对"


_TEMPLATE = re.compile(
    r"\$\{?\w{1,40}\}?|\{\{ ?[\w.]{1,40} ?\}\}|%\w{1,40}%|<[\w-]{1,40}>", re.ASCII
)
"""A variable that was not resolved, as shells, Postman, Windows and examples write it."""


def unknown_id(secret_id: str) -> Phrase:
    """What an unknown SecretId looks like; only placeholders are quoted, others are masked."""
    if not secret_id:
        return "it is empty", "内容为空"
    if (bare := secret_id.strip()) != secret_id:
        text = redacted_secret_id(bare)
        return f"`{text}` with a space before or after it", f"`{text}`，前后有空格"
    if (bare := secret_id.strip("\"'`“”‘’")) != secret_id:
        text = redacted_secret_id(bare)
        return f"`{text}` in quotes, which are part of it", f"`{text}`，引号成了它的一部分"
    if secret_id in UNSET or secret_id in PLACEHOLDERS or _TEMPLATE.fullmatch(secret_id):
        return (
            f"it is `{secret_id}`: the variable may not be set",
            f"内容是 `{secret_id}`：变量可能没有设置",
        )
    return value(redacted_secret_id(secret_id))


def visible_mistake(
    request: WireRequest, call: Call, authorization: Authorization
) -> Mistake | None:
    """The first mistake in SignedHeaders or the credential scope."""
    missing = MANDATORY_HEADERS - set(authorization.signed_headers.lower().split(";"))
    if missing:
        names = "`, `".join(sorted(missing))
        phrase = f"`{names}` is not listed", f"没有列出 `{names}`"
        expected = "content-type and host in SignedHeaders"
        return _visible("missing_signed_header", Step.HEADERS, phrase, expected, phrase[0])
    right = utc_date(call.timestamp)
    if authorization.date != right:
        neighbours = {utc_date(call.timestamp + days * 86_400) for days in (-1, 1)}
        name = "date_not_utc" if authorization.date in neighbours else "date_differs_from_timestamp"
        return _visible_in_scope(name, right, authorization.date)
    if not is_service(authorization.service, vendor_product(request.headers.get("host", ""))):
        return _visible_in_scope("wrong_service", "ocr", authorization.service)
    if authorization.terminator != TERMINATOR:
        return _visible_in_scope("scope_terminator", TERMINATOR, authorization.terminator)
    return None


def _visible_in_scope(cause: str, expected: str, found: str) -> Mistake:
    shown = redacted_scope_part(found)
    return _visible(cause, Step.SCOPE, value(shown), expected, shown)


def _visible(cause: str, step: str, phrase: Phrase, expected: str, found: str) -> Mistake:
    return Mistake(cause, step, phrase, lambda attempt: attempt, expected, found)


SWAPPED = _visible(
    "secret_id_and_key_swapped",
    Step.SECRET_KEY,
    ("the SecretKey was sent as the SecretId", "SecretKey 被当作 SecretId 发送"),
    "SecretId in Credential, SecretKey in HMAC",
    "SecretKey in Credential",
)


def consistent(right: Attempt, request: WireRequest, authorization: Authorization) -> list[Attempt]:
    """The signatures that are possible if `visible_mistake` is the only mistake."""
    sent = request.headers
    listed = {name: sent.get(name, "") for name in MANDATORY_HEADERS}
    headers = in_order({**listed, **dict(right.headers)})
    names = ";".join(name for name, _ in headers)
    return [
        right,
        right._replace(headers=headers, names=names),
        right._replace(terminator=authorization.terminator),
        right._replace(date=utc_date(int(right.timestamp))),
    ]


def suspected(request: WireRequest, authorization: Authorization | None) -> tuple[str, Phrase]:
    """The likely cause, by the form of the request, if no mistake reproduces the signature."""
    if authorization is None:
        return "wrong_secret_key", ("", "")
    names = authorization.signed_headers.lower().split(";")
    absent = [name for name in names if name not in request.headers]
    if absent:
        listed = "`, `".join(absent)
        phrase = f"`{listed}` is listed but was not sent", f"列出了 `{listed}` 但没有发送"
        return "missing_signed_header", phrase
    signature = authorization.signature
    if signature.endswith("=") and len(signature) in (28, 44):
        return "v1_signature_in_tc3", ("", "")
    if len(signature) != 64 or not set(signature) <= set("0123456789abcdef"):
        length = len(signature)
        phrase = (f"{length} characters", f"{length} 个字符")
        return "hex_case_or_length", value(signature) if signature in UNSET else phrase
    return "wrong_secret_key", ("", "")
