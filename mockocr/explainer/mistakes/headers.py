"""The signed headers are not those that arrived: other values, names, order or number."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from mockocr.explainer.attempt import Attempt
from mockocr.explainer.case import Case
from mockocr.explainer.mistake import Family, Mistake, Phrase, Step, value
from mockocr.protocol import tc3
from mockocr.protocol.wire import VENDOR_DOMAIN, WireRequest

_KINDS = (
    *("application/json", "application/x-www-form-urlencoded", "text/plain", "multipart/form-data"),
    *("application/octet-stream", "*/*", ""),
)
_COMMON_PORTS = (
    "80",
    "443",
    "8018",
    "8019",
    "8080",
    "8000",
    "3000",
    "5000",
    "8443",
    "9000",
    "9999",
)
_EXTRA = (
    *(
        "x-tc-action",
        "x-tc-timestamp",
        "x-tc-version",
        "x-tc-region",
        "x-tc-token",
        "x-tc-language",
    ),
    *(
        "x-tc-requestclient",
        "accept",
        "user-agent",
        "content-length",
        "accept-encoding",
        "connection",
    ),
)
_COMMON_EXTRA = 4


def content_types(case: Case) -> Family:
    sent = case.request.headers.get("content-type", "")
    media_type = sent.partition(";")[0].strip()
    ends = ("", "; charset=utf-8", ";charset=utf-8", "; charset=UTF-8", ";charset=UTF-8", ";")
    for end in ends:
        yield _value("content_type_charset", Step.CONTENT_TYPE, "content-type", media_type + end)
    for number, kind in enumerate(_KINDS):
        for end in ("", "; charset=utf-8"):
            if kind != media_type:
                yield _value(
                    "content_type_differs",
                    Step.CONTENT_TYPE,
                    "content-type",
                    kind + (end if kind else ""),
                    alone=number > 2,
                )


def hosts(case: Case) -> Family:
    for number, host in enumerate(other_hosts(case.request, case.own_ports)):
        yield _value("host_differs", Step.HOST, "host", host, alone=number >= 12)


def other_hosts(request: WireRequest, own_ports: Sequence[int]) -> Iterator[str]:
    """Hosts that may have been signed, the likely ones first: those that a proxy forwards, names of
    this API, names of this machine."""
    sent = request.headers.get("host", "")
    name, port = _split(sent.rpartition("://")[2].rstrip("/"))
    region = request.headers.get("x-tc-region", "ap-guangzhou")
    vendor = f"ocr{VENDOR_DOMAIN}"
    forwarded = [
        request.headers.get(f"x-{header}", "") for header in ("forwarded-host", "original-host")
    ]
    forwarded_port = request.headers.get("x-forwarded-port", "")
    ports = dict.fromkeys([port, forwarded_port, *map(str, own_ports), *_COMMON_PORTS])
    found = [
        *forwarded,
        vendor,
        name,
        "localhost",
        f"localhost:{port}",
        "127.0.0.1",
        f"127.0.0.1:{port}",
        f"http://{sent}",
        f"https://{sent}",
        f"{sent}/",
        *(f"{name}:{each_port}" for each_port in ports),
        f"ocr.{region}{VENDOR_DOMAIN}",
        f"ocr.intl{VENDOR_DOMAIN}",
        "",
        f"http://{sent}/",
        f"https://{sent}/",
        f"https://{vendor}",
        f"https://{vendor}/",
        f"{vendor}/",
        *("ocr.localhost", "mockocr", "0.0.0.0", "host.docker.internal", "[::1]"),  # noqa: S104
        *(f"{product}{VENDOR_DOMAIN}" for product in ("cvm", "iai", "faceid", "tmt", "sms", "asr")),
    ]
    locals_ = (
        "localhost",
        "127.0.0.1",
        "ocr.localhost",
        "mockocr",
        "host.docker.internal",
        "[::1]",
    )
    found += [f"{host}:{any_port}" for host in (vendor, *locals_) for any_port in ports if any_port]
    found += [f"{scheme}://{host}:{port}" for host in locals_ for scheme in ("http", "https")]
    for host in dict.fromkeys(tc3.lower(each) for each in found):
        if host != sent:
            yield host


def _split(host: str) -> tuple[str, str]:
    name, colon, port = host.rpartition(":")
    return (name, port) if colon and port.isdigit() else (host, "")


def _value(cause: str, step: str, name: str, text: str, alone: bool = False) -> Mistake:
    return Mistake(
        cause, step, value(text), lambda attempt: attempt.with_header(name, text), alone=alone
    )


def signed_headers(case: Case) -> Family:
    yield from _orders(case)
    sent = case.request.headers
    for number, name in enumerate(header for header in _EXTRA if header in sent):
        for lowered in (True, False):
            yield _extra(name, sent[name], lowered, alone=number >= _COMMON_EXTRA)
    for name in case.signed_headers:
        yield _left_out(name)
    yield from _layouts()


def _orders(case: Case) -> Family:
    listed = case.signed_headers
    cause = "signed_headers_order"
    for order in dict.fromkeys((listed, listed[::-1])):
        names, phrase = ";".join(order), value(";".join(order))
        if list(order) == sorted(order):
            continue
        yield _headers(cause, phrase, lambda attempt, o=order, n=names: _ordered(attempt, o, n))
        yield _headers(cause, phrase, lambda attempt, o=order: _ordered(attempt, o, attempt.names))
        yield _headers(cause, phrase, lambda attempt, n=names: attempt._replace(names=n))


def _ordered(attempt: Attempt, order: tuple[str, ...], names: str) -> Attempt:
    place = {name: number for number, name in enumerate(order)}
    headers = sorted(attempt.headers, key=lambda header: place.get(header[0].lower(), -1))
    return attempt._replace(headers=tuple(headers), names=names)


def _extra(name: str, sent: str, lowered: bool, alone: bool) -> Mistake:
    text = tc3.lower(sent) if lowered else sent

    def apply(attempt: Attempt) -> Attempt:
        if attempt.header(name) is not None:
            return attempt
        headers = sorted([*attempt.headers, (name, text)])
        names = ";".join(each for each, _ in headers)
        return attempt._replace(headers=tuple(headers), names=names)

    return _headers(
        "missing_signed_header",
        (f"`{name}` was signed but is not listed", f"`{name}` 参与了签名但没有列出"),
        apply,
        expected="the headers in SignedHeaders",
        found=f"`{name}` too",
        alone=alone,
    )


def _left_out(name: str) -> Mistake:
    def apply(attempt: Attempt) -> Attempt:
        headers = tuple(header for header in attempt.headers if header[0] != name)
        return attempt._replace(headers=headers, names=";".join(each for each, _ in headers))

    return _headers(
        "missing_signed_header",
        (f"`{name}` is listed but was not signed", f"`{name}` 已列出但没有参与签名"),
        apply,
        expected="the headers in SignedHeaders",
        found=f"all except `{name}`",
    )


def _layouts() -> Family:
    def titled(text: str) -> str:
        return "-".join(part.capitalize() for part in text.split("-"))

    def names_titled(attempt: Attempt) -> Attempt:
        return attempt._replace(
            headers=tuple((titled(name), text) for name, text in attempt.headers)
        )

    def listed_titled(attempt: Attempt) -> Attempt:
        names = ";".join(titled(name) for name in attempt.names.split(";"))
        return attempt._replace(names=names)

    def joined(by: str, end: str = "") -> Callable[[Attempt], Attempt]:
        return lambda attempt: attempt._replace(names=attempt.names.replace(";", by) + end)

    def spelled(before: str, after: str = "") -> Callable[[Attempt], Attempt]:
        return lambda attempt: attempt._replace(
            headers=tuple((name, f"{before}{text}{after}") for name, text in attempt.headers)
        )

    upper = ("header names are not in lower case", "头名称没有转为小写")
    for phrase, apply in (
        (upper, lambda attempt: listed_titled(names_titled(attempt))),
        (upper, names_titled),
        (upper, listed_titled),
        (("a space follows the colon of each header", "冒号后多了空格"), spelled(" ")),
        (("header values are in quotes", "头的值带引号"), spelled('"', '"')),
        (("a space follows the value of each header", "头的值末尾多了空格"), spelled("", " ")),
        (("header names are joined by `,`", "头名称用 `,` 连接"), joined(",")),
        (("header names are joined by `; `", "头名称用 `; ` 连接"), joined("; ")),
        (("header names are joined by `:`", "头名称用 `:` 连接"), joined(":")),
        (("header names are joined by line ends", "头名称用换行符连接"), joined("\n")),
        (("a `;` follows the last header name", "最后一个头名称后多了 `;`"), joined(";", ";")),
    ):
        yield _headers("canonical_request_layout", phrase, apply)


def _headers(cause: str, phrase: Phrase, apply: Any, **more: Any) -> Mistake:
    return Mistake(cause, Step.HEADERS, phrase, apply, **more)
