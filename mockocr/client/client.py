"""HTTP requests to a server: its URL, its certificate, its answers."""

import argparse
import ipaddress
import json
import os
import re
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.client import BadStatusLine, HTTPException, IncompleteRead, RemoteDisconnected
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mockocr.protocol.reasons import OwnLanguage
from mockocr.protocol.wire import WIRE_ENCODING
from mockocr.settings import PREFIX, SettingError, Settings, read_settings

READ_AT_ONCE = 64 * 1024

EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared


class NoServerError(Exception):
    """No HTTP answer; the text says why."""


_REFUSED = "connection refused"


def no_server(url: str, reason: object) -> NoServerError:
    """The error of every command if nothing answers at a URL."""
    advice = "; start one with `mockocr serve`, or name another with --server"
    text = str(reason)
    return NoServerError(f"no server at {url}: {text}{advice if text == _REFUSED else ''}")


def not_mockocr(url: str, status: int) -> NoServerError:
    return NoServerError(f"no mockocr at {url}: another program answered, with status {status}")


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    def json(self) -> Any:
        """None if the body is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


def add_server_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--server",
        metavar="URL",
        help=f"URL of the server (default: {PREFIX}URL, else from the variables of `mockocr serve`:"
        f" {PREFIX}HOST, {PREFIX}PORT ...)",
    )


def add_ca_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--ca",
        metavar="FILE",
        help="CA certificate to trust for HTTPS, PEM (default: this machine's CAs; for a server on"
        " this machine or in a private network also this installation's CA)",
    )


def add_admin_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--admin-token",
        metavar="TOKEN",
        help=f"the server's admin token (default: {PREFIX}ADMIN_TOKEN)",
    )


def add_lang_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--lang",
        metavar="LANGUAGE",
        help=f"language of hints, en or zh (default: {PREFIX}LANG, else that of the server)",
    )


def add_real_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--real",
        action="store_true",
        help="allow a server outside this machine and its private networks; the data you send"
        " leaves them",
    )


def own_language(flag: str | None) -> OwnLanguage | None:
    """The language that the user of a command has chosen. Raises SettingError."""
    variable = f"{PREFIX}LANG"
    return read_settings({"lang": flag}, {variable: os.environ.get(variable, "")})[0].lang


def server_url(flag: str | None) -> str:
    """The server's URL, without a slash at its end. Raises SettingError."""
    for origin, url in (("--server", flag), (f"{PREFIX}URL", os.environ.get(f"{PREFIX}URL"))):
        if url:
            return checked_url(url, origin).rstrip("/")
    return _url_of(read_settings({}, os.environ)[0])


def checked_url(url: str, origin: str) -> str:
    """The URL if it is valid. Raises SettingError, which never quotes a password."""
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        has_user = "@" in parts.netloc
        clean = url.isascii() and url.isprintable() and " " not in url
    except ValueError:
        valid = has_user = clean = False
    if has_user:
        raise SettingError(f"{origin}: expected a URL without user name and password")
    if not (valid and clean):
        raise SettingError(f"{origin}: expected a URL such as http://127.0.0.1:8018, got {url!r}")
    return url


def _url_of(settings: Settings) -> str:
    host = EVERY_ADDRESS.get(settings.host, settings.host)
    shown = f"[{host}]" if ":" in host else host
    scheme, port = ("http", settings.port) if settings.port else ("https", settings.tls_port)
    if not port:
        raise SettingError(f"{PREFIX}PORT: 0 means any free port; name the port with --server")
    return f"{scheme}://{shown}:{port}"


Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def _addresses(url: str) -> list[Address]:
    """The addresses of a URL's host. Raises NoServerError."""
    host = urlsplit(url).hostname or ""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise no_server(url, f"{host}: {_reason(error)}") from None
    # A link-local address has a scope: `fe80::1%eth0`.
    return [ipaddress.ip_address(str(address[0]).partition("%")[0]) for *_, address in found]


def is_near(url: str) -> bool:
    """Whether its host is this machine or in a private network. Raises NoServerError."""
    return are_near(_addresses(url))


def check_reach(url: str, real: bool, sent: str) -> bool:
    """Whether the URL's host is this machine or in a private network. Raises SettingError for any
    other host, unless `--real` allows it, and NoServerError for one without an address. `sent` is
    what the host would receive, such as "the picture"."""
    near = is_near(url)
    if not (near or real):
        raise SettingError(
            f"{url} is neither on this machine nor in a private network, and would receive {sent};"
            " use --real to call it anyway"
        )
    return near


