"""Mistakes in the SecretKey, the signing key and the credential scope."""

import hmac
from base64 import b64encode
from collections.abc import Callable, Sequence
from hashlib import sha256 as hash_of
from typing import Any

from tests.explainer.mistakes.mistake import SignerMistake
from tests.explainer.signing import (
    SCOPE,
    SECRET_ID,
    SECRET_KEY,
    TIMESTAMP,
    Signer,
    hmac_sha256,
)


def chain(
    prefix: str = "TC3",
    suffix: str = "",
    parts: Callable[[str, str, str], Sequence[str]] = lambda *it: it,
    pass_on: Callable[[int, bytes], bytes] = lambda number, key: key,
    one: Callable[[bytes, bytes], bytes] = hmac_sha256,
) -> Callable[[Signer], bytes]:
    def derive(signer: Signer) -> bytes:
        key = f"{prefix}{signer.secret_key}{suffix}".encode()
        for number, part in enumerate(parts(signer.date, signer.service, signer.end)):
            key = pass_on(number, one(key, part.encode()))
        return key

    return derive


def always(change: Callable[[bytes], bytes]) -> Callable[[int, bytes], bytes]:
    return lambda number, key: change(key)


def only_last(change: Callable[[bytes], bytes]) -> Callable[[int, bytes], bytes]:
    return lambda number, key: change(key) if number == 2 else key


def all_but_last(change: Callable[[bytes], bytes]) -> Callable[[int, bytes], bytes]:
    return lambda number, key: key if number == 2 else change(key)


def swapped(key: bytes, text: bytes | str) -> bytes:
    return hmac_sha256(text if isinstance(text, bytes) else text.encode(), key)


def with_hash(name: str) -> Callable[[bytes, Any], bytes]:
    return lambda key, text: hmac.digest(
        key, text.encode() if isinstance(text, str) else text, name
    )


def secret_key(cause: str, text: str) -> SignerMistake:
    return SignerMistake(cause, "secret key", {"secret_key": text})


SECRET_KEYS = [
    *(
        secret_key("secret_has_whitespace", worn)
        for worn in (
            f"{SECRET_KEY}\n",
            f"{SECRET_KEY}\r\n",
            f"{SECRET_KEY} ",
            f" {SECRET_KEY}",
            f'"{SECRET_KEY}"',
            f"'{SECRET_KEY}'",
        )
    ),
    *(secret_key("secret_key_missing", text) for text in ("", "undefined", "null", "None")),
    secret_key("secret_id_and_key_swapped", SECRET_ID),
    secret_key("key_of_another_account", "key-of-bob"),
]


RARE_SECRET_KEYS = [
    *(
        secret_key("secret_has_whitespace", f"{start}{SECRET_KEY}{end}")
        for start, end in (
            *(("", end) for end in ("\r", "\t", "\u200b", ";", "\u3000")),
            *((start, "") for start in ("\t", "\n", "\ufeff", "\u200b")),
            (" ", " "),
        )
    ),
    *(
        secret_key("secret_key_missing", text)
        for text in (
            *("nil", "NULL", "[object Object]", "NaN", "YOUR_SECRET_KEY", "<your-secret-key>"),
            *("${TENCENTCLOUD_SECRET_KEY}", "{{secretKey}}", "%SECRET_KEY%"),
        )
    ),
    secret_key("signing_key_derivation", b64encode(SECRET_KEY.encode()).decode()),
]


def hexadecimal(key: bytes) -> bytes:
    return key.hex().encode()


