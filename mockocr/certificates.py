"""The certificates of the https port: a CA per installation and, signed by it, the server's own.

    STATE_DIR/ca/ca.pem            what clients have to trust
                 ca-key.pem        its key, mode 0600
                 permitted.txt     what it may sign (its name constraints), one a line
                 server-XXXX.pem   the second it ends (Unix time), certificate and key, mode 0600;
                                   XXXX is a digest of the CA and of the names it covers

The folder appears whole, by one rename, and the CA in it is never replaced: people trust it.
A process killed on the way leaves a folder mockocr-XXXX beside it, which nobody reads.
The only home of cryptography.
"""

import os
import re
import shutil
import socket
import ssl
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from secrets import token_hex
from typing import NoReturn

_Name = str | IPv4Address | IPv6Address
"""What a server certificate covers: an address, or a DNS name in lower case (`*.` may lead)."""

_Subtree = str | IPv4Network | IPv6Network
"""What a CA may sign: a network, or a DNS name and all below it (RFC 5280, 4.2.1.10)."""

_DOMAIN = "tencentcloudapi.com"
_REGIONS = (
    "ap-beijing",
    "ap-guangzhou",
    "ap-hongkong",
    "ap-shanghai",
    "ap-singapore",
    "na-toronto",
)
_ALWAYS_COVERED: tuple[_Name, ...] = (
    f"ocr.{_DOMAIN}",
    *(f"ocr.{region}.{_DOMAIN}" for region in _REGIONS),
    "localhost",
    "ocr.localhost",
    "mockocr",
    ip_address("127.0.0.1"),
    ip_address("::1"),
)
_ALWAYS_PERMITTED: tuple[_Subtree, ...] = (
    _DOMAIN,
    "localhost",
    "test",
    "internal",
    "mockocr",
    ip_network("127.0.0.0/8"),
    ip_network("::1/128"),
)

_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_DNS_NAME = re.compile(rf"(\*\.)?{_LABEL}(\.{_LABEL})*")

_CA_LIFETIME = timedelta(days=3650)
_SERVER_LIFETIME = timedelta(days=397)
"""Apple's platforms refuse more than 398 days (support.apple.com/102028)."""
_LEFT_AT_LEAST = timedelta(days=30)
_CLOCK_SKEW = timedelta(days=1)
"""How far a client's clock may be behind ours."""

_WRONG_KEY = {"KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH", "NO_CERTIFICATE_ASSIGNED"}
"""OpenSSL's words for a key of another pair, and of another kind (RSA, EC)."""

_MEMORY = "/dev/shm"  # noqa: S108 - the parent of a fresh private folder, not a fixed name
_MACHINE = socket.gethostname()


class CertificateError(Exception):
    """A certificate, key or name that cannot be used: which one, what is wrong, what would do."""


@dataclass(frozen=True, slots=True)
class ServerTls:
    """What the https port serves with, and what its clients have to trust (PEM)."""

    context: ssl.SSLContext
    ca_certificate: str
    not_kept: OSError | None
    """Why the next start will have another CA; None: this one is kept in the state directory."""


def default_state_dir() -> Path:
    """The user's data directory for mockocr, by the custom of the platform."""
    # platformdirs takes 20 ms to import, and who gives --state-dir does not need it.
    from platformdirs import user_data_path

    return user_data_path("mockocr", appauthor=False)


def server_tls(
    state_dir: Path,
    names: Iterable[str] = (),
    *,
    host_name: str = _MACHINE,
    now: datetime | None = None,
) -> ServerTls:
    """TLS for the names of mockocr, the given ones, and this machine's where the CA permits it.

    Uses what state_dir keeps and makes what it lacks; where it cannot be read or written, in
    memory only. CertificateError: a given name is none or the kept CA does not permit it, or the
    kept CA is damaged or has ended.
    """
    now = now or datetime.now(UTC)
    given, machine = [_name(name) for name in names], _machine_name(host_name)
    not_kept = None
    try:
        authority = _kept_authority(state_dir, [*given, *machine], host_name, now)
    except OSError as error:
        authority, not_kept = _new_authority(state_dir, [*given, *machine], host_name, now), error
    covered = authority.admit([*_ALWAYS_COVERED, *given], machine)
    file = authority.server_file(covered)
    context = _kept_context(file, now)
    if context is None:
        text = _new_server(authority, covered, now)
        context = _new_context(text, file if not_kept is None else None)
    return ServerTls(context, authority.certificate, not_kept)


