"""The kinds of IP addresses: this machine, a private network, or the internet. Pure.

The lists follow the IANA special-purpose address registries for IPv4 and IPv6. Python's
`ipaddress.is_global` is not used, because it changed between versions (CVE-2024-4032). An address
that is on no list is reserved.
"""

from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address


class Kind(StrEnum):
    LOOPBACK = "loopback"
    """This machine."""
    PRIVATE = "private"
    """A private network: a cluster, a company, carrier-grade NAT."""
    PUBLIC = "public"
    """The internet."""
    RESERVED = "reserved"
    """Unassigned, multicast, or the metadata service of a cloud: never connected to."""


_LOOPBACK = tuple(map(ip_network, ("127.0.0.0/8", "::1/128")))

_PRIVATE = tuple(
    map(
        ip_network,
        (
            "10.0.0.0/8",
            "100.64.0.0/10",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "198.18.0.0/15",  # for benchmarks; proxies such as Clash use it for every name
            "fc00::/7",
        ),
    )
)

_PUBLIC = tuple(map(ip_network, ("0.0.0.0/0", "2000::/3")))
"""Except for the networks of the other lists."""

_RESERVED = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "169.254.0.0/16",  # link-local: the metadata services of most clouds
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.175.48.0/24",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",  # multicast, reserved, broadcast
            "2001::/23",  # includes Teredo, which embeds an IPv4 address
            "2001:db8::/32",
            "2002::/16",  # 6to4, which embeds an IPv4 address
            "3fff::/20",
        ),
    )
)

_METADATA = frozenset(
    map(
        ip_address,
        (
            "100.100.100.200",  # Alibaba Cloud
            "168.63.129.16",  # Azure
            "fd00:ec2::254",  # AWS
            "fd20:ce::254",  # Google Cloud
        ),
    )
)
"""The metadata services that are not link-local."""

_NAT64 = IPv6Network("64:ff9b::/96")
"""Embeds an IPv4 address, which decides the kind (RFC 6052)."""


def unwrapped(address: Address) -> Address:
    """The IPv4 address in an address of ::ffff:0:0/96, which leads to the same machine; any other
    address unchanged."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def kind(address: Address) -> Kind:
    address = unwrapped(address)
    if address in _NAT64:
        embedded = kind(IPv4Address(int(address) & 0xFFFF_FFFF))
        return Kind.RESERVED if embedded is Kind.LOOPBACK else embedded
    if address in _METADATA:
        return Kind.RESERVED
    for one, networks in (
        (Kind.LOOPBACK, _LOOPBACK),
        (Kind.PRIVATE, _PRIVATE),
        (Kind.RESERVED, _RESERVED),
        (Kind.PUBLIC, _PUBLIC),
    ):
        if any(address in network for network in networks):
            return one
    return Kind.RESERVED
