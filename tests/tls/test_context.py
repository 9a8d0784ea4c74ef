import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from mockocr.tls import CertificateError, ca_path, own_context
from tests.tls.starts import handshake, key_pem, server_files, start, trusting


def test_http_1_1_is_negotiated_over_tls_1_2_or_later(state_dir: Path) -> None:
    tls = start(state_dir)
    client = trusting(tls.ca_certificate)
    client.set_alpn_protocols(["h2", "http/1.1"])

    connection = handshake(client, tls.context, "localhost")

    assert connection.selected_alpn_protocol() == "http/1.1"
    assert tls.context.minimum_version == ssl.TLSVersion.TLSv1_2


# Somebody's own certificate


@pytest.fixture
def own(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate and its key. They are those of a CA, which makes no difference here."""
    folder = ca_path(tmp_path / "own").parent
    return folder / "ca.pem", folder / "ca-key.pem"


def test_a_certificate_of_the_user_is_served(tmp_path: Path) -> None:
    tls = start(tmp_path)
    file = server_files(tmp_path)[0]

    handshake(trusting(tls.ca_certificate), own_context(file, file), "localhost")


@pytest.mark.parametrize("missing", [0, 1])
def test_a_missing_certificate_file_is_named(own: tuple[Path, Path], missing: int) -> None:
    own[missing].unlink()

    with pytest.raises(CertificateError) as refused:
        own_context(*own)

    flag, shown = (("--tls-cert", own[0]), ("--tls-key", "the file"))[missing]
    assert str(refused.value) == (
        f"{flag}: cannot read {shown}: No such file or directory; expected a file, or PEM text"
    )


def test_a_certificate_and_a_key_can_be_text(tmp_path: Path) -> None:
    tls = start(tmp_path)
    text = server_files(tmp_path)[0].read_text()

    handshake(trusting(tls.ca_certificate), own_context(text, text), "localhost")


def test_pem_text_is_never_quoted(own: tuple[Path, Path]) -> None:
    certificate, key = (path.read_text() for path in own)
    other = key_pem(ec.generate_private_key(ec.SECP256R1()))
    encrypted = key_pem(ec.generate_private_key(ec.SECP256R1()), encrypted=True)
    damaged = key.replace("M", "!")
    problems = {}
    for pair in [
        (certificate, other),
        (certificate, damaged),
        (key, key),
        (certificate, encrypted),
    ]:
        with pytest.raises(CertificateError) as refused:
            own_context(*pair)
        problems[pair[1]] = str(refused.value)

    assert problems[other] == "--tls-key is not the key of --tls-cert"
    assert problems[key] == "--tls-cert: expected PEM with a 'CERTIFICATE' block"
    assert problems[encrypted] == "--tls-key is encrypted: remove its password"
    assert problems[damaged].startswith("--tls-cert or --tls-key is damaged: ")
    assert not [text for text in problems if text.splitlines()[1] in "".join(problems.values())]


@pytest.mark.parametrize(("index", "block"), [(0, "CERTIFICATE"), (1, "PRIVATE KEY")])
def test_a_certificate_file_that_is_not_pem_is_named(
    own: tuple[Path, Path], index: int, block: str
) -> None:
    own[index].write_bytes(b"\x30\x82\x01\x00")

    with pytest.raises(CertificateError, match=f"expected PEM with a '{block}' block") as refused:
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
def test_a_key_of_another_certificate_is_refused(
    own: tuple[Path, Path], other: Callable[[], ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey]
) -> None:
    own[1].write_text(key_pem(other()))

    with pytest.raises(CertificateError) as refused:
        own_context(*own)

    assert str(refused.value) == f"{own[1]} is not the key of {own[0]}"


@pytest.mark.parametrize("index", [0, 1])
def test_a_damaged_certificate_file_is_refused(own: tuple[Path, Path], index: int) -> None:
    lines = own[index].read_text().splitlines()
    own[index].write_text("\n".join([lines[0], "!" * 64, lines[-1]]))

    with pytest.raises(CertificateError, match="is damaged"):
        own_context(*own)


def test_an_encrypted_key_is_refused_without_asking_for_its_password(
    own: tuple[Path, Path],
) -> None:
    key = serialization.load_pem_private_key(own[1].read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    own[1].write_text(key_pem(key, encrypted=True))

    with pytest.raises(CertificateError, match="is encrypted: remove its password"):
        own_context(*own)
