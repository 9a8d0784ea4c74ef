import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from mockocr import certificates
from mockocr.certificates import (
    CertificateError,
    ServerTls,
    ca_path,
    default_state_dir,
    own_context,
    server_tls,
)

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
PEM, PKCS8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
PLAIN = serialization.NoEncryption()
WITH_PASSWORD = serialization.BestAvailableEncryption(b"secret")

COVERED = [
    "ocr.tencentcloudapi.com",
    "ocr.ap-beijing.tencentcloudapi.com",
    "ocr.ap-guangzhou.tencentcloudapi.com",
    "ocr.ap-hongkong.tencentcloudapi.com",
    "ocr.ap-shanghai.tencentcloudapi.com",
    "ocr.ap-singapore.tencentcloudapi.com",
    "ocr.na-toronto.tencentcloudapi.com",
    "localhost",
    "ocr.localhost",
    "mockocr",
    "127.0.0.1",
    "::1",
    "build-host",
]

START = "import sys; from pathlib import Path; from mockocr.certificates import server_tls\n"


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    return tmp_path / "not" / "there"


@pytest.fixture
def unusable(tmp_path: Path) -> Path:
    """A state directory that nobody can make, not even root."""
    (tmp_path / "file").touch()
    return tmp_path / "file" / "state"


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
    """The client's end of a whole handshake, both ends in this thread, over memory."""
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


def in_process(code: str, state_dir: Path, stdin: int | None = None) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, str(state_dir)]
    return subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, text=True)


def key_pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, *, encrypted: bool = False) -> str:
    return key.private_bytes(PEM, PKCS8, WITH_PASSWORD if encrypted else PLAIN).decode()


def signed_by(folder: Path, name: x509.GeneralName, tmp_path: Path) -> ssl.SSLContext:
    """A server for any name at all, by somebody who got hold of the CA's key."""
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


# What clients see


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("name", COVERED)
def test_every_name_of_mockocr_verifies(state_dir: Path, name: str, strict: bool) -> None:
    verify(start(state_dir), name, strict=strict)


@pytest.mark.parametrize("name", ["cvm.tencentcloudapi.com", "example.com", "127.0.0.2"])
def test_another_name_is_refused(state_dir: Path, name: str) -> None:
    tls = start(state_dir)

    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        verify(tls, name)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("kyc.example.cn", "kyc.example.cn"),
        ("KYC.Example.CN.", "kyc.example.cn"),
        ("*.kyc.example.cn", "ocr.kyc.example.cn"),
        ("mock_ocr", "mock_ocr"),
        ("例子.测试", "xn--fsqu00a.xn--0zwm56d"),
        ("10.1.2.3", "10.1.2.3"),
        ("fd00:0::1", "fd00::1"),
    ],
)
def test_a_given_name_verifies(state_dir: Path, given: str, name: str) -> None:
    verify(start(state_dir, given), name)


@pytest.mark.parametrize(
    "text", ["", "https://mockocr", "127.0.0.1:8019", "a b", "-a", "a..b", "a*.b", "证" * 64]
)
def test_what_is_no_name_is_refused(state_dir: Path, text: str) -> None:
    with pytest.raises(CertificateError, match="neither a host name nor an IP address"):
        start(state_dir, text)


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


def test_the_ca_can_sign_for_its_own_names_only_and_says_whose_it_is(state_dir: Path) -> None:
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


@pytest.mark.parametrize("host_name", ["", "Li Ming's MacBook", "李明的电脑 2"])
def test_a_host_name_that_is_no_name_is_left_out(state_dir: Path, host_name: str) -> None:
    verify(start(state_dir, host_name=host_name), "localhost")


def test_http_1_1_is_negotiated_over_tls_1_2_or_later(state_dir: Path) -> None:
    tls = start(state_dir)
    client = trusting(tls.ca_certificate)
    client.set_alpn_protocols(["h2", "http/1.1"])

    connection = handshake(client, tls.context, "localhost")

    assert connection.selected_alpn_protocol() == "http/1.1"
    assert tls.context.minimum_version == ssl.TLSVersion.TLSv1_2


# What is kept


