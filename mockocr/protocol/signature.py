"""What verifying a signature gives: the steps as the server computed them."""

from dataclasses import dataclass


@dataclass(slots=True)
class Signature:
    """Step by step; never the key, and never the signature that would have been right."""

    string_to_sign: str
    valid: bool
    canonical_request: str | None = None
    """TC3 only, like what follows."""
    payload_hash: str | None = None
    """Hex SHA-256 of what was signed as the payload."""
    covers_body: bool = False
    """Whether that was the body as received."""
