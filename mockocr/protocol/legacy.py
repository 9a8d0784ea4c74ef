"""The legacy signature (v1): HmacSHA1 or HmacSHA256 over the sorted parameters. Pure.

Source: the vendor's signature v1 page and the SDKs (docs/fidelity.md#legacy-text).
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping

from mockocr.protocol.signature import Signature
from mockocr.protocol.wire import WireRequest


def string_to_sign(method: str, host: str, parameters: Mapping[str, str]) -> str:
    """`parameters`: names and decoded values, with or without the signature."""
    pairs = (f"{name}={parameters[name]}" for name in sorted(parameters) if name != "Signature")
    return f"{method}{host}/?{'&'.join(pairs)}"


def sign(secret_key: str, text: str, method: str | None) -> str:
    """The signature, in Base64. HmacSHA1 is used unless `method` is HmacSHA256
    (docs/fidelity.md#legacy-method)."""
    digest = "sha256" if method == "HmacSHA256" else "sha1"
    signature = hmac.digest(secret_key.encode(), text.encode(errors="surrogateescape"), digest)
    return b64encode(signature).decode()


def verify(request: WireRequest, parameters: Mapping[str, str], secret_key: str) -> Signature:
    """Computes the signature of a request and compares it with the one that was sent.

    White space around it is ignored: the Ruby SDK sends a line end
    (docs/fidelity.md#legacy-white-space).
    """
    sent_signature = parameters.get("Signature", "").strip().encode(errors="surrogateescape")
    method = parameters.get("SignatureMethod")
    text = string_to_sign(request.method, request.headers.get("host", ""), parameters)
    computed = sign(secret_key, text, method).encode()
    return Signature(text, hmac.compare_digest(computed, sent_signature))
