from ipaddress import ip_address

import pytest

from mockocr.client.client import are_near


@pytest.mark.parametrize(
    ("addresses", "near"),
    [
        (["127.0.0.1"], True),
        (["::1"], True),
        (["10.1.2.3", "192.168.1.1", "172.17.0.1", "fd00::1"], True),
        (["::ffff:127.0.0.1"], True),
        (["8.8.8.8"], False),
        (["::ffff:8.8.8.8"], False),
        (["127.0.0.1", "8.8.8.8"], False),
        (["100.64.0.1"], False),
    ],
)
def test_only_an_address_of_this_machine_or_network_is_local(
    addresses: list[str], near: bool
) -> None:
    assert are_near([ip_address(address) for address in addresses]) is near
