"""The kinds of calls of a soak, and what their clients see."""

import json
import re
import socket
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from random import Random

from PIL import Image

from fuzz.answers import Answer, answers_in, outcome_of
from fuzz.calls import on_the_wire
from mockocr.protocol.wire import Fault
from tests.requests import (
    SECRET_ID,
    SECRET_KEY,
    TIMESTAMP,
    a_call,
    a_get,
    a_request,
    a_v1_call,
    common_headers,
    signed,
)

PATIENCE_SECONDS = 60
IMPATIENCE_SECONDS = 5
"""The timeout of a client that is never answered: long enough for the call to arrive on any
machine."""

_FAULTY_ID, _LIMITED_ID = "AKIDfaulty", "AKIDlimited"
_BEYOND = ("GATEWAY", "LATE", "DRIBBLED", "CHANCE")

_RULES = [
    {"name": fault, "when": {"ImageUrl": {"glob": f"*/{fault}"}}, "then": {"fault": fault}}
    for fault in Fault
] + [
    {"name": name, "when": {"ImageUrl": {"glob": f"*/{name}"}}, "then": then}
    for name, then in zip(
        _BEYOND,
        (
            {"http": 502},
            {"card": "invented", "delay": {"uniform": ["1ms", "50ms"]}},
            {"card": "invented", "dribble": "50ms"},
            {"one_of": [{"card": "invented"}, {"error": "FailedOperation.OcrFailed"}]},
        ),
        strict=True,
    )
]


def _account(name: str, secret_id: str, **more: object) -> dict[str, object]:
    keys = [{"SecretId": secret_id, "SecretKey": SECRET_KEY}]
    return {"name": name, "keys": keys, "rate": 0, "clock": {"freeze": TIMESTAMP}, **more}


KEYS_FILE = json.dumps(
    [
        _account("plain", SECRET_ID),
        _account("faulty", _FAULTY_ID, scenarios=[{"name": "faulty", "rules": _RULES}]),
        _account("limited", _LIMITED_ID, rate=5, package=3),
    ]
)


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    sent: bytes
    account: str | None
    """The account in the journal; None if it is not a call."""
    outcomes: frozenset[str]
    """Outcomes in the journal; one of these is expected."""
    weight: int = 10

    def seen_by(self, port: int, tls: bool) -> str:
        """The outcome, as a client of the server on this port sees it."""
        never = f"fault:{Fault.TIMEOUT}" in self.outcomes
        patience = IMPATIENCE_SECONDS if never else PATIENCE_SECONDS
        with closing(_connected(port, tls)) as connection:
            connection.settimeout(patience)
            try:
                connection.sendall(self.sent)
                if self.account is None:
                    return ""
                return _outcome(_received(connection))
            except TimeoutError:
                return f"fault:{Fault.TIMEOUT}"
            except (ConnectionResetError, ssl.SSLEOFError):
                return f"fault:{Fault.CONNECTION_RESET_BY_PEER}"


def _connected(port: int, tls: bool) -> socket.socket:
    plain = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
    if not tls:
        return plain
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(plain, suppress_ragged_eofs=False)


def _received(connection: socket.socket) -> bytes:
    """One reply, or its part before the connection ends."""
    received = b""
    while part := connection.recv(65536):
        received += part
        head, _, body = received.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: ([0-9]+)", head)
        if length and len(body) >= int(length[1]):
            break
    return received


def _outcome(received: bytes) -> str:
    if not received:
        return f"fault:{Fault.EMPTY_RESPONSE}"
    if not received.startswith(b"HTTP/1.1 "):
        return f"fault:{Fault.RANDOM_DATA_THEN_CLOSE}"
    (answer,) = answers_in(received)
    if "chunked" in answer.headers.get("transfer-encoding", ""):
        return f"fault:{Fault.MALFORMED_RESPONSE_CHUNK}"
    if len(answer.body) < int(answer.headers["content-length"]):
        return f"fault:{Fault.TRUNCATED_BODY}"
    if answer.headers["content-type"] == "text/html":
        return f"http:{answer.status}"
    return _code(answer)


