import ssl
from pathlib import Path

import pytest

from mockocr.tls import CertificateError
from mockocr.tls.names import is_address
from tests.tls.starts import start, verify

COVERED = [
    "ocr.tencentcloudapi.com",
    "ocr.ap-beijing.tencentcloudapi.com",
    "ocr.ap-guangzhou.tencentcloudapi.com",
    "ocr.ap-hongkong.tencentcloudapi.com",
    "ocr.ap-shanghai.tencentcloudapi.com",
    "ocr.ap-singapore.tencentcloudapi.com",
    "ocr.na-toronto.tencentcloudapi.com",
    "localhost",
    "ocr.localhost",
    "mockocr",
    "127.0.0.1",
    "::1",
    "build-host",
]


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("name", COVERED)
def test_every_name_of_mockocr_verifies(state_dir: Path, name: str, strict: bool) -> None:
    verify(start(state_dir), name, strict=strict)


@pytest.mark.parametrize("name", ["cvm.tencentcloudapi.com", "example.com", "127.0.0.2"])
def test_a_name_outside_the_certificate_is_refused(state_dir: Path, name: str) -> None:
    tls = start(state_dir)

    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        verify(tls, name)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("kyc.example.cn", "kyc.example.cn"),
        ("KYC.Example.CN.", "kyc.example.cn"),
        ("*.kyc.example.cn", "ocr.kyc.example.cn"),
        ("mock_ocr", "mock_ocr"),
        ("例子.测试", "xn--fsqu00a.xn--0zwm56d"),
        ("10.1.2.3", "10.1.2.3"),
        ("fd00:0::1", "fd00::1"),
    ],
)
def test_a_given_name_verifies(state_dir: Path, given: str, name: str) -> None:
    verify(start(state_dir, given), name)


@pytest.mark.parametrize(
    "text", ["", "https://mockocr", "127.0.0.1:8019", "a b", "-a", "a..b", "a*.b", "证" * 64]
)
def test_an_invalid_name_is_refused(state_dir: Path, text: str) -> None:
    with pytest.raises(CertificateError, match="expected a host name or an IP address, got"):
        start(state_dir, text)


@pytest.mark.parametrize("host_name", ["", "Li Ming's MacBook", "李明的电脑 2"])
def test_an_invalid_host_name_is_left_out(state_dir: Path, host_name: str) -> None:
    verify(start(state_dir, host_name=host_name), "localhost")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("127.0.0.1", True), ("::1", True), ("localhost", False), ("host-1", False), ("1.2.3", False)],
)
def test_an_address_is_told_from_a_name(text: str, expected: bool) -> None:
    """Some clients name an address in their handshake."""
    assert is_address(text) is expected
