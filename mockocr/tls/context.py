"""TLS contexts from PEM files: from our own, and from the user's (--tls-cert, --tls-key)."""

import ssl
from pathlib import Path
from typing import NoReturn

from mockocr.tls.errors import CertificateError

_WRONG_KEY = {"KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH", "NO_CERTIFICATE_ASSIGNED"}
"""OpenSSL's reasons if the key belongs to another certificate or has another type (RSA, EC)."""


def own_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """TLS with the user's own certificate (PEM, followed by its chain) and key (PEM, no password).

    Raises CertificateError.
    """
    for path, block in ((certificate, "CERTIFICATE"), (key, "PRIVATE KEY")):
        try:
            text = path.read_bytes()
        except OSError as error:
            raise CertificateError(f"cannot read {path}: {error.strerror}") from error
        if f"{block}-----".encode() not in text:
            raise CertificateError(f"{path}: expected PEM with a '{block}' block")
    try:
        return server_context(certificate, key)
    except ssl.SSLError as error:
        if error.reason in _WRONG_KEY:
            raise CertificateError(f"{key} is not the key of {certificate}") from error
        raise CertificateError(f"{certificate} or {key} is damaged: {error}") from error


def server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """Raises OSError (ssl.SSLError is one) if the files are not a certificate and its key,
    CertificateError if the key has a password."""

    def refuse() -> NoReturn:
        raise CertificateError(f"{key} is encrypted: remove its password")

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(certificate, key, password=refuse)
    return context
