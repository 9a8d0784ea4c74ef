"""The endpoint that signs a call and sends it to this server, through its own socket: so limits and
faults are those of any client. It never connects to another host."""

import asyncio
import json
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request

from mockocr.accounts.account import Account
from mockocr.actions.action import AnyAction
from mockocr.admin.call_spec import TC3, CallSpec
from mockocr.admin.endpoint import Endpoint
from mockocr.admin.filters import account_or_first
from mockocr.admin.replies import Reply
from mockocr.client.client import distrust
from mockocr.pipeline.state import State
from mockocr.protocol.redact import redacted_headers, redacted_signature
from mockocr.protocol.signature import Signature
from mockocr.protocol.signing import FORM, query_of, sign_form, sign_tc3
from mockocr.protocol.wire import MAX_BODY_BYTES, WIRE_ENCODING

MAX_AT_ONCE = 8
"""Calls that may be under way at once."""
MAX_SECONDS = 60
"""The longest time for an answer."""
MAX_REPLY_BYTES = 16 * 1024 * 1024
_PART_BYTES = 64 * 1024

_STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})(?: [^\r\n]*)?")
_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})\s*(?:;[^\r\n]*)?\r\n")

DESCRIPTION = (
    "Signs the call with the account's key at the account's time, and sends it to this server"
    " through its own socket. It is counted and recorded like any call. A reply that is not"
    " complete after the time limit is cut off."
)

Ending = Literal["complete", "empty", "reset", "truncated", "malformed", "timeout", "too_long"]


class TrySpec(CallSpec):
    timeout_seconds: int = Field(default=30, ge=1, le=MAX_SECONDS)


class SentRequest(Reply):
    """The request as it was sent, masked like the calls in the journal."""

    method: str
    url: str
    headers: dict[str, str]
    parameters: dict[str, Any]
    body_bytes: int


class TryReply(Reply):
    request: SentRequest
    signature: Signature
    """Each step; never the key."""
    ended: Ending
    """How the connection ended: complete (a whole reply), empty (closed without a reply), reset,
    truncated (closed before the end of the reply), malformed (not HTTP), timeout, too_long."""
    status: int | None
    headers: dict[str, str]
    body: str
    """The text of the reply, as far as it was received."""
    milliseconds: float
    request_id: str | None = Field(alias="RequestId")
    """Of the call in the journal; null if the server did not record it."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A signed request, as bytes and as it may be shown."""

    content: bytes
    view: SentRequest
    signature: Signature
    tls: ssl.SSLContext | None


@dataclass(frozen=True, slots=True)
class Received:
    ended: Ending
    content: bytes


def try_endpoint(state: State, urls: Mapping[str, str], ca_certificate: str | None) -> Endpoint:
    """`urls`: of this server, by scheme."""
    under_way = 0

    async def try_call(request: Request, spec: TrySpec) -> TryReply:
        nonlocal under_way
        account = account_or_first(spec.account, state)
        url = own_url(urls, spec.endpoint)
        action = spec.chosen_action()
        if under_way >= MAX_AT_ONCE:
            raise HTTPException(503, f"{MAX_AT_ONCE} calls are under way; try again later")
        under_way += 1
        try:
            # In a thread: a picture has megabytes.
            now = state.clock_of(account).at(datetime.now(UTC))
            seconds = int(now.timestamp())
            prepared = await state.pools.admin.run(
                prepare, spec, action, account, url, seconds, ca_certificate
            )
            began, started = datetime.now(UTC), time.perf_counter()
            received = await send(prepared, url, spec.timeout_seconds)
            milliseconds = round(1000 * (time.perf_counter() - started), 1)
        finally:
            under_way -= 1
        reply = await state.pools.admin.run(_reply, prepared, received, milliseconds)
        if reply.request_id is None:
            request_id = _recorded(state, account, began, prepared.view.body_bytes)
            reply = reply.model_copy(update={"request_id": request_id})
        return reply

    return Endpoint(
        "POST",
        "/try",
        "Sign a call and send it to this server",
        try_call,
        statuses={
            200: "What was sent, and what came back.",
            404: "No account has this name.",
            409: "This server has no such port.",
            503: "Too many calls are under way.",
        },
        description=DESCRIPTION,
        max_body_bytes=MAX_BODY_BYTES,
    )


def own_url(urls: Mapping[str, str], scheme: str | None) -> str:
    """Raises HTTPException 409."""
    if not urls:
        raise HTTPException(409, "this application runs in another ASGI server")
    url = urls.get(scheme) if scheme else next(iter(urls.values()))
    if url is None:
        raise HTTPException(409, f"this server has no {scheme} port")
    return url


