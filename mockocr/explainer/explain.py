"""From a refused call to its cause. Tried once, when the call is refused, and within a budget."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from time import perf_counter

from mockocr.accounts.account import Account, Accounts
from mockocr.accounts.identity import Identity
from mockocr.explainer import mistakes
from mockocr.explainer.causes import Cause
from mockocr.explainer.mistakes import Trial
from mockocr.protocol import legacy
from mockocr.protocol.authorization import (
    MANDATORY_HEADERS,
    TERMINATOR,
    Authorization,
    is_service,
    parse_authorization,
    utc_date,
)
from mockocr.protocol.call import Call
from mockocr.protocol.wire import WireRequest

BUDGET_SECONDS = 0.020
BUDGET_TRIALS = 2000
"""HMACs of a string to sign; a trial with another key or scope costs four more for its key."""

OTHER_ACCOUNTS = 100
"""So many other accounts' keys are tried."""


def explain(
    request: WireRequest,
    call: Call,
    identity: Identity,
    accounts: Accounts,
    known_hashes: Sequence[str],
) -> Cause:
    """Why it is not proven who calls.

    `known_hashes`: of the payloads of the account's last calls.
    """
    assert identity.refusal is not None  # noqa: S101 - asked of refused calls only
    client = request.headers.get("x-tc-requestclient", call.signed.get("RequestClient", ""))
    given = None if call.is_v1 else parse_authorization(request)
    if not call.is_v1 and given is None:
        return Cause("malformed_authorization", proven=True, client=client)
    account = identity.account or (accounts.find(given.secret_id) if given else None)
    match identity.refusal.code:
        case "AuthFailure.SignatureExpire":
            seconds = round(call.timestamp - identity.now.timestamp())
            return Cause("clock_skew", proven=True, detail=f"{seconds:+}", client=client)
        case "AuthFailure.SecretIdNotFound":
            return Cause("unknown_secret_id", proven=True, client=client)
        case "AuthFailure.TokenFailure":
            sent = "one that it has not was sent" if call.token else "none was sent"
            return Cause("token_missing_or_wrong", proven=True, detail=sent, client=client)
    if given is None:
        assert account is not None  # noqa: S101 - its SecretId was found, or the code said it all
        return _of_legacy(request, call, account, accounts, client)
    return _of_tc3(request, call, given, account, accounts, known_hashes, client)


def _of_tc3(
    request: WireRequest,
    call: Call,
    given: Authorization,
    account: Account | None,
    accounts: Accounts,
    known_hashes: Sequence[str],
    client: str,
) -> Cause:
    read_off = _read_off(request, call, given)
    if account is None:
        name, detail = read_off or ("unknown_secret_id", "")
        return Cause(name, proven=False, detail=detail, client=client)
    secret_key = account.keys[given.secret_id]
    bases = mistakes.as_received(request, given, call.timestamp, secret_key)
    if read_off:
        name, detail = read_off
        proven = _first(_also_with_their_own(bases, given), given.signature) is not None
        return Cause(name, proven, detail, client)
    for base in bases:
        if spelling := mistakes.respelled_signature(base, given.signature):
            return Cause("hex_case_or_length", True, spelling, client)
        if _is_legacy(base, given.signature):
            return Cause("v1_signature_in_tc3", True, client=client)
    found = _first(
        _all(bases, given, _other_keys(account, accounts), known_hashes), given.signature
    )
    if found:
        return Cause(found.cause, True, found.detail, client)
    name, detail = _suspected(request, given)
    return Cause(name, False, detail, client)


