"""The names that a server certificate covers, and that a CA may sign. Pure; no files, no keys."""

import re
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from mockocr.tls.errors import CertificateError

Name = str | IPv4Address | IPv6Address
"""An address, or a DNS name in lower case that may start with `*.`: covered by a certificate."""

Subtree = str | IPv4Network | IPv6Network
"""A network, or a DNS name and all names below it: permitted to a CA (RFC 5280, 4.2.1.10)."""

_DOMAIN = "tencentcloudapi.com"
_REGIONS = (
    "ap-beijing",
    "ap-guangzhou",
    "ap-hongkong",
    "ap-shanghai",
    "ap-singapore",
    "na-toronto",
)
VENDOR_NAMES = (
    f"ocr.{_DOMAIN}",
    f"ocr.intl.{_DOMAIN}",
    *(f"ocr.{region}.{_DOMAIN}" for region in _REGIONS),
)
"""The hosts of the real API; `intl` is that of the international site."""
ALWAYS_COVERED: tuple[Name, ...] = (
    *VENDOR_NAMES,
    "localhost",
    "ocr.localhost",
    "mockocr",
    ip_address("127.0.0.1"),
    ip_address("::1"),
)
ALWAYS_PERMITTED: tuple[Subtree, ...] = (
    _DOMAIN,
    "localhost",
    "test",
    "internal",
    "mockocr",
    ip_network("127.0.0.0/8"),
    ip_network("::1/128"),
)

_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_DNS_NAME = re.compile(rf"(\*\.)?{_LABEL}(\.{_LABEL})*")


def parse_name(text: str) -> Name:
    """Raises CertificateError if the text is neither a host name nor an IP address."""
    with suppress(ValueError):
        return ip_address(text)
    with suppress(UnicodeError):
        # The idna codec takes as long to import as the rest of a start that issues nothing.
        ascii_text = text if text.isascii() else text.encode("idna").decode()
        name = ascii_text.lower().removesuffix(".")
        if _DNS_NAME.fullmatch(name):
            return name
    raise CertificateError(f"expected a host name or an IP address, got {text!r}")


def is_address(text: str) -> bool:
    with suppress(ValueError):
        return bool(ip_address(text))
    return False


def machine_name(host_name: str) -> list[Name]:
    """The name of this machine as a list of one; empty if it is not a valid DNS name."""
    with suppress(CertificateError):
        return [parse_name(host_name)]
    return []


def subtree(name: Name) -> Subtree:
    """The smallest subtree with this name."""
    return name.removeprefix("*.") if isinstance(name, str) else ip_network(name)
