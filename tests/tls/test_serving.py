from pathlib import Path

import pytest

from mockocr.tls import CertificateError, ca_path
from tests.tls.starts import start, verify


def test_an_unusable_state_directory_means_a_ca_in_memory_and_the_reason(unusable: Path) -> None:
    first, second = start(unusable, "kyc.example.cn"), start(unusable)

    verify(first, "kyc.example.cn")
    verify(second, "localhost")
    assert first.ca_certificate != second.ca_certificate
    assert isinstance(first.not_stored, NotADirectoryError)
    assert str(unusable) in str(first.not_stored)


def test_the_ca_path_is_that_of_the_certificate_a_server_will_use(state_dir: Path) -> None:
    path = ca_path(state_dir, ["kyc.example.cn"], host_name="build-host")
    tls = start(state_dir, "kyc.example.cn")

    verify(tls, "kyc.example.cn")
    assert path.read_text() == tls.ca_certificate
    assert ca_path(state_dir) == path


def test_a_ca_that_cannot_be_stored_has_no_path(unusable: Path) -> None:
    with pytest.raises(CertificateError, match="choose another state directory"):
        ca_path(unusable)


def test_a_damaged_ca_has_no_path(state_dir: Path) -> None:
    ca_path(state_dir).write_text("")

    with pytest.raises(CertificateError, match=r"ca\.pem is damaged"):
        ca_path(state_dir)