SIGNING_KEYS = [
    SignerMistake("signing_key_derivation", "signing key", {"derive": derive})
    for derive in (
        chain(prefix=""),
        chain(pass_on=always(hexadecimal)),
        chain(pass_on=all_but_last(hexadecimal)),
        chain(pass_on=always(lambda key: key.hex().upper().encode())),
        chain(pass_on=always(b64encode)),
        chain(pass_on=always(lambda key: key.decode("latin-1").encode())),
        chain(pass_on=always(lambda key: key.decode(errors="replace").encode())),
        chain(prefix="AWS4"),
        chain(prefix="tc3"),
        chain(prefix="", suffix="TC3"),
        chain(parts=lambda date, service, end: (service, date, end)),
        chain(parts=lambda date, service, end: (date, service)),
        chain(parts=lambda date, service, end: (date, end)),
        chain(parts=lambda date, service, end: (service, end)),
        chain(parts=lambda *parts: [f"{part}\n" for part in parts]),
        chain(one=swapped),
        chain(one=with_hash("sha1")),
        lambda signer: signer.secret_key.encode(),
        lambda signer: b"TC3" + signer.secret_key.encode(),
    )
]


WRITTEN: list[Callable[[bytes], str]] = [
    lambda digest: f"SHA2-256(stdin)= {digest.hex()}",
    lambda digest: f"(stdin)= {digest.hex()}",
    lambda digest: digest.hex("-").upper(),
    lambda digest: digest.hex().encode().hex(),
    lambda digest: "".join(f"{byte if byte < 128 else byte | 0xFFFFFF00:x}" for byte in digest),
    lambda digest: f'"{digest.hex()}"',
    lambda digest: ",".join(str(byte) for byte in digest),
    lambda digest: f"b'{digest.hex()}'",
]
"""A digest, as `openssl`, BitConverter.ToString, Integer.toHexString, Uint8Array.toString and
others write it."""


def as_text(write: Callable[[bytes], str]) -> Callable[[bytes], bytes]:
    return lambda key: write(key).encode()


RARE_SIGNING_KEYS = [
    SignerMistake("signing_key_derivation", "signing key", {"derive": derive})
    for derive in (
        chain(pass_on=only_last(hexadecimal)),
        chain(parts=lambda date, service, end: (date,)),
        chain(parts=lambda date, service, end: (date, "ap-guangzhou", service, end)),
        chain(parts=lambda date, service, end: (date + service + end,)),
        chain(parts=lambda date, service, end: (f"{date}/{service}/{end}",)),
        chain(one=with_hash("sha512")),
        chain(one=lambda key, text: hash_of(key + text).digest()),
        chain(pass_on=lambda number, key: hexadecimal(key) if number == 0 else key),
        chain(pass_on=lambda number, key: hexadecimal(key) if number == 1 else key),
        chain(pass_on=only_last(b64encode)),
        chain(prefix="", pass_on=always(hexadecimal)),
        *(chain(pass_on=always(as_text(write))) for write in WRITTEN),
    )
]


def scoped(cause: str, place: int, text: str) -> list[SignerMistake]:
    """One wrong part of the scope: in the key, in both, in the string to sign."""
    name = ("date", "service", "end")[place]
    parts = SCOPE.split("/")
    parts[place] = text
    key: dict[str, Any] = {name: text, "scope": SCOPE}
    stated = {"scope": SCOPE, "signed_scope": "/".join(parts)}
    return [SignerMistake(cause, "credential scope", how) for how in (key, key | stated, stated)]


SCOPES = [
    *(it for day in ("2026-11-23", "2026-11-21") for it in scoped("date_not_utc", 0, day)),
    *scoped("wrong_service", 1, "127"),
    *scoped("scope_terminator", 2, "aws4_request"),
    *scoped("scope_terminator", 2, "tc3-request"),
    *scoped("date_differs_from_timestamp", 0, "20261122"),
    *scoped("date_differs_from_timestamp", 0, "2026/11/22"),
]


RARE_SCOPES = [
    *scoped("wrong_service", 1, "OCR"),
    *scoped("wrong_service", 1, "cvm"),
    *scoped("wrong_service", 1, ""),
    *scoped("scope_terminator", 2, ""),
    *scoped("date_differs_from_timestamp", 0, "2026-10-22"),
    *scoped("date_differs_from_timestamp", 0, str(TIMESTAMP)),
]