def test_a_second_start_uses_the_same_files_and_does_not_import_cryptography(
    state_dir: Path,
) -> None:
    tls = start(state_dir)
    before = {path: path.read_bytes() for path in (state_dir / "ca").iterdir()}
    second = in_process(
        START + "tls = server_tls(Path(sys.argv[1]), host_name='build-host')\n"
        "import json\n"
        "print(json.dumps([tls.ca_certificate, [m for m in sys.modules if 'cryptography' in m]]))",
        state_dir,
    )

    assert json.loads(second.communicate()[0]) == [tls.ca_certificate, []]
    assert {path: path.read_bytes() for path in (state_dir / "ca").iterdir()} == before
    assert tls.not_kept is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_keys_and_a_made_state_directory_are_the_owners_only_whatever_the_umask(
    state_dir: Path,
) -> None:
    umask = os.umask(0)
    try:
        start(state_dir)
    finally:
        os.umask(umask)

    [server_file] = server_files(state_dir)
    found = {path: path.stat().st_mode & 0o777 for path in [state_dir, *state_dir.rglob("*")]}
    assert found == {
        state_dir: 0o700,
        state_dir / "ca": 0o755,
        state_dir / "ca" / "ca.pem": 0o644,
        state_dir / "ca" / "ca-key.pem": 0o600,
        state_dir / "ca" / "permitted.txt": 0o644,
        server_file: 0o600,
    }


def test_other_names_get_another_server_certificate_of_the_same_ca(state_dir: Path) -> None:
    first = start(state_dir)
    second = start(state_dir, "kyc.test", "api.internal")

    verify(second, "kyc.test")
    verify(second, "api.internal")
    assert second.ca_certificate == first.ca_certificate
    assert len(server_files(state_dir)) == 2


def test_the_order_of_names_changes_nothing(state_dir: Path) -> None:
    start(state_dir, "a.test", "b.test")
    start(state_dir, "b.test", "a.test", "a.test")

    assert len(server_files(state_dir)) == 1


@pytest.mark.parametrize("name", ["kyc.example.cn", "notlocalhost", "10.1.2.3", "::2"])
def test_a_name_given_later_that_the_ca_may_not_sign_is_refused_with_the_remedy(
    state_dir: Path, name: str
) -> None:
    start(state_dir)

    with pytest.raises(CertificateError) as refused:
        start(state_dir, name)

    assert str(refused.value).startswith(f"{name} is not permitted to the CA in {state_dir / 'ca'}")
    assert str(refused.value).endswith(
        f"delete the folder {state_dir / 'ca'}, start mockocr again, and trust the new CA"
    )


def test_a_later_host_name_that_the_ca_may_not_sign_is_left_out(state_dir: Path) -> None:
    start(state_dir, host_name="Li Ming's MacBook")
    tls = start(state_dir, host_name="3f9ac2d1e0b7")

    verify(tls, "localhost")
    assert len(server_files(state_dir)) == 1


@pytest.mark.parametrize(("days", "remade"), [(365, False), (367, True), (500, True)])
def test_a_server_certificate_is_remade_when_less_than_30_days_are_left(
    state_dir: Path, days: int, remade: bool
) -> None:
    start(state_dir, now=NOW - days * DAY)
    [file] = server_files(state_dir)
    before = file.read_bytes()

    verify(start(state_dir), "localhost")

    assert server_files(state_dir) == [file]
    assert (file.read_bytes() != before) is remade


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


def test_a_new_ca_gets_a_new_server_certificate(state_dir: Path) -> None:
    first = start(state_dir)
    shutil.rmtree(state_dir / "ca")
    second = start(state_dir)

    verify(second, "localhost")
    assert second.ca_certificate != first.ca_certificate


@pytest.mark.parametrize("content", [b"", b"\xff", b"soon\n", b"99999999999\n", b"99999999999\nX"])
def test_a_damaged_server_certificate_is_remade(state_dir: Path, content: bytes) -> None:
    start(state_dir)
    [file] = server_files(state_dir)
    file.write_bytes(content)

    verify(start(state_dir), "localhost")

    assert len(file.read_bytes()) > 1000


# A kept CA that is no use


@pytest.mark.parametrize("name", ["ca.pem", "ca-key.pem", "permitted.txt"])
@pytest.mark.parametrize("content", [None, b"\xff\xff", b"1/2/3"])
def test_a_damaged_file_of_the_ca_is_refused_with_the_remedy_and_left_alone(
    state_dir: Path, name: str, content: bytes | None
) -> None:
    start(state_dir)
    file = state_dir / "ca" / name
    file.unlink()
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(CertificateError, match=r"delete the folder .* trust the new CA") as refused:
        start(state_dir, "other.test")

    assert str(refused.value).startswith(f"{file} is damaged (")
    assert (file.read_bytes() if file.exists() else None) == content


