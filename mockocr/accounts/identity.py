"""Identifies the caller and verifies the signature: rows 7 to 11 of
docs/fidelity.md#the-order-of-checks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from mockocr.accounts.account import Account, Accounts
from mockocr.accounts.clock import REAL_TIME, Clock
from mockocr.protocol import hints, legacy, refusals, tc3
from mockocr.protocol.authorization import read_authorization
from mockocr.protocol.call import Call, check_time
from mockocr.protocol.errors import ApiError
from mockocr.protocol.reasons import Reason
from mockocr.protocol.redact import MASK, redacted_secret_id
from mockocr.protocol.signature import Signature
from mockocr.protocol.wire import WireRequest


@dataclass(slots=True)
class Identity:
    now: datetime
    """By the clock of the account; real time if the SecretId is unknown."""
    account: Account | None
    """The account of the SecretId, verified or not. None if the SecretId is unknown."""
    signature: Signature | None = None
    """The computed signature. None if an earlier check failed."""
    refusal: ApiError | None = None
    """The first check that failed. None: the caller is verified."""


ClockOf = Callable[[Account], Clock]


def own_clock(account: Account) -> Clock:
    return account.clock or REAL_TIME


def identify(
    request: WireRequest, call: Call, accounts: Accounts, clock_of: ClockOf = own_clock
) -> Identity:
    authorization = None
    if not call.is_v1:
        try:
            authorization = read_authorization(request, call.timestamp)
        except ApiError as error:
            return Identity(request.received_at, None, refusal=error.with_traceback(None))
    secret_id = authorization.claim.secret_id if authorization else call.signed.get("SecretId", "")
    account = accounts.find(secret_id)
    now = clock_of(account).at(request.received_at) if account else request.received_at
    try:
        # Before the SecretId is looked up: docs/fidelity.md#order-expiry-first.
        check_time(call, now)
    except ApiError as error:
        return Identity(now, account, refusal=error.with_traceback(None))
    if account is None:
        reason = Reason(hints.SEE_CAUSE, "SecretId", redacted_secret_id(secret_id))
        return Identity(now, None, refusal=refusals.SECRET_ID_NOT_FOUND.error(reason))
    # Assumed: a token is ignored if the account has none.
    if account.tokens and call.token not in account.tokens:
        reason = Reason(
            hints.SEE_CAUSE, call.sent_as("Token"), None if call.token is None else MASK
        )
        return Identity(now, account, refusal=refusals.TOKEN_FAILURE.error(reason))
    secret_key = account.keys[secret_id]
    if authorization:
        signature = tc3.verify(request, authorization, call.timestamp, secret_key)
    else:
        signature = legacy.verify(request, call.signed, secret_key)
    refusal = None
    if not signature.valid:
        refusal = refusals.SIGNATURE_FAILURE.error(Reason(hints.SEE_CAUSE, "Signature"))
    return Identity(now, account, signature, refusal)
