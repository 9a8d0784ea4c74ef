"""The derivation of the signing key, with mistakes in it."""

import hmac
from collections.abc import Callable

PassOn = Callable[[bytes], bytes]
Parts = Callable[[str, str, str], tuple[str, ...]]
"""Gives the texts of the steps from date, service and terminator."""


def chained(
    secret_key: bytes,
    date: str,
    service: str,
    terminator: str,
    *,
    prefix: bytes = b"TC3",
    suffix: bytes = b"",
    parts: Parts = lambda *parts: parts,
    passed_on: tuple[PassOn | None, ...] = (),
    algorithm: str = "sha256",
    one: Callable[[bytes, bytes, str], bytes] = lambda key, text, name: hmac.digest(
        key, text, name
    ),
) -> bytes:
    """The documented derivation, except for the arguments that are given. `passed_on`: changes each
    key before the next step uses it."""
    key = prefix + secret_key + suffix
    for number, part in enumerate(parts(date, service, terminator)):
        key = one(key, part.encode(errors="replace"), algorithm)
        change = passed_on[number] if number < len(passed_on) else None
        key = change(key) if change else key
    return key


def as_hex(key: bytes) -> bytes:
    return key.hex().encode()


def as_upper_hex(key: bytes) -> bytes:
    return key.hex().upper().encode()


def as_latin1(key: bytes) -> bytes:
    return key.decode("latin-1").encode()


def as_utf8(key: bytes) -> bytes:
    return key.decode("utf-8", "replace").encode()


def cut_at_zero(key: bytes) -> bytes:
    cut = key.partition(b"\0")[0]
    # The rest must still depend on the key: a few bytes would prove nothing.
    return cut if len(cut) >= 4 else key


def without_zeros(key: bytes) -> bytes:
    return key.replace(b"\0", b"")


def bare(secret_key: bytes, date: str, service: str, terminator: str, prefix: bytes) -> bytes:
    return prefix + secret_key


def swapped(key: bytes, text: bytes, algorithm: str) -> bytes:
    return hmac.digest(text, key, algorithm)
