"""Mistakes in the timestamp, the string to sign, and the signature."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256 as hash_of
from urllib.parse import quote

from tests.explainer.mistakes.keys import WRITTEN, with_hash
from tests.explainer.mistakes.mistake import SignerMistake
from tests.explainer.signing import (
    TIMESTAMP,
    Signer,
    hmac_sha256,
    sha256,
)

TIMESTAMPS = [
    SignerMistake("string_to_sign_layout", "timestamp", {"signed_timestamp": it})
    for it in (f"{TIMESTAMP}000", f"{TIMESTAMP}.0", "2026-11-22T12:00:00Z", "2026-11-22")
]


RARE_TIMESTAMPS = [
    *(
        SignerMistake("timestamp_differs", "timestamp", {"signed_timestamp": str(TIMESTAMP + it)})
        for it in (3, -2, 299, 28_800)
    ),
    SignerMistake(
        "string_to_sign_layout", "timestamp", {"signed_timestamp": "2026-11-22 20:00:00"}
    ),
    SignerMistake("string_to_sign_layout", "timestamp", {"signed_timestamp": f"{TIMESTAMP}123"}),
]


def stated(*parts: Callable[[Signer, str], str]) -> Callable[[Signer, str], str]:
    return lambda signer, canonical: "\n".join(part(signer, canonical) for part in parts)


def algorithm(signer: Signer, canonical: str) -> str:
    return "TC3-HMAC-SHA256"


def timestamp(signer: Signer, canonical: str) -> str:
    return signer.signed_timestamp


def scope(signer: Signer, canonical: str) -> str:
    return signer.signed_scope


def digest(signer: Signer, canonical: str) -> str:
    return sha256(canonical)


def itself(signer: Signer, canonical: str) -> str:
    return canonical


FOUR = (algorithm, timestamp, scope, digest)


def around(change: Callable[[str], str]) -> Callable[[Signer, str], str]:
    return lambda signer, canonical: change(stated(*FOUR)(signer, canonical))


TEXTS = [
    *(
        SignerMistake("string_to_sign_layout", "string to sign", {"state": state})
        for state in (
            around(lambda text: text + "\n"),
            around(lambda text: text.replace("\n", "\r\n")),
            around(lambda text: text.replace("\n", "\\n")),
            around(lambda text: text.replace("\n", "")),
            stated(timestamp, scope, digest),
            stated(algorithm, scope, digest),
            stated(algorithm, timestamp, digest),
            stated(algorithm, scope, timestamp, digest),
            stated(lambda signer, _: "tc3-hmac-sha256", timestamp, scope, digest),
            stated(lambda signer, _: "HMAC-SHA256", timestamp, scope, digest),
            stated(
                algorithm,
                timestamp,
                lambda signer, _: f"{signer.secret_id}/{signer.signed_scope}",
                digest,
            ),
            stated(algorithm, timestamp, scope, lambda _, text: sha256(text).upper()),
            stated(algorithm, timestamp, scope, lambda _, text: sha256(sha256(text))),
            stated(
                algorithm,
                timestamp,
                scope,
                lambda _, text: b64encode(hash_of(text.encode()).digest()).decode(),
            ),
            digest,
        )
    ),
    *(
        SignerMistake("canonical_request_not_hashed", "string to sign", {"state": state})
        for state in (stated(algorithm, timestamp, scope, itself), itself)
    ),
]


def digest_as(write: Callable[[bytes], str]) -> Callable[[Signer, str], str]:
    def written(signer: Signer, canonical: str) -> str:
        return write(hash_of(canonical.encode()).digest())

    return stated(algorithm, timestamp, scope, written)


RARE_TEXTS = [
    SignerMistake("string_to_sign_layout", "string to sign", {"state": around(sha256)}),
    *(
        SignerMistake("string_to_sign_layout", "string to sign", {"state": digest_as(write)})
        for write in (*WRITTEN, lambda _: "[object Promise]")
    ),
]


FINALS = [
    SignerMistake("signing_key_derivation", "signature", {"final": final})
    for final in (
        lambda key, text: hmac_sha256(text.encode(), key),
        lambda key, text: hash_of(key + text.encode()).digest(),
        with_hash("sha1"),
        with_hash("sha512"),
    )
]


ENCODINGS = [
    SignerMistake(cause, "signature", {"spell": spell})
    for cause, spell in (
        ("hex_case_or_length", lambda signer: signer.digest().hex().upper()),
        ("hex_case_or_length", lambda signer: signer.digest().hex()[:40]),
        ("hex_case_or_length", lambda signer: f"'{signer.digest().hex()}'"),
        ("signature_encoding", lambda signer: b64encode(signer.digest()).decode()),
        (
            "signature_encoding",
            lambda signer: urlsafe_b64encode(signer.digest()).decode().rstrip("="),
        ),
        ("signature_encoding", lambda signer: b64encode(signer.digest().hex().encode()).decode()),
        ("signature_encoding", lambda signer: signer.digest().hex().encode().hex()),
        ("signature_encoding", lambda signer: f"b'{signer.digest().hex()}'"),
        ("signature_encoding", lambda signer: f"0x{signer.digest().hex()}"),
        ("signature_encoding", lambda signer: quote(b64encode(signer.digest()).decode(), safe="")),
        ("signature_encoding", lambda signer: signer.digest().hex(":")),
    )
]
