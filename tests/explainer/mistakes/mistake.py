"""A mistake that the signers of tests can make, and how mistakes are combined."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tests.explainer.signing import (
    Signer,
)


class SignerMistake(NamedTuple):
    cause: str
    step: str
    how: Mapping[str, Any]


def together(*made: SignerMistake) -> dict[str, Any]:
    """The fields of a signer that makes all of these mistakes."""
    how: dict[str, Any] = {}
    for it in made:
        for name, text in it.how.items():
            how[name] = {**how.get(name, {}), **text} if isinstance(text, dict) else text
    if change := how.pop("arrange_payload", None):
        how["payload_hash"] = change(how.get("signed_body", Signer.body))
    return how


def pairs(made: Sequence[SignerMistake]) -> list[tuple[SignerMistake, SignerMistake]]:
    """The pairs of mistakes of different steps."""
    return [
        (one, other)
        for number, one in enumerate(made)
        for other in made[number + 1 :]
        if one.step != other.step and not _same_fields(one, other)
    ]


def _same_fields(one: SignerMistake, other: SignerMistake) -> bool:
    """Whether the signer has only one field for both, so it cannot make both."""
    shared = set(one.how) & set(other.how) - {"signed_as", "scope"}
    return bool(shared)
