"""Mistakes that the tests' own signers can make, by step; those of two steps can be made together.

Each changes only what is signed: all requests of one table are sent alike but for the signature.
"""

import hmac
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from hashlib import md5, new, sha1
from hashlib import sha256 as hash_of
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

from tests.explainer.signing import (
    SCOPE,
    SECRET_ID,
    SECRET_KEY,
    TIMESTAMP,
    Signer,
    hmac_sha256,
    joined,
    sha256,
    six_parts,
)


class Made(NamedTuple):
    cause: str
    step: str
    how: Mapping[str, Any]


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


def secret_key(cause: str, text: str) -> Made:
    return Made(cause, "secret key", {"secret_key": text})


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
            *("nil", "NULL", "[object Object]", "YOUR_SECRET_KEY"),
            *("${TENCENTCLOUD_SECRET_KEY}", "{{secretKey}}", "%SECRET_KEY%"),
        )
    ),
    secret_key("signing_key_derivation", b64encode(SECRET_KEY.encode()).decode()),
]


def hexadecimal(key: bytes) -> bytes:
    return key.hex().encode()


SIGNING_KEYS = [
    Made("signing_key_derivation", "signing key", {"derive": derive})
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
RARE_SIGNING_KEYS = [
    Made("signing_key_derivation", "signing key", {"derive": derive})
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
    )
]


def scoped(cause: str, place: int, text: str) -> list[Made]:
    """In the key, in both, in the string to sign."""
    name = ("date", "service", "end")[place]
    parts = SCOPE.split("/")
    parts[place] = text
    key: dict[str, Any] = {name: text, "scope": SCOPE}
    stated = {"scope": SCOPE, "signed_scope": "/".join(parts)}
    return [Made(cause, "credential scope", how) for how in (key, key | stated, stated)]


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

LAYOUT = "canonical_request_layout"
LINES = [
    *(Made(LAYOUT, "method", {"signed_method": it}) for it in ("post", "GET", "")),
    *(Made(LAYOUT, "path", {"signed_path": it}) for it in ("", "/?", "//", "/IDCardOCR")),
    *(
        Made("content_type_charset", "content-type", {"signed_as": {"content-type": it}})
        for it in ("application/json; charset=utf-8", "application/json;charset=utf-8")
    ),
    *(
        Made("content_type_differs", "content-type", {"signed_as": {"content-type": it}})
        for it in ("application/x-www-form-urlencoded", "text/plain")
    ),
    *(
        Made("host_differs", "host", {"signed_as": {"host": it}})
        for it in (
            "ocr.tencentcloudapi.com",
            "localhost",
            "localhost:8018",
            "http://127.0.0.1:8018",
            "127.0.0.1:8018/",
        )
    ),
]
RARE_LINES = [
    *(Made(LAYOUT, "path", {"signed_path": it}) for it in ("/ocr", "127.0.0.1:8018")),
    *(
        Made("host_differs", "host", {"signed_as": {"host": it}})
        for it in ("", "127.0.0.1:443", "127.0.0.1:8080", "mockocr:8018", "localhost:3000")
    ),
]


