"""Mistakes in the method, path, query, headers and payload."""

import json
from base64 import b64encode
from hashlib import md5, new, sha1
from hashlib import sha256 as hash_of

from tests.explainer.mistakes.keys import WRITTEN
from tests.explainer.mistakes.mistake import SignerMistake
from tests.explainer.signing import (
    sha256,
)

LAYOUT = "canonical_request_layout"


LINES = [
    *(SignerMistake(LAYOUT, "method", {"signed_method": it}) for it in ("post", "GET", "")),
    *(SignerMistake(LAYOUT, "path", {"signed_path": it}) for it in ("", "/?", "//", "/IDCardOCR")),
    *(
        SignerMistake("content_type_charset", "content-type", {"signed_as": {"content-type": it}})
        for it in ("application/json; charset=utf-8", "application/json;charset=utf-8")
    ),
    *(
        SignerMistake("content_type_differs", "content-type", {"signed_as": {"content-type": it}})
        for it in ("application/x-www-form-urlencoded", "text/plain")
    ),
    *(
        SignerMistake("host_differs", "host", {"signed_as": {"host": it}})
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
    *(SignerMistake(LAYOUT, "path", {"signed_path": it}) for it in ("/ocr", "127.0.0.1:8018")),
    *(
        SignerMistake("host_differs", "host", {"signed_as": {"host": it}})
        for it in ("", "127.0.0.1:443", "127.0.0.1:8080", "mockocr:8018", "iai.tencentcloudapi.com")
    ),
]


def title(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


REVERSED = ("host", "content-type")


HEADERS = [
    SignerMistake(
        "signed_headers_order", "signed headers", {"names": REVERSED, "listed": "content-type;host"}
    ),
    *(
        SignerMistake(LAYOUT, "signed headers", how)
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
    SignerMistake(
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
    SignerMistake("payload_hash_of_empty", "payload hash", {"payload_hash": sha256("")}),
    SignerMistake("unsigned_payload_literal", "payload hash", {"payload_hash": "UNSIGNED-PAYLOAD"}),
    SignerMistake(
        "unsigned_payload_literal", "payload hash", {"payload_hash": sha256("UNSIGNED-PAYLOAD")}
    ),
    *(
        SignerMistake("payload_hash", "payload hash", {"arrange_payload": change})
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
    SignerMistake("body_changed_after_signing", "payload hash", {"signed_body": b"{}"}),
    *(
        SignerMistake("body_reserialized", "payload hash", {"signed_body": body})
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
        SignerMistake(
            "payload_hash",
            "payload hash",
            {"arrange_payload": lambda body, it=write: it(hash_of(body).digest())},
        )
        for write in (*WRITTEN, lambda _: "[object Promise]")
    ),
    *(
        SignerMistake("body_reserialized", "payload hash", {"signed_body": body})
        for body in (
            json.dumps(MEMBERS, indent=2).encode(),
            json.dumps(MEMBERS, indent=4).replace("/", "\\/").encode(),
            json.dumps(MEMBERS, indent=2, separators=(",", " : ")).encode(),
            json.dumps(json.dumps(MEMBERS)).encode(),
            b"ImageUrl=https%3A%2F%2Fxx%2Fa.jpg&CardSide=FRONT",
            json.dumps(MEMBERS).encode() + b"\r\n",
        )
    ),
    SignerMistake(
        "body_encoding", "payload hash", {"signed_body": json.dumps(MEMBERS).encode("utf-16-le")}
    ),
    SignerMistake(
        "body_encoding", "payload hash", {"signed_body": b64encode(json.dumps(MEMBERS).encode())}
    ),
]


GET_QUERY = "CardSide=FRONT&ImageUrl=https%3A%2F%2Fxx%2Fa%20b.jpg"


QUERIES = [
    SignerMistake(cause, "query", {"signed_query": query})
    for cause, query in (
        ("query_not_as_sent", GET_QUERY.replace("%20", "+")),
        ("query_not_as_sent", GET_QUERY.replace("%3A", "%3a").replace("%2F", "%2f")),
        ("query_not_as_sent", "CardSide=FRONT&ImageUrl=https://xx/a b.jpg"),
        ("query_not_as_sent", ""),
        ("query_not_as_sent", f"?{GET_QUERY}"),
        ("query_not_as_sent", f"Action=IDCardOCR&Version=2018-11-19&{GET_QUERY}"),
    )
]