def ca_path(state_dir: Path, names: Iterable[str] = (), *, host_name: str = _MACHINE) -> Path:
    """The file of the CA's certificate; where there is no CA, one is made that permits the names.

    CertificateError: nothing can be kept in state_dir, the kept CA is damaged, or a name is none.
    """
    wanted = [*map(_name, names), *_machine_name(host_name)]
    try:
        authority = _kept_authority(state_dir, wanted, host_name, datetime.now(UTC))
    except OSError as error:
        raise CertificateError(
            f"no CA can be kept in {state_dir} ({error}): choose another state directory"
        ) from error
    return authority.folder / "ca.pem"


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
        return _context(certificate, key)
    except ssl.SSLError as error:
        if error.reason in _WRONG_KEY:
            raise CertificateError(f"{key} is not the key of {certificate}") from error
        raise CertificateError(f"{certificate} or {key} is damaged: {error}") from error


def _context(certificate: Path, key: Path) -> ssl.SSLContext:
    def refuse() -> NoReturn:
        raise CertificateError(f"{key} is encrypted: mockocr asks for no password, decrypt it")

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(certificate, key, password=refuse)
    return context


# Names


def _name(text: str) -> _Name:
    with suppress(ValueError):
        return ip_address(text)
    with suppress(UnicodeError):
        # The idna codec takes as long to import as the rest of a start that makes nothing.
        ascii_text = text if text.isascii() else text.encode("idna").decode()
        name = ascii_text.lower().removesuffix(".")
        if _DNS_NAME.fullmatch(name):
            return name
    raise CertificateError(f"{text!r} is neither a host name nor an IP address")


def _machine_name(host_name: str) -> list[_Name]:
    """At most one: people call their machines what they like."""
    with suppress(CertificateError):
        return [_name(host_name)]
    return []


def _subtree(name: _Name) -> _Subtree:
    return name.removeprefix("*.") if isinstance(name, str) else ip_network(name)


@dataclass(frozen=True, slots=True)
class _Authority:
    """A CA: PEM of certificate and key, what it may sign, and the folder it lives in or would."""

    folder: Path
    certificate: str
    key: str
    permitted: tuple[_Subtree, ...]

    def permits(self, name: _Name) -> bool:
        if isinstance(name, str):
            dotted = f".{_subtree(name)}"
            return any(dotted.endswith(f".{subtree}") for subtree in self.permitted)
        return any(not isinstance(subtree, str) and name in subtree for subtree in self.permitted)

    def admit(self, insisted: list[_Name], welcome: list[_Name]) -> list[_Name]:
        """All that are insisted on, in one order, and those of the welcome that are permitted."""
        for name in insisted:
            if not self.permits(name):
                raise CertificateError(
                    f"{name} is not permitted to the CA in {self.folder}, which may sign "
                    f"{', '.join(map(str, self.permitted))} only: {_remedy(self.folder)}"
                )
        return sorted({*insisted, *filter(self.permits, welcome)}, key=str)

    def server_file(self, covered: list[_Name]) -> Path:
        scope = "\n".join([self.certificate, *map(str, covered)])
        return self.folder / f"server-{sha256(scope.encode()).hexdigest()[:16]}.pem"


# The state directory


def _kept_authority(
    state_dir: Path, names: list[_Name], host_name: str, now: datetime
) -> _Authority:
    """The CA of the state directory, made where there is none; OSError where that is impossible."""
    folder = state_dir / "ca"
    if not folder.is_dir():
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _private_folder(state_dir) as scratch:
            authority = _new_authority(state_dir, names, host_name, now)
            made = scratch / "ca"
            made.mkdir(mode=0o755)
            _write(made / "ca.pem", authority.certificate, mode=0o644)
            _write(made / "ca-key.pem", authority.key, mode=0o600)
            permitted = "".join(f"{subtree}\n" for subtree in authority.permitted)
            _write(made / "permitted.txt", permitted, mode=0o644)
            try:
                made.rename(folder)
            except OSError:
                # Of many first starts at once one is first, and its CA is everybody's.
                if not folder.is_dir():
                    raise
    return _read_authority(folder)


