"""Reading an ImageUrl, so that everything after it means the same by it. Pure.

Other readers guess at what a URL may mean (`http://127.1/`, `http:/x`, backslashes, tabs), each in
its own way, and guards are passed where two of them differ. Here what can be guessed at is refused.
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
"""Beside letters, digits and `-._`: sent as they are. A `%` is taken to be an escape already."""


@dataclass(frozen=True, slots=True)
class Url:
    """A URL of http or https, as it is asked for."""

    scheme: str
    host: Host
    port: int
    target: str
    """Path and query, ASCII."""
    file_name: str | None
    """The last segment of the path, percent-decoded once; None where that is no text."""

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if isinstance(self.host, IPv6Address) else str(self.host)
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def read_url(text: str) -> Url:
    """ValueError, which quotes nothing of the text: it is no plain URL of http or https."""
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"the URL has more than {MAX_CHARACTERS} characters")
    _refuse_ambiguous(text)
    found = _URL.fullmatch(text)
    if not found:
        raise ValueError("only URLs that begin with http:// or https:// are downloaded")
    scheme, authority, path, query = found.groups(default="")
    scheme = scheme.lower()
    if "@" in authority:
        raise ValueError("the URL has a user name in it: no credentials are sent")
    place = _AUTHORITY.fullmatch(authority)
    if not place:
        raise ValueError("the host and port of the URL cannot be read")
    port = int(place[2] or DEFAULT_PORTS[scheme])
    if not 0 < port < 65536:
        raise ValueError("the port of the URL is none")
    target = quote((path or "/") + query, safe=_SAFE)
    return Url(scheme, read_host(place[1]), port, target, _file_name(path))


def redirected(url: Url, location: bytes) -> Url:
    """Where the Location header of an answer leads. ValueError: to no plain URL."""
    try:
        text = location.decode("utf-8")
        _refuse_ambiguous(text)  # urljoin would take out tabs and the like
        joined = urljoin(str(url), text)
    except ValueError:
        raise ValueError("to no URL that can be read") from None
    return read_url(joined)


def read_host(text: str) -> Host:
    """ValueError: neither a DNS name nor an address as it is usually written."""
    if text.startswith("["):
        return _address(IPv6Address, text.removeprefix("[").removesuffix("]"))
    if len(text) > 253:
        raise ValueError("the host of the URL is too long")
    name = text.lower()
    if not name.isascii():
        # The idna codec takes as long to import as everything else here.
        try:
            name = name.encode("idna").decode("ascii").lower()
        except UnicodeError:
            raise ValueError("the host of the URL is no name of a host") from None
    name = name.removesuffix(".")
    if _NUMBER_AT_THE_END.fullmatch(name):
        return _address(IPv4Address, name)
    if not _DNS_NAME.fullmatch(name) or len(name) > 253:
        raise ValueError("the host of the URL is no name of a host")
    return name


def _address(version: type[IPv4Address] | type[IPv6Address], text: str) -> Address:
    try:
        if "%" in text:
            raise ValueError("an interface is named")
        return unwrapped(version(text))
    except ValueError:
        raise ValueError("the host of the URL is no address in its usual form") from None


def _refuse_ambiguous(text: str) -> None:
    if _REFUSED.search(text):
        raise ValueError("the URL has a control character or a backslash in it")


def _file_name(path: str) -> str | None:
    try:
        return unquote(path.rpartition("/")[2], errors="strict")
    except UnicodeDecodeError:
        return None
