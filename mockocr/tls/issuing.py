"""Issues a CA, and server certificates signed by it. Only this module imports cryptography.

Import it late: cryptography takes 74 ms to import, half of a start, and most starts issue nothing.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mockocr.tls.authority import Authority
from mockocr.tls.errors import usable
from mockocr.tls.names import ALWAYS_PERMITTED, Name, Subtree, subtree

_CA_LIFETIME = timedelta(days=3650)
_SERVER_LIFETIME = timedelta(days=397)
"""Apple's platforms refuse more than 398 days (support.apple.com/102028)."""
_CLOCK_SKEW = timedelta(days=1)
"""How far a client's clock may be behind ours."""


def new_authority(folder: Path, names: list[Name], host_name: str, now: datetime) -> Authority:
    """A CA for this folder. It may sign the names that mockocr always has, and these."""
    permitted = tuple(dict.fromkeys([*ALWAYS_PERMITTED, *map(subtree, names)]))
    certificate, key, _ = _issue(f"mockocr test CA of {host_name}", permitted, now, None)
    return Authority(folder, certificate, key, permitted)


def new_server(authority: Authority, covered: list[Name], now: datetime) -> str:
    """The text of a server file (`storage.py`): when it ends, certificate and key."""
    certificate, key, end = _issue("mockocr test server", covered, now, authority)
    return f"{int(end.timestamp())}\n{certificate}{key}"


def _issue(
    common_name: str, names: Iterable[Name | Subtree], now: datetime, issuer: Authority | None
) -> tuple[str, str, datetime]:
    """A P-256 certificate and its key, both PEM, and when it ends. Without an issuer it is a CA.

    A server certificate covers the names. A CA permits them: clients refuse any other name that it
    signs. It has every extension that OpenSSL requires under VERIFY_X509_STRICT, the default since
    Python 3.13. Raises CertificateError if the issuer cannot be used.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])])
    start = now - _CLOCK_SKEW
    general_names = [
        x509.DNSName(name) if isinstance(name, str) else x509.IPAddress(name) for name in names
    ]
    scope: x509.NameConstraints | x509.SubjectAlternativeName
    is_ca = issuer is None
    if issuer is None:
        ca_subject, ca_key, end = subject, key, start + _CA_LIFETIME
        scope = x509.NameConstraints(permitted_subtrees=general_names, excluded_subtrees=None)
    else:
        ca, ca_key = _loaded(issuer, now)
        ca_subject = ca.subject
        end = min(start + _SERVER_LIFETIME, ca.not_valid_after_utc)
        scope = x509.SubjectAlternativeName(general_names)
    usage = x509.KeyUsage(
        digital_signature=not is_ca,
        key_cert_sign=is_ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(ca_subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(is_ca, 0 if is_ca else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(scope, critical=is_ca)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), False
        )
        .sign(ca_key, hashes.SHA256())
    )
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    key_text = key.private_bytes(pem, pkcs8, serialization.NoEncryption())
    return certificate.public_bytes(pem).decode(), key_text.decode(), end


def _loaded(
    authority: Authority, now: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Raises CertificateError if the CA has expired, or its certificate or key is damaged."""
    with usable(authority.folder / "ca.pem"):
        certificate = x509.load_pem_x509_certificate(authority.certificate.encode())
        if certificate.not_valid_after_utc <= now:
            raise ValueError(f"it expired at {certificate.not_valid_after_utc}")
    with usable(authority.folder / "ca-key.pem"):
        key = serialization.load_pem_private_key(authority.key.encode(), password=None)
        if (
            not isinstance(key, ec.EllipticCurvePrivateKey)
            or key.public_key() != certificate.public_key()
        ):
            raise ValueError("it is not the P-256 key of ca.pem")
    return certificate, key
