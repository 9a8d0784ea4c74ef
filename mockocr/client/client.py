"""Asking a server over HTTP: where it is, and how it is reached."""

import argparse
import ipaddress
import json
import os
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mockocr.protocol.wire import WIRE_ENCODING
from mockocr.settings import PREFIX, SettingError, Settings, read_settings

EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared


class NoServerError(Exception):
    """Nobody answered as HTTP; says why."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    def json(self) -> Any:
        """None for what is no JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


def add_server_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--server",
        metavar="URL",
        help=f"default: {PREFIX}URL, else where `mockocr serve` would listen by its variables"
        f" ({PREFIX}HOST, {PREFIX}PORT ...)",
    )


def add_ca_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--ca",
        metavar="FILE",
        help="certificate to trust for https, PEM (default: what this machine trusts, and for a"
        " server near by the CA of this installation)",
    )


def add_admin_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--admin-token",
        metavar="TOKEN",
        help=f"of a server with --admin-token (default: {PREFIX}ADMIN_TOKEN)",
    )


def server_url(flag: str | None) -> str:
    """Where to ask, without a slash at its end. Raises SettingError."""
    for origin, url in (("--server", flag), (f"{PREFIX}URL", os.environ.get(f"{PREFIX}URL"))):
        if url:
            return checked_url(url, origin).rstrip("/")
    return _url_of(read_settings({}, os.environ)[0])


def checked_url(url: str, origin: str) -> str:
    """Raises SettingError; a password is not quoted."""
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        has_user = "@" in parts.netloc
        clean = url.isascii() and url.isprintable() and " " not in url
    except ValueError:
        valid = has_user = clean = False
    if has_user:
        raise SettingError(f"{origin}: a URL without a name and password before @ is wanted")
    if not (valid and clean):
        raise SettingError(
            f"{origin}: a URL such as http://127.0.0.1:8018 is wanted, found {url!r}"
        )
    return url


def _url_of(settings: Settings) -> str:
    host = EVERY_ADDRESS.get(settings.host, settings.host)
    shown = f"[{host}]" if ":" in host else host
    scheme, port = ("http", settings.port) if settings.port else ("https", settings.tls_port)
    if not port:
        raise SettingError(f"{PREFIX}PORT: 0 is any free port; tell with --server which one")
    return f"{scheme}://{shown}:{port}"


Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def _addresses(url: str) -> list[Address]:
    """What the host of a URL resolves to. Raises NoServerError."""
    host = urlsplit(url).hostname or ""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NoServerError(f"{host}: {_reason(error)}") from None
    # With a scope (`fe80::1%eth0`) where it is of one link only.
    return [ipaddress.ip_address(str(address[0]).partition("%")[0]) for *_, address in found]


def is_near(url: str) -> bool:
    """Whether its host is this machine or in a private network. Raises NoServerError."""
    return are_near(_addresses(url))


def are_near(addresses: Iterable[Address]) -> bool:
    """Whether all are loopback or private ones."""
    # Of an IPv4 address in an IPv6 one not every Python knows that it is what it is.
    real = [getattr(address, "ipv4_mapped", None) or address for address in addresses]
    return all(address.is_loopback or address.is_private for address in real)


def is_loopback(url: str) -> bool:
    """By its name; nobody is asked."""
    host = (urlsplit(url).hostname or "").removesuffix(".")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def trust(url: str, ca: str | None, near: bool) -> ssl.SSLContext | None:
    """Whom to believe; None where there is nothing to be verified. Raises SettingError."""
    if not url.lower().startswith("https:"):
        return None
    context = ssl.create_default_context()
    try:
        if ca:
            context.load_verify_locations(ca)
        elif near and (kept := _kept_ca()).exists():
            context.load_verify_locations(kept)
    except OSError as error:
        raise SettingError(f"--ca: {ca or kept} cannot be read as PEM ({_reason(error)})") from None
    return context


def _kept_ca() -> Path:
    """Not made where it is not there: nobody would have it."""
    # Late: cryptography takes a while, and is needed for https only.
    from mockocr.tls import default_state_dir

    settings, _ = read_settings({}, os.environ)
    return (settings.state_dir or default_state_dir()) / "ca" / "ca.pem"


def distrust() -> ssl.SSLContext:
    """No verification: for who confides nothing."""
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
) -> Reply:
    """What a server answers, whatever its status. Raises NoServerError.

    Near by no proxy is asked: it would not know this machine's own addresses.
    """
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
            told = {name.lower(): value for name, value in answer.headers.items()}
            return Reply(answer.status, told, answer.read())
    except (OSError, HTTPException, ValueError) as error:
        raise NoServerError(_reason(error)) from None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A signature is for one host."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _reason(error: Exception) -> str:
    inner = error.reason if isinstance(error, urllib.error.URLError) else error
    return str(inner).strip() or type(inner).__name__


def admin_headers(flag: str | None) -> dict[str, str]:
    """The token, where there is one. Raises SettingError."""
    token = flag or os.environ.get(f"{PREFIX}ADMIN_TOKEN")
    return {"Authorization": f"Bearer {header_text(token, '--admin-token')}"} if token else {}


def header_text(text: str, origin: str) -> str:
    """A value as it goes into a header, as UTF-8. Raises SettingError, which never quotes it."""
    if not text.isprintable():
        raise SettingError(f"{origin}: has a character that no header can hold, such as a line end")
    return text.encode().decode(WIRE_ENCODING)