def _read_off(request: WireRequest, call: Call, given: Authorization) -> tuple[str, str] | None:
    """What is wrong with the scope and SignedHeaders themselves, with the detail."""
    missing = MANDATORY_HEADERS - set(given.signed_headers.lower().split(";"))
    if missing:
        return "missing_signed_header", f"`{'`, `'.join(sorted(missing))}` is not listed"
    if given.date != utc_date(call.timestamp):
        neighbours = {utc_date(call.timestamp + days * 86_400) for days in (-1, 1)}
        name = "date_not_utc" if given.date in neighbours else "date_differs_from_timestamp"
        return name, given.date
    if not is_service(given.service, request.headers.get("host", "")):
        return "wrong_service", f"`{given.service}`"
    if given.terminator != TERMINATOR:
        return "scope_terminator", f"`{given.terminator}`"
    return None


def _also_with_their_own(bases: Sequence[Trial], given: Authorization) -> Iterator[Trial]:
    """The call as it was received; with what is not listed; with the key that its scope says."""
    for base in bases:
        sent = base.request.headers
        listed = {name: sent.get(name, "") for name in MANDATORY_HEADERS}
        yield base.as_("", headers={**listed, **base.headers})
        yield base
        yield base.as_("", terminator=given.terminator)
        yield base.as_("", date=utc_date(base.timestamp))


def _all(
    bases: Sequence[Trial],
    given: Authorization,
    keys: Sequence[tuple[str, str]],
    known_hashes: Sequence[str],
) -> Iterator[Trial]:
    """The likely first; the longest row last, and for the documented reading only."""
    for base in bases:
        yield from mistakes.other_keys(base, keys)
        yield from mistakes.other_headers(base, given)
        yield from mistakes.other_scopes(base)
        yield from mistakes.other_payloads(base, known_hashes)
        yield from mistakes.other_queries(base)
    for base in bases:
        yield from mistakes.other_bodies(base)
    yield from mistakes.other_timestamps(bases[0])


def _first(candidates: Iterable[Trial], signature: str) -> Trial | None:
    """The first whose signature is the one that was sent, within the budget."""
    deadline = perf_counter() + BUDGET_SECONDS
    for trial in islice(candidates, BUDGET_TRIALS):
        if trial.signature() == signature:
            return trial
        if perf_counter() > deadline:
            return None
    return None


def _other_keys(account: Account, accounts: Accounts) -> list[tuple[str, str]]:
    """Secret keys with the names of their accounts; the account's own other keys too."""
    others = islice(accounts.all(), OTHER_ACCOUNTS)
    return [(key, other.name) for other in (account, *others) for key in other.keys.values()]


def _is_legacy(base: Trial, signature: str) -> bool:
    """An HMAC of the string to sign with the bare key, as Base64."""
    made = [legacy.sign(base.secret_key, base.text(), it) for it in ("HmacSHA1", "HmacSHA256")]
    return signature in made


def _suspected(request: WireRequest, given: Authorization) -> tuple[str, str]:
    """What the look of a call speaks for, where nothing could be reproduced."""
    absent = [
        name for name in given.signed_headers.lower().split(";") if name not in request.headers
    ]
    if absent:
        return "missing_signed_header", f"`{'`, `'.join(absent)}` is listed and was not sent"
    signature = given.signature
    if signature.endswith("=") and len(signature) in (28, 44):
        return "v1_signature_in_tc3", ""
    if len(signature) != 64 or not set(signature) <= set("0123456789abcdef"):
        return "hex_case_or_length", f"{len(signature)} characters"
    return "wrong_secret_key", ""


def _of_legacy(
    request: WireRequest, call: Call, account: Account, accounts: Accounts, client: str
) -> Cause:
    parameters = call.signed
    secret_key = account.keys[parameters["SecretId"]]
    base = Trial(request, {"host": request.headers.get("host", "")}, "", 0, "", secret_key, "", "")
    candidates = [
        *mistakes.other_keys(base, _other_keys(account, accounts)),
        *mistakes.other_hosts(base),
    ]
    for trial in candidates:
        headers = {**request.headers, "host": trial.headers["host"]}
        as_meant = replace(request, headers=headers)
        if legacy.verify(as_meant, parameters, trial.secret_key).valid:
            return Cause(trial.cause, True, trial.detail, client)
    return Cause("wrong_secret_key", False, client=client)
