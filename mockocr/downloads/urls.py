"""Parses an ImageUrl. Pure.

Parsers interpret ambiguous URLs (`http://127.1/`, `http:/x`, backslashes, tabs) differently, and
attackers use the differences to bypass checks. This parser refuses ambiguous URLs.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, unquote, urljoin

from mockocr.downloads.addresses import Address, unwrapped

Host = str | Address
"""A DNS name in lower case and ASCII without its final dot, or an address."""

DEFAULT_PORTS = {"http": 80, "https": 443}

MAX_CHARACTERS = 16 * 1024
"""Signed URLs of object stores, with a token in them, have about 3,000."""

_REFUSED = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")
_URL = re.compile(r"(https?)://([^/?#]*)([^?#]*)(\?[^#]*)?(?:#.*)?", re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(?::([0-9]{0,5}))?")
_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_DNS_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_NUMBER_AT_THE_END = re.compile(r"(.*\.)?([0-9]+|0x[0-9a-f]*)")
"""What browsers and getaddrinfo may take for an IPv4 address (WHATWG URL, §3.5)."""

_SAFE = "!$%&'()*+,/:;=?@[]~"
"""Sent unchanged, like letters, digits and `-._`. A `%` is assumed to begin an escape."""


@dataclass(frozen=True, slots=True)
class Url:
    """A URL of http or https."""

    scheme: str
    host: Host
    port: int
    target: str
    """Path and query, ASCII."""
    file_name: str | None
    """The last segment of the path, percent-decoded once; None if it is not UTF-8."""

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if isinstance(self.host, IPv6Address) else str(self.host)
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def read_url(text: str) -> Url:
    """Raises ValueError if the text is not a plain URL of http or https. The message does not quote
    the text, which may contain secrets."""
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"expected a URL of at most {MAX_CHARACTERS} characters, got {len(text)}")
    _refuse_ambiguous(text)
    found = _URL.fullmatch(text)
    if not found and text[:1].isspace():
        raise ValueError("the URL has a space before it")
    if not found:
        raise ValueError("expected a URL that begins with http:// or https://")
    scheme, authority, path, query = found.groups(default="")
    scheme = scheme.lower()
    if "@" in authority:
        raise ValueError("the URL contains a user name, but mockocr sends no credentials")
    host_port = _AUTHORITY.fullmatch(authority)
    if not host_port:
        raise ValueError("the host and port of the URL are invalid")
    port = int(host_port[2] or DEFAULT_PORTS[scheme])
    if not 0 < port < 65536:
        raise ValueError(f"expected a port from 1 to 65535 in the URL, got {port}")
    target = quote((path or "/") + query, safe=_SAFE)
    return Url(scheme, read_host(host_port[1]), port, target, _file_name(path))


def redirected(url: Url, location: bytes) -> Url:
    """The URL of a Location header, which may be relative. Raises ValueError if it is not plain."""
    try:
        text = location.decode("utf-8")
        _refuse_ambiguous(text)  # urljoin would remove tabs and line ends.
        joined = urljoin(str(url), text)
    except ValueError:
        raise ValueError("the Location header is not a valid URL") from None
    return read_url(joined)


def read_host(text: str) -> Host:
    """Raises ValueError if the text is neither a DNS name nor an address in its usual form."""
    if text.startswith("["):
        return _address(IPv6Address, text.removeprefix("[").removesuffix("]"))
    if len(text) > 253:
        raise ValueError("expected a host of at most 253 characters in the URL")
    name = text.lower()
    if not name.isascii():
        # The idna codec takes as long to import as the rest of this module.
        try:
            name = name.encode("idna").decode("ascii").lower()
        except UnicodeError:
            raise ValueError("the host of the URL is not a valid host name") from None
    name = name.removesuffix(".")
    if _NUMBER_AT_THE_END.fullmatch(name):
        return _address(IPv4Address, name)
    if not _DNS_NAME.fullmatch(name) or len(name) > 253:
        raise ValueError("the host of the URL is not a valid host name")
    return name


def _address(version: type[IPv4Address] | type[IPv6Address], text: str) -> Address:
    try:
        if "%" in text:
            raise ValueError("the address names an interface")
        return unwrapped(version(text))
    except ValueError:
        raise ValueError("the host of the URL is not an address in its usual form") from None


def _refuse_ambiguous(text: str) -> None:
    if _REFUSED.search(text):
        raise ValueError("the URL contains a control character or a backslash")


def _file_name(path: str) -> str | None:
    try:
        return unquote(path.rpartition("/")[2], errors="strict")
    except UnicodeDecodeError:
        return None
