"""Every mistake in the tables, and every two of different steps, are named and proven."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import pytest

from mockocr.explainer import legacy_attempt
from mockocr.explainer.attempt import as_received
from mockocr.explainer.case import Case
from mockocr.explainer.encodings import SentSignature
from mockocr.explainer.search import tries
from mockocr.explainer.table import legacy_mistakes, tc3_mistakes
from mockocr.explainer.work import ALL_HASHES
from mockocr.protocol import tc3
from mockocr.protocol.authorization import parse_authorization
from mockocr.protocol.call import read_call
from mockocr.protocol.wire import WireRequest
from tests.explainer.calls import cause_of, is_refused, received
from tests.explainer.mistakes.legacy import LEGACY, LEGACY_ENCODINGS
from tests.explainer.mistakes.mistake import SignerMistake, pairs, together
from tests.explainer.mistakes.requests import GET_QUERY, QUERIES
from tests.explainer.mistakes.strings_to_sign import ENCODINGS
from tests.explainer.mistakes.tables import COMMON, RARE
from tests.explainer.signing import SECRET_ID, SECRET_KEY, TIMESTAMP, LegacySigner, Signer

OTHERS = [(SECRET_KEY, "alice"), (SECRET_KEY, "alice"), ("key-of-bob", "bob")]
OF_A_BODY = {"payload hash"}


def numbered(made: Sequence[SignerMistake]) -> list[str]:
    return [f"{number}-{each.cause}" for number, each in enumerate(made)]


def posted(*made: SignerMistake) -> Signer:
    return Signer(**together(*made))


def got(*made: SignerMistake) -> Signer:
    return Signer(method="GET", query=GET_QUERY, **together(*made))


def legacy(
    *made: SignerMistake, method: str = "POST", signature_method: str | None = None
) -> LegacySigner:
    return LegacySigner(method=method, signature_method=signature_method, **together(*made))


TC3 = [*COMMON, *RARE, *ENCODINGS]
GET = [each for each in [*TC3, *QUERIES] if each.step not in OF_A_BODY]


@pytest.mark.parametrize("made", TC3, ids=numbered(TC3))
def test_a_mistake_is_named_and_proven(made: SignerMistake) -> None:
    cause = cause_of(received(posted(made)))

    assert (cause.name, cause.proven) == (made.cause, True)


@pytest.mark.parametrize("made", GET, ids=numbered(GET))
def test_a_mistake_in_a_get_is_named_and_proven(made: SignerMistake) -> None:
    if made.how.get("signed_method") == "GET":
        made = made._replace(how={"signed_method": "POST"})

    cause = cause_of(received(got(made)))

    assert (cause.name, cause.proven) == (made.cause, True)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("signature_method", ["HmacSHA256", "HmacSHA1", None])
@pytest.mark.parametrize(
    "made", [*LEGACY, *LEGACY_ENCODINGS], ids=numbered([*LEGACY, *LEGACY_ENCODINGS])
)
def test_a_mistake_in_a_legacy_call_is_named_and_proven(
    made: SignerMistake, signature_method: str | None, method: str
) -> None:
    request = received(legacy(made, method=method, signature_method=signature_method))
    if not is_refused(request):
        # Nothing was changed: this call has no SignatureMethod, or this is its method.
        return

    cause = cause_of(request)

    assert (cause.name, cause.proven) == (made.cause, True)


class EverySignature(SentSignature):
    """Replaces the sent signature, so that each try matches."""

    def __init__(self) -> None:
        self.digest = b""

    def match(self, digest: bytes) -> tuple[()]:
        self.digest = digest
        return ()


def case_of(request: WireRequest, algorithm: str) -> Case:
    given = parse_authorization(request)
    hashed = tc3.payload_hash(request)
    return Case(
        request,
        request.body,
        hashed,
        TIMESTAMP,
        SECRET_ID,
        SECRET_KEY,
        OTHERS,
        (),
        given,
        algorithm,
    )


def causes_by_digest(request: WireRequest) -> dict[bytes, tuple[str, ...]]:
    """The mistakes that a search tries, by the signature that they give."""
    call, sent = read_call(request), EverySignature()
    case = case_of(request, legacy_attempt.algorithm_of(call))
    if case.authorization:
        rights: list[Any] = as_received(
            request, case.authorization, TIMESTAMP, SECRET_KEY, case.payload_hash
        )
        mistakes = tc3_mistakes(case)
    else:
        rights = [legacy_attempt.as_received(request, call, SECRET_KEY)]
        mistakes = legacy_mistakes(case)
    known: dict[bytes, tuple[str, ...]] = {}
    for found in tries(rights, mistakes, sent, case.work, pairs=True):
        assert found is not None
        known.setdefault(sent.digest, tuple(each.cause for each in found[1]))
    assert case.work.hashes < ALL_HASHES
    return known


def assert_named(
    known: Mapping[bytes, tuple[str, ...]], one: SignerMistake, other: SignerMistake, digest: bytes
) -> None:
    """If one mistake hides the other, only that one is named."""
    causes = set(known[digest])
    if (one.step, other.step) == ("path", "canonical request"):
        # A path that is left out and a query that is left out may give the same text.
        causes.discard("query_not_as_sent")
    assert causes
    assert causes <= {one.cause, other.cause}


def test_two_mistakes_of_different_steps_are_named_both() -> None:
    known = causes_by_digest(received(posted()))

    for one, other in pairs(COMMON):
        assert_named(known, one, other, posted(one, other).digest())


def test_two_mistakes_in_a_get_are_named_both() -> None:
    known = causes_by_digest(received(got()))

    for one, other in pairs([*(each for each in COMMON if each.step != "payload hash"), *QUERIES]):
        assert_named(known, one, other, got(one, other).digest())


@pytest.mark.parametrize("signature_method", ["HmacSHA256", "HmacSHA1"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_two_mistakes_in_a_legacy_call_are_named_both(signature_method: str, method: str) -> None:
    def signer(*made: SignerMistake) -> LegacySigner:
        return legacy(*made, method=method, signature_method=signature_method)

    known = causes_by_digest(received(signer()))

    for one, other in pairs([each for each in LEGACY if each.step != "method"]):
        assert_named(known, one, other, signer(one, other).digest())


@pytest.mark.parametrize("seed", range(25))
def test_two_mistakes_are_proven_from_the_request_alone(seed: int) -> None:
    one, other = Random(seed).choice(pairs([*COMMON, *ENCODINGS]))  # noqa: S311 - which test

    cause = cause_of(received(posted(one, other)))

    assert cause.proven
    named = {cause.name, *(each.cause for each in cause.details)}
    assert named <= {one.cause, other.cause} or named == {"v1_signature_in_tc3"}
