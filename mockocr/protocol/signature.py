"""The result of verifying a signature."""

from dataclasses import dataclass


@dataclass(slots=True)
class Signature:
    """Each step as the server computed it; never the key, and never the right signature."""

    string_to_sign: str
    valid: bool
    canonical_request: str | None = None
    """This and the following fields: TC3 only."""
    payload_hash: str | None = None
    """Hex SHA-256 of the signed payload."""
    covers_body: bool = False
    """Whether the signed payload is the body that was received."""
    as_sent: tuple[str, ...] = ()
    """Headers whose values were signed as they were sent, not in lower case."""
