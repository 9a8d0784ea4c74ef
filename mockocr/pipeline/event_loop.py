"""Which calls are answered on the event loop, and which in the threads of a pool.

A call is answered on the loop if it is short and names nothing slow, or if its body was answered
before and everything about its picture is still cached.
"""

import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from mockocr.actions.action import AnyAction
from mockocr.actions.catalogue import all_actions
from mockocr.images.image import Base64Image
from mockocr.pipeline.body_cache import ParsedBody
from mockocr.pipeline.pools import Pool
from mockocr.pipeline.state import State
from mockocr.protocol.authorization import parse_authorization
from mockocr.protocol.parameters import CUT_OUT_BYTES
from mockocr.protocol.tc3 import UNSIGNED_PAYLOAD
from mockocr.protocol.wire import WIRE_ENCODING, WireRequest
from mockocr.recognition.call_image import CallImage
from mockocr.recognition.picture_cache import PictureCache
from mockocr.scenario.rule import PatternSteps

SHORT_BYTES = 1024
"""A body or query of at most this size is searched for the names of slow parameters."""

MAX_QUICK_BODIES = 1024
"""More short bodies without such names are not remembered."""

MAX_HEAD_BYTES = 4096
"""Longer headers, with the query, are parsed and matched in a thread."""

MAX_STEPS = 4_000_000
"""The most work of all patterns of an account on the event loop: their steps times the characters
of the text. More work is done in a thread."""


def pool_of(state: State, request: WireRequest) -> Pool | None:
    """The pool that answers a call; None if the event loop can."""
    sent = request.query.encode(WIRE_ENCODING) if request.method == "GET" else request.content
    short = sent if isinstance(sent, bytes) and len(sent) <= SHORT_BYTES else None
    pools = state.pools
    if state.upstream is not None:
        return pools.upstream
    if state.pictures.fetches:
        text = sent if isinstance(sent, bytes) else sent.joined()
        if _may_name(text, (b"ImageUrl", _ESCAPE)):
            if _may_download(state.pictures, request, text):
                return pools.downloads
            if state.pictures.has_folder:
                return pools.pictures
    head_bytes = request.head_bytes
    if head_bytes > MAX_HEAD_BYTES:
        return pools.pictures
    text_bytes = CUT_OUT_BYTES if short is None else len(short)
    if _steps(state.registry.pattern_steps, head_bytes, text_bytes) > MAX_STEPS:
        own = _own_pattern_steps(state, request)
        if own is None or _steps(own, head_bytes, text_bytes) > MAX_STEPS:
            return pools.pictures
    if short is not None and _is_quick(state, request, short):
        return None
    return None if _is_known(state, request) else pools.pictures


def _steps(patterns: PatternSteps, head_bytes: int, text_bytes: int) -> int:
    return patterns.headers * head_bytes + patterns.parameters * text_bytes


def _own_pattern_steps(state: State, request: WireRequest) -> PatternSteps | None:
    """The steps that the rules of the calling account have: the patterns of one account must not
    delay another. None if the account is not certain before the call is read."""
    if state.defaults.auth != "strict":
        return None
    authorization = parse_authorization(request)
    account = authorization and state.accounts.find(authorization.secret_id)
    return state.registry.rulebook(account.name).pattern_steps if account else None


_ESCAPE = b"\\u"
"""An escape in JSON, which may hide a name."""


_URL = re.compile(rb'"ImageUrl"[ \t\r\n]*:[ \t\r\n]*"([^"\\]*)"')


def _may_download(pictures: PictureCache, request: WireRequest, text: bytes) -> bool:
    """Whether a call that names ImageUrl may download a picture. Others must not wait behind slow
    downloads."""
    is_json = request.method == "POST" and "x-tc-action" in request.headers
    urls = _URL.findall(text)
    if not is_json or _ESCAPE in text or len(urls) < text.count(b"ImageUrl"):
        return True
    return any(pictures.may_download(url.decode(errors="replace")) for url in urls)


def _is_quick(state: State, request: WireRequest, short: bytes) -> bool:
    """Whether a short body or query names nothing slow. Bodies are searched once."""
    is_body = request.method != "GET"
    quick_bodies = state.quick_bodies
    if is_body and request.body_hash in quick_bodies:
        return True
    if _may_name(short, _slow_names(all_actions())):
        return False
    if is_body:
        if len(quick_bodies) >= MAX_QUICK_BODIES:
            quick_bodies.clear()
        quick_bodies.add(request.body_hash)
    return True


@lru_cache(maxsize=8)
def _slow_names(actions: tuple[AnyAction, ...]) -> tuple[bytes, ...]:
    names = [name for it in actions for name in (*it.long_parameters, *it.slow_names)]
    return (*(name.encode() for name in names), _ESCAPE)


def _may_name(sent: bytes, names: tuple[bytes, ...]) -> bool:
    """Whether a JSON text, query or form contains one of the names, perhaps with escapes."""
    for name in names:
        if name in sent:
            return True
    if b"%" not in sent:
        return False
    # Resolving the escapes of a long text takes too long.
    return len(sent) > SHORT_BYTES or any(name in unquote_to_bytes(sent) for name in names)


def _is_known(state: State, request: WireRequest) -> bool:
    # A body that its signature does not cover is not cached.
    is_unsigned = request.headers.get("x-tc-content-sha256") == UNSIGNED_PAYLOAD
    if request.method != "POST" or is_unsigned:
        return False
    body_hash = request.body_hash
    return state.body_cache.has(body_hash) and state.pictures.is_known(body_hash)


def remember(
    state: State, request: WireRequest, parsed_body: ParsedBody, call_image: CallImage
) -> None:
    """Caches the results that the next call with this body needs from its picture, unless it needs
    the pixels."""
    query, reading = parsed_body.query(), call_image.reading
    need, image = parsed_body.action.picture_need(query), query.image
    if need == "pixels" or reading is None or not isinstance(image, Base64Image):
        return
    # A long picture must be cut out of the body, or the next call would parse it.
    cut_out_bytes = len(image.text) if image.text.origin else 0
    if request.body_bytes - cut_out_bytes > CUT_OUT_BYTES:
        return
    sides = reading.sides if need == "scores" else ()
    if all(side in call_image.measured for side in sides):
        state.pictures.remember(request.body_hash, image.text.origin, call_image.digest(), sides)
