"""Begins the search for the cause of a refused call."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from mockocr.accounts.account import Accounts
from mockocr.accounts.identity import Identity
from mockocr.explainer import encodings, legacy_attempt, reading
from mockocr.explainer.attempt import as_received
from mockocr.explainer.case import Case, other_keys
from mockocr.explainer.causes import Cause
from mockocr.explainer.details import proven
from mockocr.explainer.encodings import SentSignature
from mockocr.explainer.mistake import Mistake
from mockocr.explainer.search import Search, tries
from mockocr.explainer.table import legacy_mistakes, tc3_mistakes
from mockocr.explainer.work import MAX_BODY_BYTES, Work
from mockocr.protocol import tc3
from mockocr.protocol.authorization import Authorization, parse_authorization
from mockocr.protocol.call import Call
from mockocr.protocol.wire import WireRequest


def explain(
    request: WireRequest,
    call: Call,
    identity: Identity,
    accounts: Accounts,
    earlier_hashes: Sequence[str],
    own_ports: Sequence[int] = (),
    member_names: Sequence[str] = (),
    begin: bool = True,
) -> Search:
    """A search for the cause of a refused signature. It has already begun, and may be finished.

    `earlier_hashes`: the payload hashes of the account's last calls. `own_ports`: the ports of this
    server. `member_names`: the names of the action's parameters. `begin`: search in the call too.
    """
    client = request.headers.get("x-tc-requestclient", call.signed.get("RequestClient", ""))
    authorization = None if call.is_v1 else parse_authorization(request)
    cause = reading.cause_without_signature(request, call, authorization, identity, client)
    if cause is not None:
        return Search.over(cause)
    secret_id = authorization.secret_id if authorization else call.signed["SecretId"]
    visible = []
    if authorization and (mistake := reading.visible_mistake(request, call, authorization)):
        visible.append(mistake)
    account = accounts.find(secret_id)
    if account is not None:
        secret_key, others = account.keys[secret_id], other_keys(account, accounts)
    elif (swapped := accounts.secret_id_of_key(secret_id)) is not None:
        visible.insert(0, reading.SWAPPED)
        secret_key, others = swapped, []
    else:
        return Search.over(_without_account(secret_id, visible, client))
    algorithm = legacy_attempt.algorithm_of(call) if call.is_v1 else "sha256"
    payload_hash = identity.signature.payload_hash if identity.signature else None
    body = request.body if request.body_bytes <= MAX_BODY_BYTES else None
    case = Case(
        request if call.is_v1 else replace(request, content=b""),
        body,
        payload_hash or tc3.payload_hash(request),
        call.timestamp,
        secret_id,
        secret_key,
        others,
        earlier_hashes,
        authorization,
        algorithm,
        own_ports,
        member_names,
    )

    start = partial(_start, case, call, tuple(visible), client)
    search = Search(start, _request_bytes(request, call, body or b""))
    if begin:
        search.begin()
    return search


def _start(
    case: Case, call: Call, visible: tuple[Mistake, ...], client: str
) -> tuple[Iterator[Cause | None], Work]:
    """Begins a search anew, with work of its own."""
    fresh = replace(case, work=Work())
    if case.authorization:
        found = _tc3(fresh, case.authorization, bool(visible))
    else:
        found = _legacy(fresh, call, bool(visible))
    return _causes(fresh, found, visible, client), fresh.work


def _request_bytes(request: WireRequest, call: Call, body: bytes) -> int:
    """An estimate of the memory that a search needs of its call."""
    head = [request.query, *request.headers, *request.headers.values()]
    parameters = [*call.signed, *call.signed.values()]
    return len(body) + sum(map(len, head)) + 2 * sum(map(len, parameters))


def _without_account(secret_id: str, visible: Sequence[Mistake], client: str) -> Cause:
    """The cause if no account has the SecretId."""
    if visible:
        return Cause(visible[0].cause, False, visible[0].phrase, client)
    return Cause("unknown_secret_id", True, reading.unknown_id(secret_id), client)


def _tc3(case: Case, authorization: Authorization, is_visible: bool) -> Iterator[Any]:
    rights = as_received(
        case.request, authorization, case.timestamp, case.secret_key, case.payload_hash
    )
    if is_visible:
        rights = [
            each
            for right in rights
            for each in reading.consistent(right, case.request, authorization)
        ]
    sent = SentSignature(authorization.signature, encodings.TC3)
    return tries(rights, tc3_mistakes(case), sent, case.work, pairs=not is_visible)


def _legacy(case: Case, call: Call, is_visible: bool) -> Iterator[Any]:
    right = legacy_attempt.as_received(case.request, call, case.secret_key)
    sent = SentSignature(call.signed["Signature"], encodings.LEGACY)
    return tries([right], legacy_mistakes(case), sent, case.work, pairs=not is_visible)


def _causes(
    case: Case, found: Iterator[Any], visible: tuple[Mistake, ...], client: str
) -> Iterator[Cause | None]:
    """The steps of a Search. `visible`: mistakes that the request shows without any HMAC."""
    for one in found:
        if one is not None:
            right, mistakes = one
            yield proven(right, visible + mistakes, client)
        yield None
    if visible:
        yield Cause(visible[0].cause, False, visible[0].phrase, client)
    name, phrase = reading.suspected(case.request, case.authorization)
    yield Cause(name, False, phrase, client)
