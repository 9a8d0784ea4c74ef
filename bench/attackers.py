"""Sixty-four clients that attack a server, each in its own way, until an event is set."""

import json
import socket
import ssl
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from random import Random
from threading import Event, Thread

from bench.calls import Call
from bench.own_client import READ_BYTES
from bench.steady import message_of
from fuzz.corpus import corpus
from tests.specimens.files import bmp_rle, jpeg_of, png_of

KEY_PAIR = ("AKIDattack", "key-of-the-attack")
PATIENCE_SECONDS = 20
SLOW_RULES = [
    {
        "name": f"slow-{index}",
        "when": {"header": {"X-Long": {"regex": f"a[ab]{{{900 + index}}}c"}}},
        "then": {"card": "invented"},
    }
    for index in range(10)
]
"""For the account of the key pair."""


@dataclass(frozen=True, slots=True)
class Victim:
    port: int
    tls_port: int
    slow_url: str
    """A URL whose server accepts connections and never answers."""

    def connected(self, port: int | None = None) -> socket.socket:
        return socket.create_connection(("127.0.0.1", port or self.port), PATIENCE_SECONDS)

    def answered(self, *messages: bytes) -> int:
        return post(self.port, *messages)


def post(port: int, *messages: bytes) -> int:
    """Sends messages on one connection; returns how many answers with status 200 came."""
    answers = 0
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as wire:
        for message in messages:
            wire.sendall(message)
            answers += _answer(wire)
    return answers


def _answer(wire: socket.socket) -> bool:
    """Reads one answer with a Content-Length. Returns whether its status is 200."""
    received = b""
    while b"\r\n\r\n" not in received:
        part = wire.recv(READ_BYTES)
        if not part:
            return False
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    _, _, length = head.lower().partition(b"content-length:")
    missing = int(length.split()[0]) - len(body)
    while missing > 0 and (part := wire.recv(READ_BYTES)):
        missing -= len(part)
    return head.startswith(b"HTTP/1.1 200")


Attack = Callable[[Victim, Random], int]
"""One attempt; returns how many calls were answered with status 200. May raise OSError."""


def call(headers: Mapping[str, str] | None = None, **parameters: object) -> bytes:
    return _sent(json.dumps(parameters).encode(), headers)