def title(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


REVERSED = ("host", "content-type")
HEADERS = [
    Made(
        "signed_headers_order", "signed headers", {"names": REVERSED, "listed": "content-type;host"}
    ),
    *(
        Made(LAYOUT, "signed headers", how)
        for how in (
            {"line": lambda name, text: f"{title(name)}:{text}"},
            {"join_names": lambda names: ";".join(map(title, names))},
            {
                "line": lambda name, text: f"{title(name)}:{text}",
                "join_names": lambda names: ";".join(map(title, names)),
            },
            {"line": lambda name, text: f"{name}: {text}"},
            {"line": lambda name, text: f'{name}:"{text}"'},
            {"join_names": ",".join},
            {"join_names": "; ".join},
            {"join_names": lambda names: ";".join(names) + ";"},
        )
    ),
    Made(
        "missing_signed_header",
        "signed headers",
        {
            "signed_as": {"x-tc-action": "idcardocr"},
            "listed": "content-type;host",
        },
    ),
]

COMPACT = b'{"ImageUrl":"https://xx/a.jpg","CardSide":"FRONT"}'
MEMBERS = {"ImageUrl": "https://xx/a.jpg", "CardSide": "FRONT"}
PAYLOADS = [
    Made("payload_hash_of_empty", "payload hash", {"payload_hash": sha256("")}),
    Made("unsigned_payload_literal", "payload hash", {"payload_hash": "UNSIGNED-PAYLOAD"}),
    Made("unsigned_payload_literal", "payload hash", {"payload_hash": sha256("UNSIGNED-PAYLOAD")}),
    *(
        Made("payload_hash", "payload hash", {"arrange_payload": change})
        for change in (
            lambda body: sha256(body).upper(),
            lambda body: b64encode(hash_of(body).digest()).decode(),
            lambda body: sha256(sha256(body)),
            lambda body: sha256(hash_of(body).digest()),
            lambda body: body.decode(),
            lambda body: md5(body, usedforsecurity=False).hexdigest(),
            lambda body: sha1(body, usedforsecurity=False).hexdigest(),
            lambda body: new("sha512", body).hexdigest(),
            lambda body: sha256("null"),
            lambda body: sha256("undefined"),
            lambda body: sha256("[object Object]"),
        )
    ),
    Made("body_changed_after_signing", "payload hash", {"signed_body": b"{}"}),
    *(
        Made("body_reserialized", "payload hash", {"signed_body": body})
        for body in (
            COMPACT,
            COMPACT.replace(b"/", b"\\/"),
            json.dumps(MEMBERS, sort_keys=True).encode(),
            json.dumps(MEMBERS, sort_keys=True, separators=(",", ":")).encode(),
        )
    ),
]
RARE_PAYLOADS = [
    *(
        Made("body_reserialized", "payload hash", {"signed_body": body})
        for body in (
            json.dumps(MEMBERS, indent=2).encode(),
            json.dumps(MEMBERS, indent=4).replace("/", "\\/").encode(),
            json.dumps(MEMBERS, indent=2, separators=(",", " : ")).encode(),
            json.dumps(json.dumps(MEMBERS)).encode(),
            b"ImageUrl=https%3A%2F%2Fxx%2Fa.jpg&CardSide=FRONT",
            json.dumps(MEMBERS).encode() + b"\r\n",
        )
    ),
    Made("body_encoding", "payload hash", {"signed_body": json.dumps(MEMBERS).encode("utf-16-le")}),
    Made("body_encoding", "payload hash", {"signed_body": b64encode(json.dumps(MEMBERS).encode())}),
]


def arranged(change: Callable[[Any], Sequence[str]]) -> Callable[[Any], str]:
    return lambda it: "\n".join(change(it))


def rewritten(change: Callable[[str], str]) -> Callable[[Any], str]:
    return lambda it: change(six_parts(it))


CANONICAL = [
    Made(LAYOUT, "canonical request", {"arrange": arrange})
    for arrange in (
        arranged(lambda it: [it.method, it.path, it.query, *it.lines, it.names, it.payload]),
        arranged(lambda it: [it.method, it.path, *it.lines, "", it.names, it.payload]),
        arranged(lambda it: [it.method, it.path, *it.lines, it.names, it.payload]),
        arranged(lambda it: [it.method, it.query, *it.lines, "", it.names, it.payload]),
        arranged(lambda it: [it.path, it.query, *it.lines, "", it.names, it.payload]),
        arranged(lambda it: [it.method, it.path, it.query, "", it.names, it.payload]),
        arranged(lambda it: [it.method, it.path, it.query, it.names, it.payload]),
        arranged(lambda it: [it.method, it.path, it.query, *it.lines, "", it.payload]),
        arranged(lambda it: [it.method, it.path, it.query, *it.lines, "", it.names]),
        arranged(lambda it: [it.method, it.path, it.query, *it.lines, "", it.names, ""]),
        arranged(
            lambda it: [it.method, it.path, it.query, *it.lines, "", "", it.names, it.payload]
        ),
        arranged(
            lambda it: [it.method, it.path, it.query, "".join(it.lines), "", it.names, it.payload]
        ),
        rewritten(lambda text: text + "\n"),
        rewritten(lambda text: text.replace("\n", "\r\n")),
        rewritten(lambda text: text.replace("\n", "\\n")),
        rewritten(lambda text: text.replace("\n", "")),
        rewritten(lambda text: text.replace("\n", " ")),
    )
]

RARE_CANONICAL = [
    Made(LAYOUT, "canonical request", {"arrange": arrange})
    for arrange in (
        arranged(
            lambda it: [it.method, it.path, it.query, ";".join(it.lines), "", it.names, it.payload]
        ),
        arranged(lambda it: [it.method, it.path, it.query, *it.lines, "", it.payload, it.names]),
        arranged(
            lambda it: [f"{it.method} {it.path}", it.query, *it.lines, "", it.names, it.payload]
        ),
        rewritten(lambda text: text.replace("\n", "\n    ")),
        rewritten(str.lower),
    )
]

TIMESTAMPS = [
    Made("string_to_sign_layout", "timestamp", {"signed_timestamp": it})
    for it in (f"{TIMESTAMP}000", f"{TIMESTAMP}.0", "2026-11-22T12:00:00Z", "2026-11-22")
]
RARE_TIMESTAMPS = [
    *(
        Made("timestamp_differs", "timestamp", {"signed_timestamp": str(TIMESTAMP + it)})
        for it in (3, -2, 299, 28_800)
    ),
    Made("string_to_sign_layout", "timestamp", {"signed_timestamp": "2026-11-22 20:00:00"}),
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
        Made("string_to_sign_layout", "string to sign", {"state": state})
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
            stated(algorithm, timestamp, lambda it, _: f"{it.secret_id}/{it.signed_scope}", digest),
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
        Made("canonical_request_not_hashed", "string to sign", {"state": state})
        for state in (stated(algorithm, timestamp, scope, itself), itself)
    ),
]
RARE_TEXTS = [
    Made("string_to_sign_layout", "string to sign", {"state": around(sha256)}),
]
FINALS = [
    Made("signing_key_derivation", "signature", {"final": final})
    for final in (
        lambda key, text: hmac_sha256(text.encode(), key),
        lambda key, text: hash_of(key + text.encode()).digest(),
        with_hash("sha1"),
        with_hash("sha512"),
    )
]
ENCODINGS = [
    Made(cause, "signature", {"spell": spell})
    for cause, spell in (
        ("hex_case_or_length", lambda it: it.digest().hex().upper()),
        ("hex_case_or_length", lambda it: it.digest().hex()[:40]),
        ("hex_case_or_length", lambda it: f"'{it.digest().hex()}'"),
        ("signature_encoding", lambda it: b64encode(it.digest()).decode()),
        ("signature_encoding", lambda it: urlsafe_b64encode(it.digest()).decode().rstrip("=")),
        ("signature_encoding", lambda it: b64encode(it.digest().hex().encode()).decode()),
        ("signature_encoding", lambda it: it.digest().hex().encode().hex()),
        ("signature_encoding", lambda it: f"b'{it.digest().hex()}'"),
        ("signature_encoding", lambda it: f"0x{it.digest().hex()}"),
        ("signature_encoding", lambda it: quote(b64encode(it.digest()).decode(), safe="")),
        ("signature_encoding", lambda it: it.digest().hex(":")),
    )
]

