"""One call whose signature is wrong, with what the search for its cause may use."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from mockocr.accounts.account import Account, Accounts
from mockocr.explainer.work import Work
from mockocr.protocol.authorization import Authorization
from mockocr.protocol.wire import WireRequest

OTHER_ACCOUNTS = 100
"""So many other accounts' keys are tried."""


@dataclass(frozen=True, slots=True)
class Case:
    request: WireRequest
    """Without its body."""
    body: bytes | None = field(repr=False)
    """None: too long to be tried otherwise."""
    payload_hash: str
    """As it should have been signed."""
    timestamp: int
    secret_id: str
    secret_key: str = field(repr=False)
    other_keys: Sequence[tuple[str, str]] = field(repr=False, default=())
    """Secret keys, each with the name of its account; the account's own other keys first."""
    known_hashes: Sequence[str] = ()
    """Of the payloads of the account's last calls."""
    given: Authorization | None = None
    """None for a legacy call."""
    algorithm: str = "sha256"
    """Of the HMAC that should have been used."""
    own_ports: Sequence[int] = ()
    """On which this server listens: a proxy may have taken them off the Host."""
    member_names: Sequence[str] = ()
    """Of the bodies of this action, as they are documented."""
    work: Work = field(default_factory=Work, repr=False)

    @property
    def signed_headers(self) -> tuple[str, ...]:
        """Their names as they are listed, in lower case."""
        return (
            tuple(dict.fromkeys(self.given.signed_headers.lower().split(";"))) if self.given else ()
        )


def other_keys(account: Account, accounts: Accounts) -> list[tuple[str, str]]:
    others = islice(accounts.all(), OTHER_ACCOUNTS)
    return [(key, other.name) for other in (account, *others) for key in other.keys.values()]
