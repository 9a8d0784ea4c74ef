import os
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockocr.downloads.fetched import FetchError, TooLargeError
from mockocr.downloads.folder import read_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    made = tmp_path / "pictures"
    made.mkdir()
    return made


@pytest.mark.parametrize(
    "name", ["a.jpg", "a", "李明 正面.jpg", "a;v=1.jpg", "~a", "a%2f.jpg", "con-1"]
)
def test_a_file_is_read_by_its_name(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"picture")

    assert read_file(folder, name, 7) == b"picture"


def test_a_missing_file_gives_none(folder: Path) -> None:
    assert read_file(folder, "a.jpg", 9) is None
    assert read_file(folder / "not" / "there", "a.jpg", 9) is None
    assert read_file(folder.parent / "secret.jpg", "a.jpg", 9) is None


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "...", "../secret.jpg", "..\\secret.jpg", "/etc/passwd", "sub/a.jpg"),
        *("./a.jpg", "a.jpg/", "a.jpg\0", "\0", "a\njpg", ".hidden", "C:a.jpg", "C:\\a.jpg"),
        *("\\\\server\\share", "a.jpg:stream", "a.jpg::$DATA", "a.jpg.", "a.jpg ", "a*", "a?jpg"),
        *("nul", "NUL", "con.jpg", "Aux.tar.gz", "com1", "LPT¹.jpg", "conin$", "prn .jpg"),
        *("\ud800", "\udcff.jpg", "a" * 256, "李" * 86),
    ],
)
def test_a_name_with_a_path_gives_none(
    folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.jpg").touch()
    (folder / ".hidden").touch()
    (folder / "sub").mkdir()
    (folder / "sub" / "a.jpg").touch()

    def resolve(*_: object, **__: object) -> Path:
        raise AssertionError("the file system was asked")

    monkeypatch.setattr(Path, "resolve", resolve)

    assert read_file(folder, name, 9) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text() | st.text(alphabet="./\\:%a0 \0"))
def test_no_name_reads_a_file_outside_the_folder(folder: Path, name: str) -> None:
    assert read_file(folder, name, 9) is None


def test_a_folder_is_not_read_as_a_file(folder: Path) -> None:
    (folder / "sub").mkdir()

    assert read_file(folder, "sub", 9) is None


def test_a_link_within_the_folder_is_followed(folder: Path) -> None:
    # As Kubernetes mounts a ConfigMap.
    (folder / "..2024").mkdir()
    (folder / "..2024" / "a.jpg").write_bytes(b"picture")
    (folder / "..data").symlink_to("..2024")
    (folder / "a.jpg").symlink_to(Path("..data", "a.jpg"))

    assert read_file(folder, "a.jpg", 9) == b"picture"


def test_the_folder_may_be_a_link_itself(folder: Path, tmp_path: Path) -> None:
    (folder / "a.jpg").write_bytes(b"picture")
    (tmp_path / "link").symlink_to(folder)

    assert read_file(tmp_path / "link", "a.jpg", 9) == b"picture"


@pytest.mark.parametrize("target", ["../secret.jpg", "/etc/passwd", "../pictures2/a.jpg"])
def test_a_link_out_of_the_folder_is_not_followed(folder: Path, target: str) -> None:
    (folder.parent / "pictures2").mkdir()
    (folder.parent / "pictures2" / "a.jpg").touch()
    (folder / "a.jpg").symlink_to(target)

    with pytest.raises(FetchError, match="leads out of it"):
        read_file(folder, "a.jpg", 9999)


def test_a_link_to_itself_is_not_read(folder: Path) -> None:
    (folder / "a.jpg").symlink_to("a.jpg")

    with pytest.raises(FetchError, match="the file in the pictures folder"):
        read_file(folder, "a.jpg", 9)


def test_a_dangling_link_gives_none(folder: Path) -> None:
    (folder / "a.jpg").symlink_to("b.jpg")

    assert read_file(folder, "a.jpg", 9) is None


def test_a_fifo_is_not_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(folder / "a.jpg")

    with pytest.raises(FetchError, match="not a regular file"):
        read_file(folder, "a.jpg", 9)


def test_a_fifo_put_there_at_the_last_moment_is_not_waited_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(folder / "a.jpg")
    (folder.parent / "file").touch()
    file = (folder.parent / "file").stat()
    monkeypatch.setattr(Path, "stat", lambda *_, **__: file)

    with pytest.raises(FetchError, match="not a regular file"):
        read_file(folder, "a.jpg", 9)


def test_a_socket_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)  # its path may be too long to be bound
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("a.jpg")

        with pytest.raises(FetchError, match="not a regular file"):
            read_file(folder, "a.jpg", 9)


def test_a_device_is_not_read(folder: Path) -> None:
    (folder / "a.jpg").symlink_to("/dev/zero")

    with pytest.raises(FetchError):
        read_file(folder, "a.jpg", 9)


def test_a_file_with_a_byte_too_many_is_too_large(folder: Path) -> None:
    (folder / "a.jpg").write_bytes(b"picture")

    with pytest.raises(TooLargeError, match="expected a picture of at most 6 bytes"):
        read_file(folder, "a.jpg", 6)


def test_an_unreadable_file_is_a_failure_with_the_reason(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.jpg").touch()

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)

    with pytest.raises(
        FetchError, match="cannot read the file in the pictures folder: Permission denied"
    ):
        read_file(folder, "a.jpg", 9)