def prepare(
    spec: CallSpec,
    action: AnyAction,
    account: Account,
    url: str,
    seconds: int,
    ca_certificate: str | None,
) -> Prepared:
    host, is_get = urlsplit(url).netloc, spec.method == "GET"
    keys = next(iter(account.keys.items()))
    token = min(account.tokens, default=None)
    version = action.version if spec.version is None else spec.version
    is_form = is_get or spec.signature_method != TC3
    headers = {"Host": host, "Content-Type": FORM if is_form else "application/json"}
    own = {name.lower() for name in spec.headers}
    if spec.signature_method == TC3:
        headers |= {
            "X-TC-Action": action.name,
            "X-TC-Version": version,
            "X-TC-Timestamp": str(seconds),
        }
        more = {"X-TC-Region": spec.region, "X-TC-Language": spec.language, "X-TC-Token": token}
        headers |= {name: text for name, text in more.items() if text}
        headers = {name: text for name, text in headers.items() if name.lower() not in own}
        headers = _on_the_wire({**headers, **spec.headers})
        query = query_of(_texts(spec.parameters)) if is_get else ""
        body = b"" if is_get else _json(spec.parameters)
        signed = sign_tc3(spec.method, query, headers, body, action.service, keys, seconds)
        headers = dict(signed.headers)
        signature = Signature(
            signed.string_to_sign, True, signed.canonical_request, signed.payload_hash, not is_get
        )
    else:
        common = {
            "Action": action.name,
            "Version": version,
            "Region": spec.region,
            "Language": spec.language,
            "Token": token or "",
            "Timestamp": str(seconds),
            "Nonce": str(time.time_ns() % 1_000_000_007),
            "SecretId": keys[0],
            "SignatureMethod": spec.signature_method,
        }
        parameters = {name: text for name, text in common.items() if text}
        headers = {name: text for name, text in headers.items() if name.lower() not in own}
        headers = _on_the_wire({**headers, **spec.headers})
        form = sign_form(spec.method, host, {**_texts(spec.parameters), **parameters}, keys[1])
        query, body = form.query, form.body
        signature = Signature(form.string_to_sign, True)
    view = SentRequest(
        method=spec.method,
        url=f"{url}/",
        headers=dict(redacted_headers({name.lower(): text for name, text in headers.items()})),
        parameters=dict(action.mask(spec.parameters)),
        body_bytes=len(body),
    )
    content = _bytes(spec.method, f"/?{query}" if query else "/", headers, body)
    tls = _tls(ca_certificate) if url.startswith("https:") else None
    return Prepared(content, view, redacted_signature(signature), tls)


def _on_the_wire(headers: Mapping[str, str]) -> dict[str, str]:
    """One character for each byte."""
    return {name: text.encode().decode(WIRE_ENCODING) for name, text in headers.items()}


def _texts(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Parameters as SDKs write them into a query or form."""
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in parameters.items()
    }


def _json(parameters: Mapping[str, Any]) -> bytes:
    return json.dumps(parameters, ensure_ascii=False).encode(errors="replace")


def _bytes(method: str, target: str, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [f"{method} {target} HTTP/1.1"]
    lines += [f"{name}: {text}" for name, text in headers.items()]
    if method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    lines += ["Connection: close", "", ""]
    return "\r\n".join(lines).encode(WIRE_ENCODING) + body


def _tls(ca_certificate: str | None) -> ssl.SSLContext:
    """Trusts the server's own CA. A certificate of the user's may be for another name: it is not
    verified, because the socket is this server's."""
    return ssl.create_default_context(cadata=ca_certificate) if ca_certificate else distrust()


async def send(prepared: Prepared, url: str, seconds: float) -> Received:
    """What the server sends until it closes the connection."""
    place = urlsplit(url)
    received = bytearray()
    writer: asyncio.StreamWriter | None = None
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(
                place.hostname, place.port, ssl=prepared.tls
            )
            writer.write(prepared.content)
            while part := await reader.read(_PART_BYTES):
                received += part
                if len(received) > MAX_REPLY_BYTES:
                    return Received("too_long", bytes(received[:MAX_REPLY_BYTES]))
    except TimeoutError:
        return Received("timeout", bytes(received))
    except OSError:
        return Received("reset", bytes(received))
    finally:
        if writer is not None:
            writer.transport.abort()
    return Received("complete" if received else "empty", bytes(received))


def _reply(prepared: Prepared, received: Received, milliseconds: float) -> TryReply:
    head, _, body = received.content.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    status = _STATUS_LINE.fullmatch(first)
    headers: dict[str, str] = {}
    ended = received.ended
    if status:
        pairs = (line.decode(WIRE_ENCODING).partition(":") for line in lines)
        headers = {name.lower(): text.strip() for name, _, text in pairs}
        body, is_whole = _body(headers, body)
        if ended == "complete" and not is_whole:
            ended = "malformed" if "transfer-encoding" in headers else "truncated"
    else:
        body = received.content
        ended = "malformed" if ended == "complete" else ended
    return TryReply(
        request=prepared.view,
        signature=prepared.signature,
        ended=ended,
        status=int(status[1]) if status else None,
        headers=headers,
        body=body.decode(errors="replace"),
        milliseconds=milliseconds,
        request_id=_request_id(body),
    )


def _body(headers: Mapping[str, str], content: bytes) -> tuple[bytes, bool]:
    """The body, and whether it is whole."""
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return content, len(content) == int(headers.get("content-length", len(content)))
    body, at = b"", 0
    while size := _CHUNK_SIZE.match(content, at):
        end = size.end() + int(size[1], 16)
        body += content[size.end() : end]
        if size[1].strip(b"0") == b"":
            return body, True
        at = end + 2
    return body + content[at:], False


def _request_id(body: bytes) -> str | None:
    try:
        match json.loads(body):
            case {"Response": {"RequestId": str(request_id)}}:
                return request_id
    except (ValueError, RecursionError):
        pass
    return None


def _recorded(state: State, account: Account, began: datetime, body_bytes: int) -> str | None:
    """The RequestId of a call whose reply does not tell it."""
    for exchange in state.journal.newest_first():
        if exchange.received_at < began:
            break
        if (exchange.account, exchange.body_bytes) == (account.name, body_bytes):
            return exchange.request_id
    return None
