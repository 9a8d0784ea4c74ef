"""TLS of the https port, clients of it, and hand-made certificates."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from mockocr.tls import ServerTls, server_tls

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
PEM, PKCS8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
PLAIN = serialization.NoEncryption()
WITH_PASSWORD = serialization.BestAvailableEncryption(b"secret")


def start(
    state_dir: Path, *names: str, host_name: str = "build-host", now: datetime = NOW
) -> ServerTls:
    return server_tls(state_dir, names, host_name=host_name, now=now)


def server_files(state_dir: Path) -> list[Path]:
    return sorted((state_dir / "ca").glob("server-*"))


def trusting(ca_certificate: str, *, strict: bool = False) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=ca_certificate)
    if strict:
        context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


def handshake(client: ssl.SSLContext, server: ssl.SSLContext, name: str) -> ssl.SSLObject:
    """The client after a handshake in memory, with both ends in this thread."""
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(to_client, to_server, server_hostname=name),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    unfinished = list(ends)
    while unfinished:
        end = unfinished.pop(0)
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            unfinished.append(end)
    return ends[0]


def verify(tls: ServerTls, name: str, *, strict: bool = True) -> None:
    handshake(trusting(tls.ca_certificate, strict=strict), tls.context, name)


def key_pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, *, encrypted: bool = False) -> str:
    return key.private_bytes(PEM, PKCS8, WITH_PASSWORD if encrypted else PLAIN).decode()
