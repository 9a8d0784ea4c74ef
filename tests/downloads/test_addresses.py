from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockocr.downloads.addresses import Kind, kind, unwrapped

KINDS = {
    Kind.LOOPBACK: ["127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"],
    Kind.PRIVATE: [
        *("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1", "198.18.0.1"),
        *("100.127.255.255", "fc00::1", "fdff::1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1"),
    ],
    Kind.PUBLIC: [
        *("1.1.1.1", "93.184.216.34", "172.15.0.1", "172.32.0.1", "100.63.255.255", "100.128.0.1"),
        *("223.255.255.255", "2606:4700::1111", "2400:3200::1", "::ffff:1.1.1.1"),
        *("64:ff9b::1.1.1.1", "2001:200::1"),
    ],
    Kind.RESERVED: [
        *("0.0.0.0",),  # noqa: S104 - judged, not bound
        *("0.1.2.3", "169.254.169.254", "169.254.0.23", "192.0.0.192", "192.0.2.1"),
        *("198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1", "239.255.255.255"),
        *("240.0.0.1", "255.255.255.255", "::ffff:169.254.169.254", "::ffff:0.0.0.0"),
        *("100.100.100.200", "168.63.129.16", "fd00:ec2::254", "fd20:ce::254"),
        *("::ffff:100.100.100.200", "64:ff9b::100.100.100.200", "64:ff9b::169.254.169.254"),
        *("::", "::127.0.0.1", "::10.0.0.1", "::1.1.1.1", "fe80::1", "fec0::1", "ff02::1"),
        *("64:ff9b::127.0.0.1", "64:ff9b:1::1.1.1.1", "100::1", "5f00::1", "4000::1"),
        *("2001:db8::1", "3fff::1", "2002:7f00:1::1", "2002:a00:1::1", "2002:101:101::1"),
        *("2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:1ff::1"),
    ],
}


@pytest.mark.parametrize(
    ("address", "expected"), [(address, each) for each, many in KINDS.items() for address in many]
)
def test_addresses_are_of_their_kind(address: str, expected: Kind) -> None:
    assert kind(ip_address(address)) is expected


@given(st.ip_addresses())
def test_an_address_that_is_public_here_is_global_for_python(address: object) -> None:
    found = ip_address(str(address))

    if kind(found) is Kind.PUBLIC and found.version == 4:
        assert found.is_global
        assert not found.is_multicast
    if kind(found) is Kind.PUBLIC and found.version == 6:
        assert not found.is_private
        assert not found.is_multicast


def test_an_ipv4_address_within_ipv6_is_that_address() -> None:
    assert unwrapped(ip_address("::ffff:127.0.0.1")) == ip_address("127.0.0.1")
    assert unwrapped(ip_address("64:ff9b::1.1.1.1")) == ip_address("64:ff9b::1.1.1.1")