COMMON = [
    *SECRET_KEYS,
    *SIGNING_KEYS,
    *SCOPES,
    *LINES,
    *HEADERS,
    *PAYLOADS,
    *CANONICAL,
    *TIMESTAMPS,
    *TEXTS,
    *FINALS,
]
"""Named alone and in pairs."""
RARE = [
    *RARE_SECRET_KEYS,
    *RARE_SIGNING_KEYS,
    *RARE_SCOPES,
    *RARE_LINES,
    *RARE_PAYLOADS,
    *RARE_CANONICAL,
    *RARE_TEXTS,
    *RARE_TIMESTAMPS,
]
"""Named alone."""

GET_QUERY = "CardSide=FRONT&ImageUrl=https%3A%2F%2Fxx%2Fa%20b.jpg"
QUERIES = [
    Made(cause, "query", {"signed_query": query})
    for cause, query in (
        ("query_not_as_sent", GET_QUERY.replace("%20", "+")),
        ("query_not_as_sent", GET_QUERY.replace("%3A", "%3a").replace("%2F", "%2f")),
        ("query_not_as_sent", "CardSide=FRONT&ImageUrl=https://xx/a b.jpg"),
        ("query_not_as_sent", ""),
        ("query_not_as_sent", f"?{GET_QUERY}"),
        ("query_not_as_sent", f"Action=IDCardOCR&Version=2018-11-19&{GET_QUERY}"),
    )
]