@pytest.mark.parametrize("name", ["ca.pem", "ca-key.pem", "permitted.txt"])
def test_an_empty_file_of_the_ca_is_refused_with_the_remedy(state_dir: Path, name: str) -> None:
    start(state_dir)
    (state_dir / "ca" / name).write_text("")

    with pytest.raises(CertificateError, match=r"delete the folder .* trust the new CA"):
        start(state_dir, "other.test")


def test_a_ca_that_is_pem_around_nonsense_is_refused(state_dir: Path) -> None:
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


def test_a_ca_that_has_ended_is_refused(state_dir: Path) -> None:
    start(state_dir)

    with pytest.raises(CertificateError, match=r"ca\.pem is damaged \(it ended at 20.* delete the"):
        start(state_dir, now=NOW + 3650 * DAY)


# Many processes, and broken ones


def test_first_starts_at_the_same_time_agree_on_one_ca(state_dir: Path) -> None:
    waiting, starting_gun = os.pipe()
    starts = [
        in_process(
            START + "import cryptography.x509; print('ready', flush=True); sys.stdin.read()\n"
            "tls = server_tls(Path(sys.argv[1]), host_name='build-host')\n"
            "assert tls.not_kept is None; print(tls.ca_certificate)",
            state_dir,
            stdin=waiting,
        )
        for _ in range(8)
    ]
    os.close(waiting)
    assert [process.stdout.readline() for process in starts if process.stdout] == ["ready\n"] * 8

    os.close(starting_gun)
    answers = {process.communicate()[0].strip() for process in starts}

    assert [process.returncode for process in starts] == [0] * 8
    assert answers == {(state_dir / "ca" / "ca.pem").read_text().strip()}
    assert [path.name for path in state_dir.iterdir()] == ["ca"]
    assert len(server_files(state_dir)) == 1
    verify(start(state_dir), "localhost")


