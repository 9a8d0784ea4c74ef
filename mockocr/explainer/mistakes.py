"""What clients get wrong when they sign with TC3, each as the request that they had in mind.

A trial is signed by the functions that verify (`protocol/tc3.py`); where it comes to the signature
that was sent, its cause is proven.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, unquote_plus

from mockocr.protocol import tc3
from mockocr.protocol.authorization import TERMINATOR, Authorization, utc_date
from mockocr.protocol.wire import VENDOR_DOMAIN, WIRE_ENCODING, WireRequest

MAX_BODY_BYTES = 1024 * 1024
"""Bodies longer than this are not tried in other spellings."""

_EMPTY = sha256(b"").hexdigest()
_UNSIGNED = sha256(tc3.UNSIGNED_PAYLOAD.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Trial:
    """A request as somebody may have signed it, and what that would be called."""

    request: WireRequest
    headers: Mapping[str, str]
    """The signed ones, by name in lower case."""
    hashed_payload: str
    timestamp: int
    scope: str
    secret_key: str
    date: str
    service: str
    terminator: str = TERMINATOR
    names: Sequence[str] = ()
    """The order in which the headers were signed; none: sorted."""
    cause: str = ""
    detail: str = ""

    def text(self) -> str:
        """The string to sign."""
        canonical = tc3.canonical_request(
            self.request, self.headers, self.hashed_payload, self.names
        )
        return tc3.string_to_sign(self.timestamp, self.scope, canonical)

    def signature(self) -> str:
        key = _key(self.secret_key, self.date, self.service, self.terminator)
        return tc3.sign(key, self.text())

    def as_(self, cause: str, detail: str = "", **changes: Any) -> "Trial":
        return replace(self, cause=cause, detail=detail, **changes)

    def with_header(self, cause: str, name: str, value: str) -> "Trial":
        return self.as_(cause, f"`{value}`", headers={**self.headers, name: value})


@lru_cache(maxsize=16)
def _key(secret_key: str, date: str, service: str, terminator: str) -> bytes:
    """A cache of its own: what is only tried must not push out the keys that are used."""
    return tc3.signing_key.__wrapped__(secret_key, date, service, terminator)


def as_received(
    request: WireRequest, given: Authorization, timestamp: int, secret_key: str
) -> list[Trial]:
    """The request in each reading in which it is verified."""
    hashed = tc3.payload_hash(request)
    return [
        Trial(
            request,
            headers,
            hashed,
            timestamp,
            given.scope,
            secret_key,
            given.date,
            given.service,
        )
        for headers in tc3.readings(request, given)
    ]


def other_keys(base: Trial, keys: Sequence[tuple[str, str]]) -> Iterator[Trial]:
    """`keys`: secret keys of other accounts, and these accounts' names."""
    secret = base.secret_key
    for worn, detail in (
        (f"{secret}\n", "a line end"),
        (f"{secret}\r\n", "a line end"),
        (f"{secret}\r", "a line end"),
        (f"{secret} ", "a blank"),
        (f" {secret}", "a blank"),
        (f" {secret} ", "blanks"),
        (f"{secret}\t", "a tab"),
        (f'"{secret}"', "quotes"),
        (f"'{secret}'", "quotes"),
        (f"\ufeff{secret}", "a byte order mark"),
    ):
        yield base.as_("secret_has_whitespace", detail, secret_key=worn)
    for another, name in keys:
        yield base.as_("key_of_another_account", f"`{name}`", secret_key=another)


def other_headers(base: Trial, given: Authorization) -> Iterator[Trial]:
    yield from _other_content_types(base)
    yield from other_hosts(base)
    names = tuple(dict.fromkeys(given.signed_headers.split(";")))
    lower = tuple(name.lower() for name in names)
    for order in (lower, lower[::-1]):
        if list(order) != sorted(order):
            yield base.as_("signed_headers_order", f"`{';'.join(order)}`", names=order)
    sent = base.request.headers
    for extra in ("x-tc-action", "x-tc-timestamp", "x-tc-version", "x-tc-region", "x-tc-token"):
        if extra in sent and extra not in base.headers:
            headers = {**base.headers, extra: tc3.lower(sent[extra])}
            detail = f"`{extra}` was signed and is not listed"
            yield base.as_("missing_signed_header", detail, headers=headers)
    for name in base.headers:
        fewer = {other: base.headers[other] for other in base.headers if other != name}
        detail = f"`{name}` is listed and was not signed"
        yield base.as_("missing_signed_header", detail, headers=fewer)


