import shutil
from pathlib import Path

import pytest

from mockocr.tls import CertificateError
from tests.tls.starts import server_files, start, verify


@pytest.mark.parametrize("name", ["kyc.example.cn", "notlocalhost", "10.1.2.3", "::2"])
def test_a_later_name_that_the_ca_may_not_sign_is_refused_with_the_remedy(
    state_dir: Path, name: str
) -> None:
    start(state_dir)

    with pytest.raises(CertificateError) as refused:
        start(state_dir, name)

    assert str(refused.value).startswith(f"the CA in {state_dir / 'ca'} may not sign {name}, only ")
    assert str(refused.value).endswith(
        f"delete the folder {state_dir / 'ca'}, start mockocr again, and trust the new CA"
    )


def test_a_later_host_name_that_the_ca_may_not_sign_is_left_out(state_dir: Path) -> None:
    start(state_dir, host_name="Li Ming's MacBook")
    tls = start(state_dir, host_name="3f9ac2d1e0b7")

    verify(tls, "localhost")
    assert len(server_files(state_dir)) == 2


def test_other_names_get_another_server_certificate_of_the_same_ca(state_dir: Path) -> None:
    first = start(state_dir)
    second = start(state_dir, "kyc.test", "api.internal")

    verify(second, "kyc.test")
    verify(second, "api.internal")
    assert second.ca_certificate == first.ca_certificate
    assert len(server_files(state_dir)) == 4


def test_the_order_of_names_changes_nothing(state_dir: Path) -> None:
    start(state_dir, "a.test", "b.test")
    start(state_dir, "b.test", "a.test", "a.test")

    assert len(server_files(state_dir)) == 2


def test_a_new_ca_gets_a_new_server_certificate(state_dir: Path) -> None:
    first = start(state_dir)
    shutil.rmtree(state_dir / "ca")
    second = start(state_dir)

    verify(second, "localhost")
    assert second.ca_certificate != first.ca_certificate