def changed(change: Callable[[list[tuple[str, str]]], Any]) -> dict[str, Any]:
    return {"change": lambda pairs: change(sorted(pairs))}


def each(encode: Callable[[str], str]) -> dict[str, Any]:
    return changed(lambda pairs: [(name, encode(text)) for name, text in pairs])


LEGACY = [
    *(
        Made("legacy_layout", "parameters", how)
        for how in (
            each(lambda text: quote(text, safe="")),
            each(quote_plus),
            each(lambda text: quote(text, safe="~()*!.'")),
            {"change": list},
            changed(lambda pairs: pairs[::-1]),
            changed(lambda pairs: sorted(pairs, key=lambda it: it[0].lower())),
            changed(lambda pairs: [it for it in pairs if it[0] != "SignatureMethod"]),
            changed(lambda pairs: [it for it in pairs if it[0] != "Nonce"]),
            changed(lambda pairs: [it for it in pairs if it[0] not in ("ImageUrl", "CardSide")]),
            changed(lambda pairs: sorted((name.lower(), text) for name, text in pairs)),
            changed(lambda pairs: sorted([*pairs, ("Signature", "")])),
        )
    ),
    *(Made("legacy_layout", "method", {"signed_method": it}) for it in ("GET", "post", "")),
    *(
        Made("legacy_layout", "path", {"signed_path": it})
        for it in ("?", "//?", "", "/v2/index.php?")
    ),
    *(
        Made("host_differs", "host", {"signed_host": it})
        for it in ("ocr.tencentcloudapi.com", "127.0.0.1", "localhost:8018")
    ),
    *(
        Made("legacy_layout", "string to sign", how)
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
        Made("legacy_layout", "signature", {"final": final})
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
    Made("signature_encoding", "signature", {"spell": spell})
    for spell in (
        lambda digest: digest.hex(),
        lambda digest: digest.hex().upper(),
        lambda digest: b64encode(digest.hex().encode()).decode(),
        lambda digest: quote(b64encode(digest).decode(), safe=""),
        lambda digest: urlsafe_b64encode(digest).decode().rstrip("="),
    )
]


def together(*made: Made) -> dict[str, Any]:
    """The fields of a signer that makes all of these mistakes."""
    how: dict[str, Any] = {}
    for it in made:
        for name, text in it.how.items():
            how[name] = {**how.get(name, {}), **text} if isinstance(text, dict) else text
    if change := how.pop("arrange_payload", None):
        how["payload_hash"] = change(how.get("signed_body", Signer.body))
    return how


def pairs(made: Sequence[Made]) -> list[tuple[Made, Made]]:
    """Of different steps."""
    return [
        (one, other)
        for number, one in enumerate(made)
        for other in made[number + 1 :]
        if one.step != other.step and not _same_fields(one, other)
    ]


def _same_fields(one: Made, other: Made) -> bool:
    """The signer has one field for both: it cannot make both."""
    shared = set(one.how) & set(other.how) - {"signed_as", "scope"}
    return bool(shared)
