"""Addresses: whose machine they lead to, ours, our network's, or anybody's. Pure.

The lists are ours and not `ipaddress.is_global`, which was changed from one Python to the next
(CVE-2024-4032), and what is on no list is reserved. Sources: the IANA special-purpose address
registries for IPv4 and IPv6.
"""

from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address


class Kind(StrEnum):
    LOOPBACK = "loopback"
    """This machine."""
    PRIVATE = "private"
    """Machines of somebody's own network: a cluster, a company, carrier-grade NAT."""
    PUBLIC = "public"
    """Anybody's machine on the internet."""
    RESERVED = "reserved"
    """Nobody's, many machines' at once, or the metadata service of a cloud: never reached."""


_LOOPBACK = tuple(map(ip_network, ("127.0.0.0/8", "::1/128")))

_PRIVATE = tuple(
    map(
        ip_network,
        (
            "10.0.0.0/8",
            "100.64.0.0/10",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "198.18.0.0/15",  # for benchmarks; proxies such as Clash give it to every name
            "fc00::/7",
        ),
    )
)

_PUBLIC = tuple(map(ip_network, ("0.0.0.0/0", "2000::/3")))
"""But for what is listed here."""

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
            "2001::/23",  # Teredo is one of these: an IPv4 address is hidden in it
            "2001:db8::/32",
            "2002::/16",  # 6to4: an IPv4 address is hidden in it
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
"""Those that are not link-local."""

_NAT64 = IPv6Network("64:ff9b::/96")
"""IPv4 addresses for machines without IPv4 (RFC 6052): as public as the one in it."""


def unwrapped(address: Address) -> Address:
    """The IPv4 address in ::ffff:0:0/96: both spellings lead to the same machine."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def kind(address: Address) -> Kind:
    address = unwrapped(address)
    if address in _NAT64:
        behind = kind(IPv4Address(int(address) & 0xFFFF_FFFF))
        return Kind.RESERVED if behind is Kind.LOOPBACK else behind
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
