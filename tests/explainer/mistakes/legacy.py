"""Mistakes in legacy signatures."""

import hmac
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from hashlib import new
from typing import Any
from urllib.parse import quote, quote_plus

from tests.explainer.mistakes.keys import SECRET_KEYS
from tests.explainer.mistakes.mistake import SignerMistake
from tests.explainer.signing import (
    joined,
)


def changed(change: Callable[[list[tuple[str, str]]], Any]) -> dict[str, Any]:
    return {"change": lambda pairs: change(sorted(pairs))}


def each(encode: Callable[[str], str]) -> dict[str, Any]:
    return changed(lambda pairs: [(name, encode(text)) for name, text in pairs])


LEGACY = [
    *(
        SignerMistake("legacy_layout", "parameters", how)
        for how in (
            each(lambda text: quote(text, safe="")),
            each(quote_plus),
            each(lambda text: quote(text, safe="~()*!.'")),
            {"change": list},
            changed(lambda pairs: pairs[::-1]),
            changed(lambda pairs: sorted(pairs, key=lambda pair: pair[0].lower())),
            changed(lambda pairs: [pair for pair in pairs if pair[0] != "SignatureMethod"]),
            changed(lambda pairs: [pair for pair in pairs if pair[0] != "Nonce"]),
            changed(
                lambda pairs: [pair for pair in pairs if pair[0] not in ("ImageUrl", "CardSide")]
            ),
            changed(lambda pairs: sorted((name.lower(), text) for name, text in pairs)),
            changed(lambda pairs: sorted([*pairs, ("Signature", "")])),
        )
    ),
    *(
        SignerMistake("legacy_layout", "method", {"signed_method": it})
        for it in ("GET", "post", "")
    ),
    *(
        SignerMistake("legacy_layout", "path", {"signed_path": it})
        for it in ("?", "//?", "", "/v2/index.php?")
    ),
    *(
        SignerMistake("host_differs", "host", {"signed_host": it})
        for it in ("ocr.tencentcloudapi.com", "127.0.0.1", "localhost:8018")
    ),
    *(
        SignerMistake("legacy_layout", "string to sign", how)
        for how in (
            {"join": lambda pairs: "".join(f"{name}={text}" for name, text in pairs)},
            {"join": lambda pairs: joined(pairs) + "&"},
            {"join": lambda pairs: "&".join(name + text for name, text in pairs)},
            {"arrange": lambda text: text + "\n"},
            {"arrange": lambda text: quote(text, safe="")},
            {"arrange": lambda text: text.partition("?")[2]},
        )
    ),
    *(
        SignerMistake("legacy_layout", "signature", {"final": final})
        for final in (
            lambda key, text, name: hmac.digest(text, key, name),
            lambda key, text, name: hmac.digest(key, text, "sha512"),
            lambda key, text, name: new(name, key + text).digest(),
            lambda key, text, name: hmac.digest(b"TC3" + key, text, name),
        )
    ),
    *SECRET_KEYS,
]


LEGACY_ENCODINGS = [
    SignerMistake("signature_encoding", "signature", {"spell": spell})
    for spell in (
        lambda digest: digest.hex(),
        lambda digest: digest.hex().upper(),
        lambda digest: b64encode(digest.hex().encode()).decode(),
        lambda digest: quote(b64encode(digest).decode(), safe=""),
        lambda digest: urlsafe_b64encode(digest).decode().rstrip("="),
    )
]