def _code(answer: Answer) -> str:
    try:
        return outcome_of(answer)
    except json.JSONDecodeError:
        return f"fault:{Fault.BAD_JSON}"


@cache
def kinds() -> tuple[Kind, ...]:
    return tuple(_kinds())


def _kinds() -> Iterator[Kind]:
    ok = frozenset({"ok"})
    yield Kind("POST", on_the_wire(a_call()), "plain", ok, 200)
    yield Kind("GET", on_the_wire(a_get()), "plain", ok, 50)
    yield Kind("legacy", on_the_wire(a_v1_call()), "plain", ok, 50)
    for size, weight in ((200_000, 40), (1_000_000, 10), (5_000_000, 2)):
        for seed in range(4):
            sent = on_the_wire(a_call(_picture(size, seed)))
            yield Kind(f"{size} bytes", sent, "plain", ok, weight)
    for code, account, sent in (
        ("AuthFailure.SignatureFailure", "plain", _signed(SECRET_ID, secret_key="wrong")),
        ("AuthFailure.SignatureExpire", "", _signed("AKIDnobody")),  # by the real clock
        ("AuthFailure.SignatureExpire", "plain", _signed(SECRET_ID, X_TC_Timestamp="1795000000")),
        ("MissingParameter", "", on_the_wire(a_request("POST", "", {}, b"a=b"))),
        ("UnknownParameter", "plain", on_the_wire(a_call({"ImageURL": "https://xx/a.jpg"}))),
        ("InvalidParameter", "plain", on_the_wire(a_call(b"{"))),
        ("FailedOperation.EmptyImageError", "plain", on_the_wire(a_call({"CardSide": "BACK"}))),
        ("RequestSizeLimitExceeded", "", on_the_wire(a_call(b" " * (10 * 1024 * 1024 + 1)))),
    ):
        weight = 1 if len(sent) > 10_000_000 else 20
        yield Kind(code, sent, account, frozenset({code}), weight)
    run_out = "ResourceUnavailable.ResourcePackageRunOut"
    limited = frozenset({"ok", "RequestLimitExceeded", run_out})
    yield Kind("limited", _signed(_LIMITED_ID), "limited", limited, 20)
    for fault in Fault:
        weight = 1 if fault is Fault.TIMEOUT else 10
        sent = _signed(_FAULTY_ID, f"https://xx/{fault}")
        yield Kind(fault, sent, "faulty", frozenset({f"fault:{fault}"}), weight)
    for name, outcomes in zip(
        _BEYOND, (("http:502",), ok, ok, ("ok", "FailedOperation.OcrFailed")), strict=True
    ):
        sent = _signed(_FAULTY_ID, f"https://xx/{name}")
        yield Kind(name, sent, "faulty", frozenset(outcomes))
    half = on_the_wire(a_call(_picture(200_000, 0)))[:100_000]
    yield Kind("leaves in mid-body", half, None, frozenset({""}), 20)
    yield Kind("says nothing", b"", None, frozenset({""}), 5)


def _signed(
    secret_id: str, url: str = "https://xx/a.jpg", secret_key: str = SECRET_KEY, **headers: str
) -> bytes:
    body = json.dumps({"ImageUrl": url, "CardSide": "FRONT"}).encode()
    request = a_request(headers=common_headers(**headers), body=body)
    return on_the_wire(signed(request, secret_id=secret_id, secret_key=secret_key))


def _picture(size_bytes: int, seed: int) -> dict[str, str]:
    """A JPEG of noise, of about this size in Base64."""
    side = int((size_bytes / 1.14) ** 0.5)
    noise = Random(seed).randbytes(side * side)
    Image.frombytes("L", (side, side), noise).save(content := BytesIO(), "JPEG", quality=92)
    return {"ImageBase64": b64encode(content.getvalue()).decode()}
