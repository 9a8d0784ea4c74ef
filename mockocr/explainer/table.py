"""All mistakes in the order in which they are tried: the common ones first."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from mockocr.explainer.case import Case
from mockocr.explainer.mistake import Family, Mistake
from mockocr.explainer.mistakes import legacy
from mockocr.explainer.mistakes.body import common_bodies, rare_bodies
from mockocr.explainer.mistakes.canonical_request import layouts, methods_and_paths
from mockocr.explainer.mistakes.headers import content_types, hosts, signed_headers
from mockocr.explainer.mistakes.payload import payloads
from mockocr.explainer.mistakes.query import queries
from mockocr.explainer.mistakes.scope import scopes
from mockocr.explainer.mistakes.secret_key import secret_keys
from mockocr.explainer.mistakes.signing_key import signatures, signing_keys
from mockocr.explainer.mistakes.string_to_sign import texts, timestamps

_COMMON: tuple[Callable[[Case], Family], ...] = (
    secret_keys,
    hosts,
    content_types,
    payloads,
    common_bodies,
    queries,
    signing_keys,
    layouts,
    texts,
    signed_headers,
    methods_and_paths,
    scopes,
    timestamps,
    signatures,
)


def tc3_mistakes(case: Case) -> Iterator[Mistake]:
    yield from _common_first(each for family in _COMMON for each in family(case))
    yield from rare_bodies(case)


def legacy_mistakes(case: Case) -> Iterator[Mistake]:
    yield from _common_first(chain(secret_keys(case), legacy.mistakes(case)))


def _common_first(mistakes: Iterable[Mistake]) -> Iterator[Mistake]:
    rare: list[Mistake] = []
    for mistake in mistakes:
        if mistake.alone:
            rare.append(mistake)
        else:
            yield mistake
    yield from rare
