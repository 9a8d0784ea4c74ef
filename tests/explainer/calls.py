"""Explains requests that the signers of tests have signed."""

from collections.abc import Sequence
from typing import Protocol

from mockocr.accounts.account import Account, Accounts
from mockocr.accounts.identity import identify
from mockocr.explainer.causes import Cause
from mockocr.explainer.explain import explain
from mockocr.explainer.search import Search
from mockocr.protocol.call import read_call
from mockocr.protocol.wire import WireRequest
from tests.explainer.signing import SECRET_ID, SECRET_KEY, Sent
from tests.requests import NOW

ALICE = Account("alice", {SECRET_ID: SECRET_KEY})
BOB = Account("bob", {"AKIDbob": "key-of-bob"})


class Sender(Protocol):
    def send(self) -> Sent: ...


def received(signer: Sender) -> WireRequest:
    sent = signer.send()
    return WireRequest("id", NOW, sent.method, "/", sent.query, sent.headers, sent.body)


def is_refused(request: WireRequest, *accounts: Account) -> bool:
    known = Accounts(accounts or [ALICE, BOB])
    return identify(request, read_call(request), known).refusal is not None


def search_of(
    request: WireRequest, *accounts: Account, earlier_hashes: Sequence[str] = ()
) -> Search:
    known = Accounts(accounts or [ALICE, BOB])
    call = read_call(request)
    identity = identify(request, call, known)
    assert identity.refusal is not None, "this call is not refused"
    return explain(request, call, identity, known, earlier_hashes)


def cause_of(request: WireRequest, *accounts: Account, earlier_hashes: Sequence[str] = ()) -> Cause:
    return search_of(request, *accounts, earlier_hashes=earlier_hashes).finish()
