"""Requests with one fault each, by the cause that the explainer must name."""

import hmac
import json
from base64 import b64encode
from typing import Any

from tests.explainer.signing import (
    BODY,
    HOST,
    SCOPE,
    SECRET_ID,
    SECRET_KEY,
    TIMESTAMP,
    Signer,
    hmac_sha256,
    sha256,
    six_parts,
)


def legacy_hmac(signer: Signer) -> str:
    return b64encode(
        hmac.digest(signer.secret_key.encode(), signer.text().encode(), "sha1")
    ).decode()


def without_prefix(signer: Signer) -> bytes:
    key = signer.secret_key.encode()
    for part in SCOPE.split("/"):
        key = hmac_sha256(key, part)
    return key


def signed_headers(**headers: str) -> dict[str, str]:
    result = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"content-type": "application/json", "host": HOST, **result}


REVERSED = ("host", "content-type")


JSON_CHARSET = "application/json; charset=utf-8"


UNSIGNED = {"x-tc-content-sha256": "UNSIGNED-PAYLOAD"}


GET: dict[str, Any] = {"method": "GET", "query": "b=1&a=x%20y%2Fz"}


FAULTS: list[tuple[str, bool, dict[str, Any]]] = [
    ("unknown_secret_id", True, {"secret_id": "AKIDnobody"}),
    ("malformed_authorization", True, {"sent": {"authorization": "TC3-HMAC-SHA256 nonsense"}}),
    ("malformed_authorization", True, {"sent": {"authorization": "SKIP"}}),
    ("wrong_secret_key", False, {"secret_key": "another"}),
    ("key_of_another_account", True, {"secret_key": "key-of-bob"}),
    *(
        ("secret_has_whitespace", True, {"secret_key": worn})
        for worn in (
            "key-of-the-test\n",
            " key-of-the-test",
            "key-of-the-test\r\n",
            '"key-of-the-test"',
        )
    ),
    *(
        ("body_changed_after_signing", True, {"sent_body": sent})
        for sent in (b"\xef\xbb\xbf" + BODY, BODY + b"x")
    ),
    *(
        ("body_reserialized", True, {"sent_body": sent})
        for sent in (BODY + b"\n", BODY + b" ", BODY + b"\r\n", b"\n" + BODY)
    ),
    ("body_changed_after_signing", True, {"body": b"{}", "sent_body": BODY}),
    (
        "body_reserialized",
        True,
        {"body": BODY.replace(b", ", b",\r\n"), "sent_body": BODY.replace(b", ", b",\n")},
    ),
    *(
        (
            "body_reserialized",
            True,
            {"sent_body": json.dumps(json.loads(BODY), **spelling).encode()},
        )
        for spelling in ({"separators": (",", ":")}, {"indent": 2})
    ),
    ("body_reserialized", True, {"body": BODY.replace(b"/", b"\\/"), "sent_body": BODY}),
    (
        "body_reserialized",
        True,
        {"body": json.dumps(json.loads(BODY), sort_keys=True).encode(), "sent_body": BODY},
    ),
    ("content_type_differs", True, {"sent": {"content-type": "text/plain"}}),
    (
        "content_type_differs",
        True,
        {"headers": signed_headers(content_type=""), "sent": {"content-type": "application/json"}},
    ),
    ("content_type_charset", True, {"sent": {"content-type": JSON_CHARSET}}),
    (
        "content_type_charset",
        True,
        {
            "headers": signed_headers(content_type=JSON_CHARSET),
            "sent": {"content-type": "application/json"},
        },
    ),
    *(
        ("host_differs", True, {"headers": signed_headers(host=host), "sent": {"host": HOST}})
        for host in ("ocr.tencentcloudapi.com", "localhost:8018", "localhost", "127.0.0.1:443")
    ),
    (
        "host_differs",
        True,
        {"sent": {"host": "backend:9000", "x-forwarded-host": HOST}},
    ),
    ("signed_headers_order", True, {"names": REVERSED}),
    ("missing_signed_header", True, {"listed": "content-type"}),
    (
        "missing_signed_header",
        True,
        {"headers": {"content-type": "application/json"}, "sent": {"host": HOST}},
    ),
    (
        "missing_signed_header",
        True,
        {"headers": signed_headers(x_tc_action="IDCardOCR"), "listed": "content-type;host"},
    ),
    (
        "missing_signed_header",
        False,
        {"headers": signed_headers(x_own="1"), "sent": {"x-own": None}},
    ),
    ("query_not_as_sent", True, {**GET, "sent_query": "b=1&a=x+y%2Fz"}),
    ("query_not_as_sent", True, {**GET, "sent_query": "b=1&a=x%20y%2fz"}),
    ("query_not_as_sent", True, {**GET, "query": "", "sent_query": "b=1"}),
    ("query_not_as_sent", True, {**GET, "query": "a=%E5%9B%BE", "sent_query": "a=%e5%9b%be"}),
    ("query_sorted", True, {**GET, "query": "a=1&b=2", "sent_query": "b=2&a=1"}),
    ("date_not_utc", True, {"date": "2026-11-23"}),
    ("date_not_utc", True, {"date": "2026-11-23", "scope": "2026-11-22/ocr/tc3_request"}),
    ("date_differs_from_timestamp", True, {"date": "2026-01-01"}),
    ("timestamp_differs", True, {"sent_timestamp": TIMESTAMP + 2}),
    ("timestamp_differs", True, {"sent_timestamp": TIMESTAMP - 1}),
    ("wrong_service", True, {"service": "cvm", "scope": "2026-11-22/ocr/tc3_request"}),
    (
        "wrong_service",
        True,
        {"service": "127", "headers": signed_headers(host="ocr.tencentcloudapi.com")},
    ),
    ("scope_terminator", True, {"end": "aws4_request"}),
    ("scope_terminator", True, {"end": "aws4_request", "scope": "2026-11-22/ocr/tc3_request"}),
    ("hex_case_or_length", True, {"spell": lambda signer: signer.digest().hex().upper()}),
    ("hex_case_or_length", True, {"spell": lambda signer: signer.digest().hex()[:40]}),
    ("hex_case_or_length", True, {"spell": lambda signer: f'"{signer.digest().hex()}"'}),
    ("signature_encoding", True, {"spell": lambda signer: b64encode(signer.digest()).decode()}),
    ("hex_case_or_length", False, {"spell": lambda signer: "abc"}),
    ("v1_signature_in_tc3", True, {"spell": legacy_hmac}),
    ("v1_signature_in_tc3", False, {"spell": lambda signer: "A" * 27 + "="}),
    ("unsigned_payload_literal", True, {"sent": UNSIGNED, "payload_hash": "UNSIGNED-PAYLOAD"}),
    ("unsigned_payload_literal", True, {"payload_hash": sha256(b"UNSIGNED-PAYLOAD")}),
    ("unsigned_payload_literal", True, {"sent": UNSIGNED}),
    ("payload_hash_of_empty", True, {"payload_hash": sha256(b"")}),
    ("secret_key_missing", True, {"secret_key": "undefined"}),
    ("secret_id_and_key_swapped", True, {"secret_id": SECRET_KEY, "secret_key": SECRET_ID}),
    ("secret_id_and_key_swapped", False, {"secret_id": SECRET_KEY, "secret_key": "another"}),
    ("signing_key_derivation", True, {"derive": without_prefix}),
    ("canonical_request_layout", True, {"arrange": lambda signer: six_parts(signer) + "\n"}),
    ("canonical_request_not_hashed", True, {"state": lambda signer, canonical: canonical}),
    ("payload_hash", True, {"payload_hash": sha256(BODY).upper()}),
    ("string_to_sign_layout", True, {"signed_timestamp": f"{TIMESTAMP}000"}),
    ("body_encoding", True, {"signed_body": BODY.decode().encode("utf-16")}),
    ("clock_skew", True, {"timestamp": TIMESTAMP - 301}),
    ("clock_skew", True, {"timestamp": TIMESTAMP + 301}),
]
