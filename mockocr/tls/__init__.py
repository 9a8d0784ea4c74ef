"""The certificates of the https port. Importing this does not import cryptography."""

from mockocr.tls.context import own_context
from mockocr.tls.errors import CertificateError
from mockocr.tls.serving import ServerTls, ca_path, server_tls
from mockocr.tls.storage import default_state_dir

__all__ = [
    "CertificateError",
    "ServerTls",
    "ca_path",
    "default_state_dir",
    "own_context",
    "server_tls",
]