def test_who_comes_second_uses_the_ca_of_who_came_first(
    state_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start(tmp_path / "elsewhere")
    rename = Path.rename

    def late(self: Path, target: Path) -> Path:
        shutil.copytree(tmp_path / "elsewhere" / "ca", state_dir / "ca")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", late)
    second = start(state_dir)

    assert second.ca_certificate == first.ca_certificate
    assert second.not_kept is None
    assert [path.name for path in state_dir.iterdir()] == ["ca"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("at", ["rename", "replace"])
def test_a_start_that_was_killed_on_the_way_does_not_disturb_the_next(
    state_dir: Path, at: str
) -> None:
    killed = in_process(
        START + f"import os; Path.{at} = lambda *_: os.kill(os.getpid(), 9)\n"
        "server_tls(Path(sys.argv[1]), host_name='build-host')",
        state_dir,
    )
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL

    tls = start(state_dir)

    verify(tls, "localhost")
    assert tls.not_kept is None
    assert tls.ca_certificate == (state_dir / "ca" / "ca.pem").read_text()


# A state directory that cannot be used


def test_an_unusable_state_directory_means_a_ca_in_memory_and_the_reason(unusable: Path) -> None:
    first, second = start(unusable, "kyc.example.cn"), start(unusable)

    verify(first, "kyc.example.cn")
    verify(second, "localhost")
    assert first.ca_certificate != second.ca_certificate
    assert isinstance(first.not_kept, NotADirectoryError)
    assert str(unusable) in str(first.not_kept)


def test_a_ca_that_cannot_be_put_in_its_place_is_one_in_memory(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(self: Path, target: Path) -> Path:
        raise PermissionError(13, "held by a virus scanner")

    monkeypatch.setattr(Path, "rename", failing)
    tls = start(state_dir)

    verify(tls, "localhost")
    assert isinstance(tls.not_kept, PermissionError)
    assert list(state_dir.iterdir()) == []


def test_a_kept_ca_still_signs_when_the_server_certificate_cannot_be_kept(state_dir: Path) -> None:
    first = start(state_dir)
    [file] = server_files(state_dir)
    file.unlink()
    file.mkdir()

    second = start(state_dir)

    verify(second, "localhost")
    assert second.ca_certificate == first.ca_certificate
    assert second.not_kept is None


@pytest.mark.parametrize("memory", ["there", "not-there"])
def test_nothing_of_what_is_in_memory_stays_on_a_disk(
    unusable: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: str
) -> None:
    folders = {"there": tmp_path / "there", "temporary": tmp_path / "temporary"}
    for folder in folders.values():
        folder.mkdir()
    monkeypatch.setattr(certificates, "_MEMORY", str(tmp_path / memory))
    monkeypatch.setattr(tempfile, "tempdir", str(folders["temporary"]))
    written: list[tuple[Path, str]] = []
    monkeypatch.setattr(certificates, "_write", recording(certificates._write, written))

    start(unusable)

    [(path, text)] = written
    used = folders["there" if memory == "there" else "temporary"]
    assert path.parent.parent == used
    assert text.count("PRIVATE KEY") == 2
    assert [list(folder.iterdir()) for folder in folders.values()] == [[], []]


def recording(write: Callable[..., None], written: list[tuple[Path, str]]) -> Callable[..., None]:
    def recorded(path: Path, text: str, *, mode: int) -> None:
        written.append((path, text))
        write(path, text, mode=mode)

    return recorded


# Where the CA is


def test_the_path_of_the_ca_is_that_of_the_certificate_a_server_will_use(state_dir: Path) -> None:
    path = ca_path(state_dir, ["kyc.example.cn"], host_name="build-host")
    tls = start(state_dir, "kyc.example.cn")

    verify(tls, "kyc.example.cn")
    assert path.read_text() == tls.ca_certificate
    assert ca_path(state_dir) == path


def test_there_is_no_path_of_a_ca_that_cannot_be_kept(unusable: Path) -> None:
    with pytest.raises(CertificateError, match="choose another state directory"):
        ca_path(unusable)


def test_there_is_no_path_of_a_damaged_ca(state_dir: Path) -> None:
    ca_path(state_dir).write_text("")

    with pytest.raises(CertificateError, match=r"ca\.pem is damaged"):
        ca_path(state_dir)


def test_the_state_directory_is_among_the_data_of_the_user() -> None:
    assert default_state_dir().is_absolute()
    assert default_state_dir().name == "mockocr"


# Somebody's own certificate


@pytest.fixture
def own(tmp_path: Path) -> tuple[Path, Path]:
    """A CA's certificate is as good as any here: what matters is that the key fits."""
    folder = ca_path(tmp_path / "own").parent
    return folder / "ca.pem", folder / "ca-key.pem"


def test_an_own_certificate_is_served(tmp_path: Path) -> None:
    tls = start(tmp_path)
    [file] = server_files(tmp_path)

    handshake(trusting(tls.ca_certificate), own_context(file, file), "localhost")


@pytest.mark.parametrize("missing", [0, 1])
def test_a_missing_own_file_is_named(own: tuple[Path, Path], missing: int) -> None:
    own[missing].unlink()

    with pytest.raises(CertificateError) as refused:
        own_context(*own)

    assert str(refused.value) == f"{own[missing]} cannot be read: No such file or directory"


@pytest.mark.parametrize(("index", "block"), [(0, "CERTIFICATE"), (1, "PRIVATE KEY")])
def test_an_own_file_that_is_not_pem_is_named(
    own: tuple[Path, Path], index: int, block: str
) -> None:
    own[index].write_bytes(b"\x30\x82\x01\x00")

    with pytest.raises(CertificateError, match=f"has no '{block}' block") as refused:
        own_context(*own)

    assert str(refused.value).startswith(str(own[index]))


@pytest.mark.parametrize(
    "other",
    [
        lambda: ec.generate_private_key(ec.SECP256R1()),
        lambda: rsa.generate_private_key(65537, 2048),
    ],
    ids=["same-kind", "another-kind"],
)
def test_an_own_key_of_another_certificate_is_refused(
    own: tuple[Path, Path], other: Callable[[], ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey]
) -> None:
    own[1].write_text(key_pem(other()))

    with pytest.raises(CertificateError) as refused:
        own_context(*own)

    assert str(refused.value) == f"{own[1]} is not the key of {own[0]}"


@pytest.mark.parametrize("index", [0, 1])
def test_an_own_file_that_is_damaged_is_refused(own: tuple[Path, Path], index: int) -> None:
    lines = own[index].read_text().splitlines()
    own[index].write_text("\n".join([lines[0], "!" * 64, lines[-1]]))

    with pytest.raises(CertificateError, match="is damaged"):
        own_context(*own)


def test_an_encrypted_own_key_is_refused_without_asking_for_its_password(
    own: tuple[Path, Path],
) -> None:
    key = serialization.load_pem_private_key(own[1].read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    own[1].write_text(key_pem(key, encrypted=True))

    with pytest.raises(CertificateError, match="is encrypted: mockocr asks for no password"):
        own_context(*own)
