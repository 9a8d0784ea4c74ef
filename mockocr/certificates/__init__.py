"""The certificates of the https port. Importing this does not import cryptography."""

from mockocr.certificates.context import own_context
from mockocr.certificates.errors import CertificateError
from mockocr.certificates.keeping import default_state_dir
from mockocr.certificates.serving import ServerTls, ca_path, server_tls

__all__ = [
    "CertificateError",
    "ServerTls",
    "ca_path",
    "default_state_dir",
    "own_context",
    "server_tls",
]
