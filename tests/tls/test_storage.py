import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from mockocr.tls import CertificateError, default_state_dir
from tests.tls.starts import DAY, NOW, server_files, start, verify

START = "import sys; from pathlib import Path; from mockocr.tls import server_tls\n"


def in_process(code: str, state_dir: Path, stdin: int | None = None) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, str(state_dir)]
    return subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, text=True)


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
    assert tls.not_stored is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_only_the_owner_can_read_keys_and_the_state_directory_with_any_umask(
    state_dir: Path,
) -> None:
    umask = os.umask(0)
    try:
        start(state_dir)
    finally:
        os.umask(umask)

    found = {path: path.stat().st_mode & 0o777 for path in [state_dir, *state_dir.rglob("*")]}
    assert found == {
        state_dir: 0o700,
        state_dir / "ca": 0o700,
        state_dir / "ca" / "ca.pem": 0o644,
        state_dir / "ca" / "ca-key.pem": 0o600,
        state_dir / "ca" / "permitted.txt": 0o644,
        **dict.fromkeys(server_files(state_dir), 0o600),
    }


@pytest.mark.parametrize(("days", "remade"), [(365, False), (367, True), (500, True)])
def test_a_server_certificate_is_remade_when_less_than_30_days_are_left(
    state_dir: Path, days: int, remade: bool
) -> None:
    start(state_dir, now=NOW - days * DAY)
    before = {file: file.read_bytes() for file in server_files(state_dir)}

    verify(start(state_dir), "localhost")

    after = {file: file.read_bytes() for file in server_files(state_dir)}
    assert before.keys() == after.keys()
    assert {after[file] != before[file] for file in after} == {remade}


@pytest.mark.parametrize("content", [b"", b"\xff", b"soon\n", b"99999999999\n", b"99999999999\nX"])
def test_a_damaged_server_certificate_is_remade(state_dir: Path, content: bytes) -> None:
    start(state_dir)
    for file in server_files(state_dir):
        file.write_bytes(content)

    verify(start(state_dir), "localhost")

    assert min(len(file.read_bytes()) for file in server_files(state_dir)) > 1000


def test_the_default_state_directory_is_in_the_users_data_folder() -> None:
    assert default_state_dir().is_absolute()
    assert default_state_dir().name == "mockocr"


# A damaged CA


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
        file.chmod(0o600)

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


# Many processes, and broken ones


def test_concurrent_first_starts_share_one_ca(state_dir: Path) -> None:
    waiting, starting_gun = os.pipe()
    starts = [
        in_process(
            START + "import cryptography.x509; print('ready', flush=True); sys.stdin.read()\n"
            "tls = server_tls(Path(sys.argv[1]), host_name='build-host')\n"
            "assert tls.not_stored is None; print(tls.ca_certificate)",
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
    assert len(server_files(state_dir)) == 2
    verify(start(state_dir), "localhost")


def test_the_second_start_uses_the_ca_of_the_first(
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
    assert second.not_stored is None
    assert [path.name for path in state_dir.iterdir()] == ["ca"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("at", ["rename", "replace"])
def test_a_killed_start_does_not_disturb_the_next_one(state_dir: Path, at: str) -> None:
    killed = in_process(
        START + f"import os; Path.{at} = lambda *_: os.kill(os.getpid(), 9)\n"
        "server_tls(Path(sys.argv[1]), host_name='build-host')",
        state_dir,
    )
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL

    tls = start(state_dir)

    verify(tls, "localhost")
    assert tls.not_stored is None
    assert tls.ca_certificate == (state_dir / "ca" / "ca.pem").read_text()


# A state directory that cannot be used


def test_a_ca_that_cannot_be_stored_stays_in_memory(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(self: Path, target: Path) -> Path:
        raise PermissionError(13, "held by a virus scanner")

    monkeypatch.setattr(Path, "rename", failing)
    tls = start(state_dir)

    verify(tls, "localhost")
    assert isinstance(tls.not_stored, PermissionError)
    assert list(state_dir.iterdir()) == []


def test_a_stored_ca_still_signs_if_the_server_certificate_cannot_be_stored(
    state_dir: Path,
) -> None:
    first = start(state_dir)
    for file in server_files(state_dir):
        file.unlink()
        file.mkdir()

    second = start(state_dir)

    verify(second, "localhost")
    assert second.ca_certificate == first.ca_certificate
    assert second.not_stored is None


def test_a_ca_in_memory_needs_no_folder(unusable: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(unusable))

    verify(start(unusable), "localhost")


@pytest.fixture(params=["none", "refused", "without-a-path"])
def no_memory_files(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> int:
        raise OSError(38, "Function not implemented")

    if request.param == "none":
        monkeypatch.delattr(os, "memfd_create", raising=False)
    elif request.param == "refused":
        monkeypatch.setattr(os, "memfd_create", refuse, raising=False)
    else:
        monkeypatch.setattr(os, "access", lambda *_: False)


@pytest.mark.usefixtures("no_memory_files")
def test_without_files_in_memory_a_temporary_one_is_removed(
    unusable: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))

    verify(start(unusable), "localhost")

    assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("no_memory_files")
def test_a_start_that_can_write_nowhere_fails_with_the_remedy(
    unusable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(unusable))

    with pytest.raises(
        CertificateError, match=r"cannot write a temporary certificate.*--tls-port off"
    ):
        start(unusable)


def test_the_ca_is_as_open_to_readers_as_the_folder_that_was_chosen(state_dir: Path) -> None:
    """Clients in other containers trust the certificate in a volume."""
    state_dir.mkdir(parents=True)
    state_dir.chmod(0o777)

    start(state_dir)

    assert (state_dir / "ca").stat().st_mode & 0o777 == 0o755
    assert (state_dir / "ca" / "ca-key.pem").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "mode", "most"),
    [
        *(("", 0o777, "0755"), ("", 0o775, "0755")),
        *(("ca-key.pem", mode, "0600") for mode in (0o640, 0o604, 0o660)),
    ],
)
def test_a_ca_that_others_can_write_or_whose_key_they_can_read_is_not_used(
    state_dir: Path, name: str, mode: int, most: str
) -> None:
    start(state_dir)
    path = state_dir / "ca" / name
    path.chmod(mode)

    with pytest.raises(
        CertificateError, match=f"open to others .mode 0{mode:o}, at most {most}.*chmod"
    ):
        start(state_dir)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("name", ["", "ca-key.pem"])
def test_a_ca_of_another_user_is_not_used(state_dir: Path, name: str) -> None:
    start(state_dir)
    os.chown(state_dir / "ca" / name, 12345, 12345)

    with pytest.raises(CertificateError, match=r"belongs to another user \(uid 12345, not 0\)"):
        start(state_dir)