def _read_authority(folder: Path) -> _Authority:
    with _usable(folder / "ca.pem") as path:
        certificate = path.read_text("ascii")
        ssl.PEM_cert_to_DER_cert(certificate)
    with _usable(folder / "ca-key.pem") as path:
        key = path.read_text("ascii")
    with _usable(folder / "permitted.txt") as path:
        lines = path.read_text("ascii").split()
        permitted = tuple(ip_network(line) if "/" in line else line for line in lines)
    return _Authority(folder, certificate, key, permitted)


@contextmanager
def _usable(path: Path) -> Iterator[Path]:
    """Tells of what makes a file of the kept CA useless to everybody; never replaces it."""
    try:
        yield path
    except (FileNotFoundError, TypeError, ValueError) as error:
        raise CertificateError(f"{path} is damaged ({error}): {_remedy(path.parent)}") from error


def _remedy(folder: Path) -> str:
    return f"delete the folder {folder}, start mockocr again, and trust the new CA"


def _kept_context(file: Path, now: datetime) -> ssl.SSLContext | None:
    try:
        left_seconds = int(file.read_text("ascii").partition("\n")[0]) - now.timestamp()
        return _context(file, file) if left_seconds > _LEFT_AT_LEAST.total_seconds() else None
    except (OSError, ValueError):
        return None


def _new_context(text: str, file: Path | None) -> ssl.SSLContext:
    """OpenSSL loads from files only: from the one that is kept, else from one removed at once."""
    if file is not None:
        with suppress(OSError), _private_folder(file.parent) as scratch:
            made = scratch / file.name
            _write(made, text, mode=0o600)
            made.replace(file)
            return _context(file, file)
    parent = Path(_MEMORY if os.access(_MEMORY, os.W_OK) else tempfile.gettempdir())
    with _private_folder(parent) as scratch:
        made = scratch / "server.pem"
        _write(made, text, mode=0o600)
        return _context(made, made)


@contextmanager
def _private_folder(parent: Path) -> Iterator[Path]:
    """A folder for this process alone, removed with all that is left in it."""
    folder = parent / f"mockocr-{token_hex(8)}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, text: str, *, mode: int) -> None:
    path.touch(mode, exist_ok=False)
    path.write_text(text)


# Making


def _new_authority(
    state_dir: Path, names: list[_Name], host_name: str, now: datetime
) -> _Authority:
    permitted = tuple(dict.fromkeys([*_ALWAYS_PERMITTED, *map(_subtree, names)]))
    certificate, key, _ = _issue(f"mockocr test CA of {host_name}", permitted, now, None)
    return _Authority(state_dir / "ca", certificate, key, permitted)


def _new_server(authority: _Authority, covered: list[_Name], now: datetime) -> str:
    """The text of a server file."""
    certificate, key, end = _issue("mockocr test server", covered, now, authority)
    return f"{int(end.timestamp())}\n{certificate}{key}"


def _issue(
    common_name: str, names: Iterable[_Name | _Subtree], now: datetime, issuer: _Authority | None
) -> tuple[str, str, datetime]:
    """A P-256 certificate and its key, both PEM, and when it ends; a CA where there is no issuer.

    The names are covered, or, by a CA, permitted: clients refuse what else it may have signed.
    What OpenSSL insists on under VERIFY_X509_STRICT (default since Python 3.13) is there.
    """
    # cryptography takes 74 ms to import, half a start: only who has to make something pays.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

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
        with _usable(issuer.folder / "ca.pem"):
            ca = x509.load_pem_x509_certificate(issuer.certificate.encode())
            if ca.not_valid_after_utc <= now:
                raise ValueError(f"it ended at {ca.not_valid_after_utc}")
        with _usable(issuer.folder / "ca-key.pem"):
            loaded = serialization.load_pem_private_key(issuer.key.encode(), password=None)
            if (
                not isinstance(loaded, ec.EllipticCurvePrivateKey)
                or loaded.public_key() != ca.public_key()
            ):
                raise ValueError("it is not the P-256 key of ca.pem")
        ca_subject, ca_key = ca.subject, loaded
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