def _other_content_types(base: Trial) -> Iterator[Trial]:
    sent = base.headers["content-type"]
    media_type = sent.partition(";")[0].strip()
    for spelled in (
        media_type,
        *(f"{media_type}{end}" for end in ("; charset=utf-8", ";charset=utf-8", ";")),
        f"{media_type}; charset=UTF-8",
        f"{media_type};charset=UTF-8",
    ):
        if spelled != sent:
            yield base.with_header("content_type_charset", "content-type", spelled)
    for kind in (
        "application/json",
        "application/x-www-form-urlencoded",
        "text/plain",
        "application/octet-stream",
        "multipart/form-data",
        "*/*",
        "",
    ):
        for end in ("", "; charset=utf-8"):
            if kind != media_type:
                yield base.with_header("content_type_differs", "content-type", kind + end)


def other_hosts(base: Trial) -> Iterator[Trial]:
    sent = base.headers["host"]
    bare, _, port = sent.rpartition("://")[2].rstrip("/").rpartition(":")
    region = base.request.headers.get("x-tc-region", "")
    names = [
        f"ocr{VENDOR_DOMAIN}",
        f"ocr.{region}{VENDOR_DOMAIN}",
        "localhost",
        "127.0.0.1",
        "ocr.localhost",
        "mockocr",
        "0.0.0.0",  # noqa: S104 - a text that is compared
        "host.docker.internal",
        "",
        bare or port,
    ]
    forwarded = [base.request.headers.get(f"x-{name}", "") for name in _FORWARDED]
    for name in [*forwarded, *names]:
        for spelled in (name, f"{name}:{port}", f"http://{name}:{port}", f"https://{name}:{port}"):
            if spelled != sent:
                yield base.with_header("host_differs", "host", spelled)
    for common_port in ("80", "443", "8018", "8019"):
        if bare:
            yield base.with_header("host_differs", "host", f"{bare}:{common_port}")


_FORWARDED = ("forwarded-host", "original-host")


def other_scopes(base: Trial) -> Iterator[Trial]:
    """The key, the scope, or both, with another date, service or end than they should have."""
    for days in (1, -1):
        local = utc_date(base.timestamp + days * 86_400)
        yield base.as_("date_not_utc", local, date=local)
        yield base.as_("date_not_utc", local, scope=_with_date(base.scope, local), date=local)
    label = base.headers["host"].partition(".")[0]
    services = dict.fromkeys(
        [
            "ocr",
            "OCR",
            label,
            label.partition(":")[0],
            "cvm",
            "iai",
            "faceid",
            "sts",
            "127",
            "localhost",
            "",
        ]
    )
    for service in services:
        if service != base.service:
            scope = "/".join([base.scope.partition("/")[0], service, base.terminator])
            yield base.as_("wrong_service", f"`{service}`", service=service)
            yield base.as_("wrong_service", f"`{service}`", service=service, scope=scope)
            yield base.as_("wrong_service", f"`{service}`", scope=scope)
    end = base.scope.rpartition("/")[2]
    for terminator in dict.fromkeys(
        [end, "aws4_request", "tc3-request", "tc3request", "TC3_REQUEST", "request", ""]
    ):
        if terminator != base.terminator or end != base.terminator:
            detail = f"`{terminator}`"
            scope = base.scope.removesuffix(end) + terminator
            yield base.as_("scope_terminator", detail, terminator=terminator)
            yield base.as_("scope_terminator", detail, terminator=terminator, scope=scope)
            yield base.as_("scope_terminator", detail, scope=scope)


def _with_date(scope: str, date: str) -> str:
    return "/".join([date, *scope.split("/")[1:]])


def other_timestamps(base: Trial) -> Iterator[Trial]:
    now = int(base.request.received_at.timestamp())
    milliseconds = base.timestamp * 1000
    near = (base.timestamp + sign * step for step in range(1, 301) for sign in (1, -1))
    for timestamp in (now, milliseconds, *near):
        if timestamp != base.timestamp:
            yield base.as_("timestamp_differs", str(timestamp), timestamp=timestamp)


def other_payloads(base: Trial, known_hashes: Sequence[str]) -> Iterator[Trial]:
    """`known_hashes`: of the payloads of the account's last calls."""
    if base.hashed_payload != _EMPTY:
        yield base.as_("payload_hash_of_empty", hashed_payload=_EMPTY)
    yield base.as_(
        "unsigned_payload_literal",
        "the word itself was signed",
        hashed_payload=tc3.UNSIGNED_PAYLOAD,
    )
    if base.hashed_payload != _UNSIGNED:
        detail = "the header was not sent with the call"
        yield base.as_("unsigned_payload_literal", detail, hashed_payload=_UNSIGNED)
    else:
        body = base.request.body_hash
        detail = "the body was signed instead"
        yield base.as_("unsigned_payload_literal", detail, hashed_payload=body)
    for known in dict.fromkeys(known_hashes):
        if known != base.hashed_payload:
            detail = "what was signed is the body of an earlier call"
            yield base.as_("body_changed_after_signing", detail, hashed_payload=known)


