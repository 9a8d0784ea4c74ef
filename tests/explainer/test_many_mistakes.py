"""What holds for many mistakes. These tests make many searches, so scripts/test measures no
coverage of them."""

from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.explainer.calls import cause_of, is_refused, received, search_of
from tests.explainer.faults import FAULTS
from tests.explainer.mistakes.mistake import SignerMistake, together
from tests.explainer.mistakes.strings_to_sign import ENCODINGS
from tests.explainer.mistakes.tables import COMMON, RARE
from tests.explainer.signing import BODY, Signer

TWO_HUNDRED = [*COMMON, *RARE][:190]


def test_two_hundred_causes_are_the_same_however_their_searches_are_interrupted() -> None:
    """A search in one go, or in small parts between those of others."""
    signers = [Signer(**together(made)) for made in TWO_HUNDRED]
    signers += [Signer(secret_key=f"another-{number}") for number in range(10)]
    requests = [received(signer) for signer in signers]
    at_once = [search_of(request).finish() for request in requests]
    by_turns = [search_of(request) for request in requests]

    waiting = list(by_turns)
    while waiting:
        for search in waiting:
            search.advance()
        waiting = [search for search in waiting if not search.is_over]

    assert [search.cause for search in by_turns] == at_once
    assert len(at_once) == 200


ANY = st.sampled_from([*COMMON, *RARE, *ENCODINGS])
SOMETHING_ELSE = st.fixed_dictionaries(
    {},
    optional={
        "secret_key": st.text(st.characters(codec="ascii"), min_size=5),
        "signed_body": st.binary(min_size=3, max_size=60),
        "signed_path": st.text(st.characters(codec="ascii"), min_size=2),
        "signed_timestamp": st.text("0123456789.", min_size=2, max_size=9),
    },
)
"""Changes that are in no table."""


@settings(max_examples=20, deadline=None)
@given(st.lists(ANY, max_size=3), SOMETHING_ELSE)
def test_a_wrong_cause_is_never_called_proven(
    made: list[SignerMistake], other: dict[str, Any]
) -> None:
    assume(len({each.step for each in made}) == len(made))
    how = {**together(*made), **other}
    request = received(Signer(**how))
    assume(is_refused(request))

    cause = cause_of(request)

    if cause.proven:
        named = {cause.name, *(each.cause for each in cause.details)}
        assert named <= {each.cause for each in made} or named == {"v1_signature_in_tc3"}


SIGNATURE_FAULTS = [
    (name, fault) for name, proven, fault in FAULTS if proven and "authorization" not in str(fault)
]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(range(len(SIGNATURE_FAULTS))), min_size=2, max_size=3, unique=True))
def test_no_wrong_cause_is_proven_for_several_faults(chosen: list[int]) -> None:
    faults = [SIGNATURE_FAULTS[index] for index in chosen]
    merged: dict[str, Any] = {}
    for _, fault in faults:
        merged |= fault
    signer = Signer(**merged)
    assume(set(signer.names) <= set(signer.headers))
    request = received(signer)
    assume(is_refused(request))

    cause = cause_of(request)

    assert not cause.proven or cause.name in {name for name, _ in faults}


@settings(max_examples=8, deadline=None)
@given(st.sets(st.integers(0, len(BODY) - 1), min_size=5))
def test_a_random_change_of_the_body_is_never_proven(places: set[int]) -> None:
    changed = bytes(byte ^ 0x15 if at in places else byte for at, byte in enumerate(BODY))

    cause = cause_of(received(Signer(sent_body=changed)))

    assert (cause.name, cause.proven) == ("wrong_secret_key", False)
