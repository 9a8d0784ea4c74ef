"""TLS contexts from PEM files: from our own, and from the user's (--tls-cert, --tls-key)."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from mockocr.tls.errors import CertificateError
from mockocr.tls.files import temporary_file

_WRONG_KEY = {"KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH", "NO_CERTIFICATE_ASSIGNED"}
"""OpenSSL's reasons if the key belongs to another certificate or has another type (RSA, EC)."""


def own_context(certificate: Path | str, key: Path | str) -> ssl.SSLContext:
    """TLS with the user's own certificate (PEM, followed by its chain) and key (PEM, no password),
    each a file or a text.

    Raises CertificateError, which quotes no text, and of the key not even a path that is no file:
    it may be the key in another form.
    """
    with (
        _read(certificate, "CERTIFICATE", "--tls-cert") as (cert_file, cert_name),
        _read(key, "PRIVATE KEY", "--tls-key") as (key_file, key_name),
    ):
        try:
            return server_context(cert_file, key_file, key_name)
        except ssl.SSLError as error:
            if error.reason in _WRONG_KEY:
                problem = f"{key_name} is not the key of {cert_name}"
            else:
                problem = f"{cert_name} or {key_name} is damaged: OpenSSL cannot read it as PEM"
            raise CertificateError(problem) from error


@contextmanager
def _read(source: Path | str, block: str, flag: str) -> Iterator[tuple[Path, str]]:
    """A file with a PEM block, and its name for messages. Raises CertificateError."""
    if isinstance(source, str):
        _check_block(source, block, flag)
        with temporary_file(source) as path:
            yield path, flag
        return
    try:
        text = source.read_text("latin-1")
    except OSError as error:
        shown = "the file" if block == "PRIVATE KEY" else source
        problem = f"{flag}: cannot read {shown}: {error.strerror}"
        raise CertificateError(f"{problem}; expected a file, or PEM text") from error
    _check_block(text, block, str(source))
    yield source, str(source)


def _check_block(text: str, block: str, name: str) -> None:
    if f"{block}-----" not in text:
        raise CertificateError(f"{name}: expected PEM with a '{block}' block")


def server_context(certificate: Path, key: Path, key_name: str = "") -> ssl.SSLContext:
    """Raises OSError (ssl.SSLError is one) if the files are not a certificate and its key,
    CertificateError if the key has a password."""

    def refuse() -> NoReturn:
        raise CertificateError(f"{key_name or key} is encrypted: remove its password")

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(certificate, key, password=refuse)
    return context