def are_near(addresses: Iterable[Address]) -> bool:
    """Whether all are loopback or private ones."""
    # Older Pythons do not classify an IPv4-mapped IPv6 address by its IPv4 address.
    real = [getattr(address, "ipv4_mapped", None) or address for address in addresses]
    return all(address.is_loopback or address.is_private for address in real)


def is_loopback(url: str) -> bool:
    """Whether its host is loopback, judged by name; nothing is resolved."""
    host = (urlsplit(url).hostname or "").removesuffix(".")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def trust(url: str, ca: str | None, near: bool) -> ssl.SSLContext | None:
    """The TLS context; None for plain HTTP. Raises SettingError."""
    if not url.lower().startswith("https:"):
        return None
    context = ssl.create_default_context()
    try:
        if ca:
            context.load_verify_locations(ca)
        elif near and (stored := _stored_ca()).exists():
            context.load_verify_locations(stored)
    except OSError as error:
        flag = "--ca: " if ca else ""
        raise SettingError(f"{flag}cannot read {ca or stored} as PEM ({_reason(error)})") from None
    return context


def _stored_ca() -> Path:
    """The stored CA's path. Never creates one: no server would use it."""
    # Imported late: cryptography is slow to import, and only HTTPS needs it.
    from mockocr.tls import default_state_dir

    settings, _ = read_settings({}, os.environ)
    return (settings.state_dir or default_state_dir()) / "ca" / "ca.pem"


def distrust() -> ssl.SSLContext:
    """A TLS context that verifies nothing, for requests that send no secrets."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def ask(
    url: str,
    context: ssl.SSLContext | None,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    near: bool = True,
    timeout_seconds: float = 60,
    max_bytes: int | None = None,
) -> Reply:
    """The answer, whatever its status. Raises NoServerError, also for a body that has more than
    `max_bytes`, or is not complete after `timeout_seconds`.

    `near`: use no proxy, because a proxy does not know this machine's own addresses.
    """
    deadline = time.monotonic() + timeout_seconds
    handlers: list[urllib.request.BaseHandler] = [_NoRedirects()]
    if near:
        handlers.append(urllib.request.ProxyHandler({}))
    if context:
        handlers.append(urllib.request.HTTPSHandler(context=context))
    opener = urllib.request.build_opener(*handlers)
    request = urllib.request.Request(url, body, dict(headers or {}), method=method)  # noqa: S310 - http or https: checked
    try:
        try:
            answer = opener.open(request, timeout=timeout_seconds)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            lower = {name.lower(): value for name, value in answer.headers.items()}
            return Reply(answer.status, lower, _body(answer, max_bytes, deadline))
    except (OSError, HTTPException, ValueError) as error:
        raise NoServerError(_reason(error)) from None


def _body(answer: Any, max_bytes: int | None, deadline: float) -> bytes:
    """Raises OSError and HTTPException."""
    body = bytearray()
    while piece := answer.read1(READ_AT_ONCE):
        body += piece
        if max_bytes is not None and len(body) > max_bytes:
            raise OSError(f"the reply has more than {max_bytes} bytes")
        if time.monotonic() > deadline:
            raise TimeoutError("timed out")
    # Unlike `read`, `read1` does not report a body that was cut off.
    if answer.length:
        raise IncompleteRead(bytes(body), answer.length)
    return bytes(body)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows no redirects: a signature is valid for one host only."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _reason(error: Exception) -> str:
    inner = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(inner, BadStatusLine) and not isinstance(inner, RemoteDisconnected):
        # Its text quotes what was received.
        return "the reply is not HTTP"
    if isinstance(inner, OSError) and inner.strerror and not isinstance(inner, ssl.SSLError):
        return inner.strerror[:1].lower() + inner.strerror[1:]
    # OpenSSL: `[X509: NO_CERTIFICATE] no certificate (_ssl.c:4154)`.
    text = re.sub(r"^\[[^]]*\] | \(_ssl\.c:\d+\)$", "", str(inner))
    return text.strip() or type(inner).__name__


def admin_headers(flag: str | None) -> dict[str, str]:
    """The Authorization header; empty without a token. Raises SettingError."""
    variable = f"{PREFIX}ADMIN_TOKEN"
    token, origin = (flag, "--admin-token") if flag else (os.environ.get(variable), variable)
    return {"Authorization": f"Bearer {header_text(token, origin)}"} if token else {}


def header_text(text: str, origin: str) -> str:
    """A header value: UTF-8, one character per byte. Raises SettingError, which never quotes it."""
    if not text.isprintable():
        raise SettingError(f"{origin}: a header cannot contain control characters or line ends")
    return text.encode().decode(WIRE_ENCODING)
