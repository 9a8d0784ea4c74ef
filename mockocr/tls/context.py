"""From PEM files to TLS: ours, and somebody's own (--tls-cert, --tls-key)."""

import ssl
from pathlib import Path
from typing import NoReturn

from mockocr.tls.errors import CertificateError

_WRONG_KEY = {"KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH", "NO_CERTIFICATE_ASSIGNED"}
"""OpenSSL's words for a key of another pair, and of another kind (RSA, EC)."""


def own_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """TLS with somebody's own certificate (PEM, its chain after it) and key (PEM, no password)."""
    for path, block in ((certificate, "CERTIFICATE"), (key, "PRIVATE KEY")):
        try:
            text = path.read_bytes()
        except OSError as error:
            raise CertificateError(f"{path} cannot be read: {error.strerror}") from error
        if f"{block}-----".encode() not in text:
            raise CertificateError(f"{path} has no '{block}' block: it has to be PEM")
    try:
        return server_context(certificate, key)
    except ssl.SSLError as error:
        if error.reason in _WRONG_KEY:
            raise CertificateError(f"{key} is not the key of {certificate}") from error
        raise CertificateError(f"{certificate} or {key} is damaged: {error}") from error


def server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """OSError, of which ssl.SSLError is one, where the files are not a certificate and its key."""

    def refuse() -> NoReturn:
        raise CertificateError(f"{key} is encrypted: mockocr asks for no password, decrypt it")

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(certificate, key, password=refuse)
    return context
