"""From a refused call to the search for its cause."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
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
from mockocr.explainer.work import MAX_BODY_BYTES
from mockocr.protocol import tc3
from mockocr.protocol.authorization import Authorization, parse_authorization
from mockocr.protocol.call import Call
from mockocr.protocol.wire import WireRequest


def explain(
    request: WireRequest,
    call: Call,
    identity: Identity,
    accounts: Accounts,
    known_hashes: Sequence[str],
    own_ports: Sequence[int] = (),
    member_names: Sequence[str] = (),
) -> Search:
    """Why it is not proven who calls: a search that has begun, and may be over.

    `known_hashes`: of the payloads of the account's last calls. `own_ports`: on which this server
    listens. `member_names`: of the bodies of the action.
    """
    client = request.headers.get("x-tc-requestclient", call.signed.get("RequestClient", ""))
    given = None if call.is_v1 else parse_authorization(request)
    cause = reading.cause_without_signature(request, call, given, identity, client)
    if cause is not None:
        return Search.over(cause)
    secret_id = given.secret_id if given else call.signed["SecretId"]
    known = [it for it in [given and reading.read_off(request, call, given)] if it]
    account = accounts.find(secret_id)
    if account is not None:
        secret_key, others = account.keys[secret_id], other_keys(account, accounts)
    elif (swapped := accounts.secret_id_of_key(secret_id)) is not None:
        known.insert(0, reading.SWAPPED)
        secret_key, others = swapped, []
    elif known:
        return Search.over(Cause(known[0].cause, False, known[0].said, client))
    else:
        return Search.over(Cause("unknown_secret_id", True, reading.unknown_id(secret_id), client))
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
        known_hashes,
        given,
        algorithm,
        own_ports,
        member_names,
    )
    found = _tc3(case, given, bool(known)) if given else _legacy(case, call, bool(known))
    search = Search(_causes(case, found, tuple(known), client), case.work, len(body or b""))
    search.begin()
    return search


def _tc3(case: Case, given: Authorization, is_known: bool) -> Iterator[Any]:
    rights = as_received(case.request, given, case.timestamp, case.secret_key, case.payload_hash)
    if is_known:
        rights = [it for right in rights for it in reading.consistent(right, case.request, given)]
    sent = SentSignature(given.signature, encodings.TC3)
    return tries(rights, tc3_mistakes(case), sent, case.work, pairs=not is_known)


def _legacy(case: Case, call: Call, is_known: bool) -> Iterator[Any]:
    right = legacy_attempt.as_received(case.request, call, case.secret_key)
    sent = SentSignature(call.signed["Signature"], encodings.LEGACY)
    return tries([right], legacy_mistakes(case), sent, case.work, pairs=not is_known)


def _causes(
    case: Case, found: Iterator[Any], known: tuple[Mistake, ...], client: str
) -> Iterator[Cause | None]:
    """For a Search. `known` are mistakes that were read off the request."""
    for one in found:
        if one is not None:
            right, mistakes = one
            yield proven(right, known + mistakes, client)
        yield None
    if known:
        yield Cause(known[0].cause, False, known[0].said, client)
    name, said = reading.suspected(case.request, case.given)
    yield Cause(name, False, said, client)
