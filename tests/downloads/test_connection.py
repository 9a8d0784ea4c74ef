import socket
import ssl

import pytest

from mockocr.downloads.connection import client_tls, connect, is_to_itself, reason_of
from mockocr.downloads.deadline import Deadline


class Ends(socket.socket):
    """A connection between two addresses, which this machine may not have."""

    def __init__(self, own: str, other: str) -> None:
        super().__init__()
        self._own, self._other = own, other

    def getsockname(self) -> tuple[str, int]:
        return self._own, 50000

    def getpeername(self) -> tuple[str, int]:
        return self._other, 80


@pytest.mark.parametrize(
    ("own", "other", "same"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.2", True),
        ("10.0.0.7", "10.0.0.7", True),
        ("10.0.0.7", "10.0.0.8", False),
        ("fd00::7", "fd00:0::7", True),
        ("fd00::7", "fd00::8", False),
    ],
)
def test_a_connection_to_itself_is_recognized_by_its_endpoints(
    own: str, other: str, same: bool
) -> None:
    with Ends(own, other) as connection:
        assert is_to_itself(connection) == same


def test_certificates_are_verified_and_old_versions_of_tls_are_not_spoken() -> None:
    context = client_tls(None)

    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_an_error_is_described_without_its_number() -> None:
    assert reason_of(ConnectionRefusedError(111, "Connection refused")) == "Connection refused"
    assert reason_of(OSError("no address")) == "no address"
    assert reason_of(ssl.SSLError(1, "[SSL] bad (_ssl.c:1)")) == "TLS failed: unknown reason"


def test_nothing_is_connected_without_an_address() -> None:
    with pytest.raises(OSError, match="no address"):
        connect([], 80, Deadline(1, lambda: 0))