_quoted = partial(quote, errors="surrogateescape")

_ENCODINGS: tuple[tuple[Callable[[str], str], str], ...] = (
    (partial(quote_plus, errors="surrogateescape"), "blanks as +"),
    (partial(_quoted, safe=""), "blanks as %20"),
    (partial(_quoted, safe="~()*!.'"), "like encodeURIComponent"),
    (_quoted, "slashes as they are"),
    (str, "not encoded"),
)


def other_queries(base: Trial) -> Iterator[Trial]:
    request = base.request
    query = request.query
    if request.method != "GET" or not query:
        return

    def spelled(cause: str, text: str, detail: str = "") -> Trial:
        wire = text.encode(errors="surrogateescape").decode(WIRE_ENCODING)
        return base.as_(cause, detail, request=replace(request, query=wire))

    parts = query.split("&")
    for ordered in (sorted(parts), sorted(parts, key=str.lower)):
        if ordered != parts:
            yield spelled("query_sorted", "&".join(ordered))
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    for in_order in (pairs, sorted(pairs)):
        for encode, detail in _ENCODINGS:
            text = "&".join(f"{encode(name)}={encode(value)}" for name, value in in_order)
            for variant in (text, _lower_hex(text)):
                if variant != query:
                    yield spelled("query_not_as_sent", variant, detail)
    yield spelled("query_not_as_sent", "", "left out")
    yield spelled("query_not_as_sent", unquote_plus(query, errors="surrogateescape"), "not encoded")
    yield spelled("query_not_as_sent", f"?{query}", "with its question mark")


def _lower_hex(text: str) -> str:
    parts = text.split("%")
    return "%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])])


def other_bodies(base: Trial) -> Iterator[Trial]:
    body = base.request.body
    if base.request.method == "GET" or len(body) > MAX_BODY_BYTES:
        return
    for variant, detail in _changed_bodies(body):
        if variant != body:
            hashed = sha256(variant).hexdigest()
            yield base.as_("body_changed_after_signing", detail, hashed_payload=hashed)
    for variant, detail in _respelled_bodies(body):
        if variant != body:
            hashed = sha256(variant).hexdigest()
            yield base.as_("body_reserialized", detail, hashed_payload=hashed)


def _changed_bodies(body: bytes) -> Iterator[tuple[bytes, str]]:
    mark = b"\xef\xbb\xbf"
    yield b"{}", "`{}` was signed"
    yield body.strip(), "white space around it"
    for end in (b"\n", b"\r\n", b" "):
        yield body + end, "white space at its end"
    yield body.removeprefix(mark), "a byte order mark"
    yield mark + body, "a byte order mark"
    unix = body.replace(b"\r\n", b"\n")
    yield unix, "line ends"
    yield unix.replace(b"\n", b"\r\n"), "line ends"
    yield b"".join(body.split()), "white space"
    for bytes_cut in range(1, 5):
        yield body[:-bytes_cut], "its end is cut off"


def _respelled_bodies(body: bytes) -> Iterator[tuple[bytes, str]]:
    try:
        parameters = json.loads(body)
    except (ValueError, RecursionError):
        return
    for sort_keys in (False, True):
        for ascii_only in (False, True):
            for indent, separators in (
                (None, (",", ":")),
                (None, (", ", ": ")),
                (2, None),
                (4, None),
                ("\t", None),
            ):
                text = json.dumps(
                    parameters,
                    sort_keys=sort_keys,
                    ensure_ascii=ascii_only,
                    indent=indent,
                    separators=separators,
                )
                order = "sorted" if sort_keys else "in its order"
                spacing = (
                    "indented"
                    if indent
                    else "compact"
                    if separators == (",", ":")
                    else "with blanks"
                )
                detail = f"{spacing}, {order}"
                yield text.encode(errors="replace"), detail
                yield text.replace("/", "\\/").encode(errors="replace"), f"{detail}, / as \\/"


def respelled_signature(base: Trial, sent: str) -> str | None:
    """How a signature that is right but for its spelling is spelled."""
    right = base.signature()
    if sent == right.upper() or sent.lower() == right:
        return "upper case"
    if sent.strip("\"'").lower() == right:
        return "in quotes"
    if sent == b64encode(bytes.fromhex(right)).decode():
        return "Base64"
    if len(sent) >= 16 and (right.startswith(sent.lower()) or sent.lower().startswith(right)):
        return f"{len(sent)} characters"
    return None
