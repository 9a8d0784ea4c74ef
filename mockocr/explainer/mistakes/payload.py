"""The last line of the canonical request is not the SHA-256 of the body."""

from base64 import b64encode
from hashlib import new as new_hash
from hashlib import sha256

from mockocr.explainer.attempt import Attempt
from mockocr.explainer.case import Case
from mockocr.explainer.mistake import Family, Mistake, Phrase, Step
from mockocr.explainer.mistakes.digest_texts import DIGEST_TEXTS, NO_DIGESTS
from mockocr.protocol import tc3
from mockocr.protocol.wire import WIRE_ENCODING

MAX_RAW_BYTES = 4096
"""A longer body is not tried unhashed in the canonical request: each try would hash it."""

EMPTY = sha256(b"").hexdigest()
UNSIGNED = sha256(tc3.UNSIGNED_PAYLOAD.encode()).hexdigest()


def payloads(case: Case) -> Family:
    right, body = case.payload_hash, case.body
    yield _mistake(
        "payload_hash_of_empty", ("an empty payload", "空的请求体"), EMPTY, found='hex(SHA256(""))'
    )
    word = "the word itself was signed", "直接使用了该字符串"
    yield _mistake("unsigned_payload_literal", word, tc3.UNSIGNED_PAYLOAD, tc3.UNSIGNED_PAYLOAD)
    if right != UNSIGNED:
        phrase = "the header was not sent with the call", "请求没有带上该头"
        yield _mistake(
            "unsigned_payload_literal", phrase, UNSIGNED, f'hex(SHA256("{tc3.UNSIGNED_PAYLOAD}"))'
        )
    elif body is not None:
        phrase = "the body was signed instead", "签名的是请求体"
        hashed = sha256(body).hexdigest()
        yield _mistake("unsigned_payload_literal", phrase, hashed, "hex(SHA256(body))")
    for earlier in dict.fromkeys(case.earlier_hashes):
        phrase = (
            "the body of an earlier call was signed",
            "签名的是之前某次调用的请求体",
        )
        yield _mistake(
            "body_changed_after_signing",
            phrase,
            earlier,
            "hex(SHA256(body of an earlier call))",
            True,
        )
    yield from _spelled(right)
    if body and len(body) <= MAX_RAW_BYTES and right == sha256(body).hexdigest():
        yield from _not_hashed(body)
    yield from _of_something_else(case)


def _spelled(right: str) -> Family:
    cause = "payload_hash"
    digest = bytes.fromhex(right)
    yield _mistake(
        cause, ("the hash is in upper case", "哈希是大写"), right.upper(), "HEX(SHA256(body))"
    )
    yield _mistake(
        cause,
        ("the hash is Base64", "哈希使用了 Base64"),
        b64encode(digest).decode(),
        "Base64(SHA256(body))",
    )
    yield _mistake(
        cause,
        ("the hash was hashed again", "哈希被再次哈希"),
        sha256(right.encode()).hexdigest(),
        "hex(SHA256(hex(SHA256(body))))",
    )
    yield _mistake(
        cause,
        ("the hash was hashed again", "哈希被再次哈希"),
        sha256(digest).hexdigest(),
        "hex(SHA256(SHA256(body)))",
    )
    yield _mistake(
        cause,
        ("the hash is the whole output of `sha256sum`", "哈希是 `sha256sum` 的完整输出"),
        f"{right}  -",
        'hex(SHA256(body)) + "  -"',
    )
    for text, (en, zh), notation in DIGEST_TEXTS:
        phrase = f"the hash is written {en}", f"哈希的写法是{zh}"
        found = notation.format("SHA256(body)")
        yield _mistake(cause, phrase, text(digest), found, alone=True)
    for missing in NO_DIGESTS:
        phrase = f"the hash is the text `{missing}`", f"哈希是文本 `{missing}`"
        yield _mistake(cause, phrase, missing, f'"{missing}"', alone=True)


def _not_hashed(body: bytes) -> Family:
    cause = "payload_hash"
    for name in ("sha1", "md5", "sha512"):
        made = new_hash(name, body, usedforsecurity=False).hexdigest()
        used = name.upper().replace("SHA", "SHA-")
        yield _mistake(
            cause, (f"the hash is {used}", f"哈希使用了 {used}"), made, f"hex({used}(body))"
        )
    raw = "the body itself was signed instead of its hash", "使用了请求体本身而不是其哈希"
    yield _mistake(cause, raw, body.decode(WIRE_ENCODING), "body")


def _of_something_else(case: Case) -> Family:
    """Texts that libraries use for a missing body, and the query."""
    for text in (b"{}", b"null", b"undefined", b'""', b"[object Object]", b"[]", b"None"):
        cause = "body_changed_after_signing" if text == b"{}" else "payload_hash"
        word = text.decode()
        phrase = f"`{word}` was signed", f"签名的是 `{word}`"
        yield _mistake(cause, phrase, sha256(text).hexdigest(), f"hex(SHA256({word}))")
    if case.request.method == "GET":
        query = case.request.query
        phrase = "the query was hashed", "对查询字符串做了哈希"
        hashed = sha256(query.encode(WIRE_ENCODING)).hexdigest()
        yield _mistake("payload_hash", phrase, hashed, "hex(SHA256(query))")


def _mistake(cause: str, phrase: Phrase, payload: str, found: str, alone: bool = False) -> Mistake:
    def apply(attempt: Attempt) -> Attempt:
        return attempt._replace(payload=payload)

    return Mistake(
        cause, Step.PAYLOAD, phrase, apply, expected="hex(SHA256(body))", found=found, alone=alone
    )