def _sent(body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    signed = Call(body, key_pair=KEY_PAIR).signed()
    return message_of(type(signed)({**signed.headers, **(headers or {})}, body))


def picture_call(content: bytes) -> bytes:
    return _sent(b'{"ImageBase64": "%b", "CardSide": "FRONT"}' % b64encode(content))


def _bombs() -> tuple[bytes, ...]:
    """Pictures whose decoding costs exceed the limits, and some that are just within them."""
    flat = b"\0" + bytes(3 * 4900)
    return (
        *corpus("containers"),
        png_of(4900, 4900, rows=flat * 4900),
        png_of(9000, 2700, rows=(b"\4" + bytes(3 * 9000)) * 2700),
        png_of(3000, 3000, depth=16, colour_type=6, rows=(b"\1" + bytes(8 * 3000)) * 3000),
        jpeg_of(4000, 4000, [(1,), (2,), (3,)]),
        jpeg_of(2000, 2000, [(1, 2, 3)] * 90, progressive=True),
        bmp_rle(2000, 2000, b"\xff\1" * 50_000),
        bmp_rle(2000, 2000, b"\1\2" * 200_000),
    )


def bomb(victim: Victim, random: Random) -> int:
    content = random.choice(_BOMBS)
    # A new hash each time, because results are cached by the hash of the picture.
    return victim.answered(picture_call(content + random.randbytes(8)))


def slow_url(victim: Victim, random: Random) -> int:
    return victim.answered(call(ImageUrl=f"{victim.slow_url}/{random.random()}"))


def slow_pattern(victim: Victim, random: Random) -> int:
    headers = {"X-Long": "ab" * random.randrange(1000, 30_000)}
    return victim.answered(call(headers, CardSide="FRONT"))


def long_json(victim: Victim, random: Random) -> int:
    unit = random.choice((b"1,", b"[],", b'{"a":1},', b'"\\n",', b'"\\u0041",'))
    size_bytes = random.choice((9_000, 1_000_000, 9_000_000))
    return victim.answered(_sent(b'{"a": [' + unit * (size_bytes // len(unit)) + b"1]}"))


def large_picture(victim: Victim, random: Random) -> int:
    return victim.answered(picture_call(b"\xff\xd8\xff" + random.randbytes(5_000_000)))


def flood(victim: Victim, random: Random) -> int:
    """Sends calls with a wrong signature. Each needs a search for its cause."""
    wrong = Call(b'{"CardSide": "FRONT"}', key_pair=(KEY_PAIR[0], f"{random.random()}")).signed()
    return victim.answered(*[message_of(wrong)] * 50)


def deaf(victim: Victim, random: Random) -> int:
    """Sends calls until the server reads no more, and never reads an answer."""
    message = call(ImageUrl="ftp://xx", Config=json.dumps({"a": "a" * 500})) * 20
    with victim.connected() as wire, suppress(TimeoutError):
        wire.settimeout(1)
        for _ in range(1000):
            wire.sendall(message)
        time.sleep(1)
    return 0


def broken_tls(victim: Victim, random: Random) -> int:
    """A handshake that never ends, one of noise, or a connection that breaks in the middle."""
    with victim.connected(victim.tls_port) as wire:
        match random.randrange(3):
            case 0:
                wire.sendall(b"\x16\x03\x01")
                time.sleep(1)
            case 1:
                wire.sendall(random.randbytes(5000))
            case _:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
                with suppress(ssl.SSLError), context.wrap_socket(wire) as secure:
                    secure.sendall(call(CardSide="FRONT")[:100])
    return 0


def slow_request(victim: Victim, random: Random) -> int:
    """A byte at a time."""
    with victim.connected() as wire:
        for byte in call(CardSide="FRONT")[:40]:
            wire.sendall(bytes([byte]))
            time.sleep(0.05)
    return 0


def admin(victim: Victim, random: Random) -> int:
    """The slowest calls of the admin API."""
    aliases = "".join(f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]\n" for at in range(1, 9))
    yaml = random.choice((f"a0: &a0 [1]\n{aliases}", "rules:\n" + "- {name: a}\n" * 20_000))
    request = "{} /__admin/{} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{}"
    match random.randrange(3):
        case 0:
            return victim.answered(request.format("GET", "requests", 0, "").encode()) * 0
        case 1:
            sent = request.format("POST", "scenarios", len(yaml), yaml).encode()
            return victim.answered(sent) * 0
        case _:
            content = random.choice(_BOMBS)
            parameters = {"ImageBase64": b64encode(content).decode()}
            asked = json.dumps({"account": "attack", "parameters": parameters})
            sent = request.format("POST", "match", len(asked), asked).encode()
            return victim.answered(sent) * 0


_BOMBS = _bombs()

CLIENTS: Mapping[Attack, int] = {
    bomb: 14,
    slow_url: 12,
    slow_pattern: 6,
    long_json: 4,
    large_picture: 4,
    flood: 6,
    deaf: 6,
    broken_tls: 6,
    slow_request: 4,
    admin: 2,
}
"""The clients that attack in each way: 64 in all."""


def attack(victim: Victim, seed: int, end: Event) -> Counter[str]:
    """Attacks until the event is set. Returns how many calls of each attack were answered, and how
    many attempts failed."""
    counts: list[Counter[str]] = []
    threads = []
    for kind, clients in CLIENTS.items():
        for number in range(clients):
            counts.append(Counter())
            random = Random(f"{seed} {kind.__name__} {number}")  # noqa: S311 - no secret
            given = (kind, victim, random, end, counts[-1])
            threads.append(Thread(target=_repeat, args=given, daemon=True))
    for thread in threads:
        thread.start()
    end.wait()
    # Threads that wait for an answer are not joined.
    return sum(list(counts), Counter())


def _repeat(kind: Attack, victim: Victim, random: Random, end: Event, counts: Counter[str]) -> None:
    while not end.is_set():
        try:
            counts[kind.__name__] += kind(victim, random)
        except (OSError, ValueError, IndexError):
            counts[f"{kind.__name__}, failed"] += 1
            end.wait(0.05)


@contextmanager
def silent_server() -> Iterator[str]:
    """The URL of a server that accepts connections, reads and never answers."""
    with ExitStack() as opened:
        listener = opened.enter_context(socket.create_server(("127.0.0.1", 0), backlog=100))
        connections = []

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connections.append(opened.enter_context(listener.accept()[0]))

        Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
