"""A call whose signature is wrong, with everything that the search for the cause uses."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from mockocr.accounts.account import Account, Accounts
from mockocr.explainer.work import Work
from mockocr.protocol.authorization import Authorization
from mockocr.protocol.wire import WireRequest

OTHER_ACCOUNTS = 100
"""The keys of at most this many other accounts are tried."""


@dataclass(frozen=True, slots=True)
class Case:
    request: WireRequest
    """Without its body."""
    body: bytes | None = field(repr=False)
    """None if it is too long to try changes of it."""
    payload_hash: str
    """The hash that should have been signed."""
    timestamp: int
    secret_id: str
    secret_key: str = field(repr=False)
    other_keys: Sequence[tuple[str, str]] = field(repr=False, default=())
    """Other SecretKeys, each with the name of its account, first the keys of the caller's
    account."""
    earlier_hashes: Sequence[str] = ()
    """The payload hashes of the account's last calls."""
    authorization: Authorization | None = None
    """None for a legacy call."""
    algorithm: str = "sha256"
    """The hash algorithm of the right HMAC."""
    own_ports: Sequence[int] = ()
    """The ports of this server. A proxy may have removed the port from Host."""
    member_names: Sequence[str] = ()
    """The documented names of the parameters of the action."""
    work: Work = field(default_factory=Work, repr=False)

    @property
    def signed_headers(self) -> tuple[str, ...]:
        """The names in SignedHeaders, in lower case."""
        return (
            tuple(dict.fromkeys(self.authorization.signed_headers.lower().split(";")))
            if self.authorization
            else ()
        )


def other_keys(account: Account, accounts: Accounts) -> list[tuple[str, str]]:
    others = islice(accounts.all(), OTHER_ACCOUNTS)
    return [(key, other.name) for other in (account, *others) for key in other.keys.values()]
