import ssl
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from mockocr.tls import CertificateError, own_context
from tests.tls.starts import (
    DAY,
    NOW,
    PEM,
    handshake,
    key_pem,
    server_files,
    start,
    trusting,
    verify,
)


def signed_by(folder: Path, name: x509.GeneralName, tmp_path: Path) -> ssl.SSLContext:
    """TLS for any name, as an attacker with the key of the CA could create it."""
    ca = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    ca_key = serialization.load_pem_private_key((folder / "ca-key.pem").read_bytes(), None)
    assert isinstance(ca_key, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(ca.subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(x509.SubjectAlternativeName([name]), critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    file = tmp_path / "stolen.pem"
    file.write_text(leaf.public_bytes(PEM).decode() + key_pem(key))
    return own_context(file, file)


@pytest.mark.parametrize(
    "name", [x509.DNSName("example.com"), x509.IPAddress(ip_address("10.0.0.1"))]
)
def test_clients_refuse_what_the_ca_signs_outside_its_constraints(
    state_dir: Path, tmp_path: Path, name: x509.DNSName | x509.IPAddress
) -> None:
    tls = start(state_dir)
    server = signed_by(state_dir / "ca", name, tmp_path)

    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        handshake(trusting(tls.ca_certificate), server, str(name.value))


@pytest.mark.parametrize(
    ("name", "addresses"), [("localhost", []), ("127.0.0.1", ["127.0.0.1", "::1"])]
)
def test_a_client_that_asks_for_a_name_gets_a_certificate_without_addresses(
    state_dir: Path, name: str, addresses: list[str]
) -> None:
    """BoringSSL refuses addresses under a CA that constrains them."""
    tls = start(state_dir)

    client = handshake(trusting(tls.ca_certificate), tls.context, name)

    der = client.getpeercert(binary_form=True)
    assert der is not None
    extensions = x509.load_der_x509_certificate(der).extensions
    covered = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(each) for each in covered.get_values_for_type(x509.IPAddress)] == addresses
    names = covered.get_values_for_type(x509.DNSName)
    assert {"localhost", "ocr.tencentcloudapi.com", "build-host"} <= {*names}


def test_the_ca_can_sign_only_its_own_names_and_names_its_host(state_dir: Path) -> None:
    ca = x509.load_pem_x509_certificate(start(state_dir, "10.1.2.3").ca_certificate.encode())

    assert ca.subject.rfc4514_string() == "CN=mockocr test CA of build-host"
    assert ca.not_valid_after_utc - ca.not_valid_before_utc == 3650 * DAY
    basic = ca.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (basic.critical, basic.value.path_length) == (True, 0)
    assert ca.extensions.get_extension_for_class(x509.KeyUsage).critical
    names = ca.extensions.get_extension_for_class(x509.NameConstraints)
    assert names.critical
    assert [str(name.value) for name in names.value.permitted_subtrees or ()] == [
        "tencentcloudapi.com",
        "localhost",
        "test",
        "internal",
        "mockocr",
        "127.0.0.0/8",
        "::1/128",
        "10.1.2.3/32",
        "build-host",
    ]


def test_a_long_host_name_is_cut_in_the_subject_only(state_dir: Path) -> None:
    host_name = f"{'a' * 63}.example"

    verify(start(state_dir, host_name=host_name), host_name)


def test_a_server_certificate_lives_397_days_but_not_longer_than_its_ca(state_dir: Path) -> None:
    start(state_dir, "a.test", now=NOW)
    start(state_dir, "b.test", now=NOW + 3500 * DAY)

    ca = x509.load_pem_x509_certificate((state_dir / "ca" / "ca.pem").read_bytes())
    ends = set()
    for file in server_files(state_dir):
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
        ends.add(certificate.not_valid_after_utc)
        assert certificate.not_valid_after_utc - certificate.not_valid_before_utc <= 397 * DAY
    assert ends == {(NOW + 396 * DAY).replace(microsecond=0), ca.not_valid_after_utc}


def test_a_ca_of_pem_with_invalid_content_is_refused(state_dir: Path) -> None:
    start(state_dir)
    file = state_dir / "ca" / "ca.pem"
    file.write_text(ssl.DER_cert_to_PEM_cert(b"nonsense"))

    with pytest.raises(CertificateError, match=r"ca\.pem is damaged"):
        start(state_dir)


@pytest.mark.parametrize(
    "wrong_key",
    [
        lambda: key_pem(ec.generate_private_key(ec.SECP256R1())),
        lambda: key_pem(ec.generate_private_key(ec.SECP256R1()), encrypted=True),
        lambda: key_pem(rsa.generate_private_key(65537, 2048)),
    ],
    ids=["another", "encrypted", "another-kind"],
)
def test_a_ca_with_a_wrong_key_is_refused(state_dir: Path, wrong_key: Callable[[], str]) -> None:
    start(state_dir)
    (state_dir / "ca" / "ca-key.pem").write_text(wrong_key())

    with pytest.raises(CertificateError, match=r"ca-key\.pem is damaged"):
        start(state_dir, "other.test")


def test_an_expired_ca_is_refused(state_dir: Path) -> None:
    start(state_dir)

    with pytest.raises(CertificateError, match=r"ca\.pem is damaged \(it expired .* delete the"):
        start(state_dir, now=NOW + 3650 * DAY)
