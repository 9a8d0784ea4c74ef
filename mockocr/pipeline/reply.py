"""From the members of Response, or an error, to the HTTP reply."""

from functools import lru_cache
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import quote

from mockocr.journal.exchange import Exchange
from mockocr.protocol.call import read_language
from mockocr.protocol.envelope import failure, success
from mockocr.protocol.wire import Fault, WireReply, WireRequest
from mockocr.scenario.outcomes import FaultOutcome, Forwarded, GatewayError, Recognized

OWN_HEADERS = "X-Mockocr-"
"""The prefix of mockocr's own response headers. `--faithful-headers` omits them."""

Headers: TypeAlias = tuple[tuple[str, str], ...]


def reply_to(request: WireRequest, exchange: Exchange, members: bytes) -> WireReply:
    """`members`: the members of Response without RequestId, as JSON, if there is no error."""
    if exchange.error:
        exchange.language = exchange.language or read_language(request)
        body = failure(request.request_id, exchange.error, exchange.language)
    else:
        body = success(request.request_id, members)
    headers = _own_headers(exchange.account, exchange.rule)
    if trace_id := request.headers.get("x-tc-traceid"):
        headers = (("X-TC-TraceId", trace_id), *headers)
    resolved = exchange.resolved
    if resolved is None:
        return WireReply(body, headers)
    reply = WireReply(body, headers, resolved.delay_seconds, resolved.dribble_seconds)
    match resolved.outcome:
        case Recognized():
            return reply
        case Forwarded(host):
            upstream = (f"{OWN_HEADERS}Upstream", host)
            return reply._replace(headers=(*headers, upstream))
        case GatewayError(status):
            page = _gateway_page(status)
            return reply._replace(body=page, status=status, content_type="text/html")
        case FaultOutcome(Fault.BAD_JSON):
            text = reply.body.decode()
            return reply._replace(body=text[: len(text) // 2].encode())
        case FaultOutcome(
            Fault.MALFORMED_RESPONSE_CHUNK | Fault.RANDOM_DATA_THEN_CLOSE as fault
        ) as outcome:
            return reply._replace(body=outcome.noise, fault=fault)
        case FaultOutcome(fault):
            return reply._replace(fault=fault)
        case _:
            return reply


def _gateway_page(status: int) -> bytes:
    """The HTML page of a gateway in front of the API."""
    try:
        title = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        title = str(status)
    lines = [
        f"<html>\r\n<head><title>{title}</title></head>",
        f"<body>\r\n<center><h1>{title}</h1></center>\r\n</body>",
        "</html>\r\n",
    ]
    return "\r\n".join(lines).encode()


@lru_cache(maxsize=1024)
def _own_headers(account: str | None, rule: str | None) -> Headers:
    """Cached: the same object for the same account and rule."""
    values = (("Account", account), ("Rule", rule))
    return tuple((f"{OWN_HEADERS}{name}", quote(value)) for name, value in values if value)
