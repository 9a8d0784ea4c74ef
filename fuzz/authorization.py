"""Authorization headers and legacy parameters: each call is refused with a documented code and
explained, and is only accepted with the signature of exactly that call."""

import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from random import Random
from urllib.parse import unquote_plus

from fuzz.answers import Answer, answers_in, outcome_of
from fuzz.calls import SCRIPTED_ID, TOKEN, on_the_wire
from fuzz.changing import changed
from fuzz.served import served
from fuzz.server import Server
from fuzz.target import FoundError, Target
from mockocr.protocol.wire import WireRequest
from tests.requests import SECRET_KEY, a_call, a_get, a_request, a_v1_call, common_headers, signed

_UNSIGNED = {"X_TC_Content_SHA256": "UNSIGNED-PAYLOAD"}
_CALLS: Sequence[WireRequest] = (
    a_call(),
    a_call(**_UNSIGNED),
    a_get(),
    signed(a_request(headers=common_headers(**TOKEN), body=b"{}"), secret_id=SCRIPTED_ID),
    signed(
        a_request(headers=common_headers(X_TC_Language="zh-CN"), body=b'{"CardSide": "BACK"}'),
        signed_headers="content-type;host;x-tc-action;x-tc-timestamp",
    ),
    a_v1_call(),
    a_v1_call(method="GET"),
    a_v1_call(signature_method=None, headers={"X-TC-Language": "zh-CN"}),
    a_v1_call(SecretId=SCRIPTED_ID, Token="token-of-the-fuzzer"),
)
_WORDS = (
    *(b"TC3-HMAC-SHA256", b"TC3-HMAC-SHA1", b"SKIP", b"Bearer ", b"Credential=", b"Signature="),
    *(b"SignedHeaders=", b"content-type;host", b"host;content-type", b";", b";;", b"x-tc-token"),
    *(
        b"/tc3_request",
        b"/ocr/",
        b"/127/",
        b"/",
        b"//",
        b",",
        b", ",
        b"=",
        b" ",
        b"\t",
        b"&",
        b"%00",
    ),
    *(b"2026-11-22", b"2026-11-23", b"1970-01-01", b"9999-12-31", b"AKIDtest", b"AKIDscripted"),
    *(
        b"0" * 64,
        b"f" * 64,
        b"F" * 64,
        b"a" * 4000,
        b"\xe4\xbd\xa0",
        b"\xff",
        b"%",
        b"%ud800",
        b"+",
    ),
    *(b"HmacSHA256", b"HmacSHA1", b"&Signature=", b"&Nonce=1", b"&Timestamp=", b"&Token=x"),
    *(b"\r\nX-TC-Token: token-of-the-fuzzer", b"\r\nX-TC-Content-SHA256: UNSIGNED-PAYLOAD"),
    *(b"\r\nX-TC-Timestamp: 99999999999", b"\r\nX-TC-Timestamp: \xb2", b"&SignatureMethod=MD5"),
)

_SIGNATURE = re.compile(r"Signature=([^&\s]+)")


def _proofs() -> Iterator[tuple[str, bytes]]:
    """A signature, and everything else that it needs to be valid."""
    for request in _CALLS:
        authorization = request.headers.get("authorization")
        sent = authorization or unquote_plus(request.query or request.body.decode())
        (signature,) = _SIGNATURE.findall(sent)
        unsigned = "x-tc-content-sha256" in request.headers
        covered = request.query.encode() if request.method == "GET" else request.body
        yield signature, covered if authorization and not unsigned else b""


_PROOFS = tuple(_proofs())


def _changed(known: Sequence[bytes], random: Random) -> bytes:
    """Changes mostly the parts of Authorization, of a query or of a form."""
    content = random.choice(known)
    place = re.search(rb"(?i)authorization: [^\r]*|[?\n][^ \r\n]*Signature=[^ \r\n]*", content)
    if place is None or random.random() < 0.2:
        return changed(known, _WORDS, random)
    parts = re.split(rb"([=,;/&?\s]+)", place[0])
    for _ in range(random.choice((1, 1, 2, 3))):
        at = random.randrange(len(parts))
        match random.randrange(5):
            case 0:
                parts[at] = random.choice(parts)
            case 1:
                parts[at] = random.choice((parts[at].upper(), parts[at].lower(), parts[at] * 2))
            case 2:
                parts[at] = b""
            case 3:
                parts[at] = random.choice(_WORDS)
            case _:
                parts[at] = changed([parts[at]], _WORDS, random)
    return content[: place.start()] + b"".join(parts) + content[place.end() :]


def tried(server: Server, sent: bytes) -> str:
    outcomes = []
    for answer in answers_in(server.exchanged(sent)):
        outcome = outcome_of(answer)
        if answer.response:
            _insist_on_explanation(server, str(answer.response["RequestId"]))
            if outcome == "ok":
                _insist_on_proof(sent)
        outcomes.append(outcome)
    server.insist_on_silence()
    return " ".join(sorted({*outcomes})) or "nothing"


def _insist_on_proof(sent: bytes) -> None:
    text = unquote_plus(sent.decode("latin-1"))
    if not any(signature in text and covered in sent for signature, covered in _PROOFS):
        raise FoundError("a call was answered well that nobody had signed")


def _insist_on_explanation(server: Server, request_id: str) -> None:
    """Checks that the call is explained and that no key is shown."""
    paths = [f"/__admin/requests/{request_id}{each}" for each in ("", "/explain", "/curl")]
    asked = "".join(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n" for path in paths)
    answers: list[Answer] = list(answers_in(server.exchanged(asked.encode())))
    statuses = [answer.status for answer in answers]
    if statuses[:2] != [200, 200] or statuses[2:] not in ([200], [409], [422]):
        raise FoundError(f"the record of the call: {statuses} {answers[-1].body[:300]!r}")
    if any(SECRET_KEY.encode() in answer.body for answer in answers):
        raise FoundError("a secret key is shown")


def target() -> AbstractContextManager[Target]:
    return served([on_the_wire(call) for call in _CALLS], _changed, tried)
