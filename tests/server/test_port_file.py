import os
import socket
from pathlib import Path

import pytest

from mockocr.server.port_file import PortFile, PortFileError

OF_A_SERVER = '{"http": "http://127.0.0.1:1", "pid": 1}'


def test_a_stale_port_file_is_removed_before_the_new_server_is_ready(tmp_path: Path) -> None:
    (tmp_path / "ports.json").write_text(OF_A_SERVER)
    (tmp_path / "ports.json.17.part").write_text("{")
    file = PortFile(tmp_path / "ports.json")
    file.remove_stale()

    assert list(tmp_path.iterdir()) == []


def test_a_port_file_is_removed_only_by_the_server_that_wrote_it(tmp_path: Path) -> None:
    first, second = (PortFile(tmp_path / "ports.json") for _ in range(2))
    first.write({"http": "http://127.0.0.1:1"})
    second.write({"http": "http://127.0.0.1:2"})
    first.remove()
    assert (tmp_path / "ports.json").exists()

    second.remove()
    assert list(tmp_path.iterdir()) == []


def test_a_port_file_that_was_never_written_is_not_removed(tmp_path: Path) -> None:
    PortFile(tmp_path / "ports.json").remove()
    (tmp_path / "ports.json").write_text("another's")
    PortFile(tmp_path / "ports.json").remove()

    assert (tmp_path / "ports.json").read_text() == "another's"


@pytest.mark.parametrize(
    "content", ["", "dear diary", "[]", "{}", '{"pid": "1"}', "\0\xff", OF_A_SERVER + " " * 5000]
)
def test_a_file_that_is_not_a_port_file_is_not_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "ports.json"
    path.write_text(content, encoding="latin-1")

    for act in (PortFile(path).remove_stale, lambda: PortFile(path).write({})):
        with pytest.raises(
            PortFileError, match="exists and is not a port file, so it is not replaced"
        ):
            act()
    assert path.read_text(encoding="latin-1") == content
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_a_pipe_and_a_socket_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "target").write_text(OF_A_SERVER)
    (link := tmp_path / "link").symlink_to(tmp_path / "target")
    os.mkfifo(pipe := tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))

    for path in (link, pipe, tmp_path / "socket", tmp_path):
        with pytest.raises(PortFileError, match="is not replaced"):
            PortFile(path).remove_stale()
        PortFile(path).remove()
    assert {each.name for each in tmp_path.iterdir()} == {"target", "link", "pipe", "socket"}


def test_what_only_looks_like_a_part_of_one_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis").write_text("long")
    for name in ("ports.json.new.part", "ports.json.7.part.old"):
        (tmp_path / name).write_text("mine")
    (tmp_path / "ports.json.8.part").symlink_to(tmp_path / "thesis")
    (tmp_path / "ports.json.9.part").mkdir()

    PortFile(tmp_path / "ports.json").remove_stale()

    assert len(list(tmp_path.iterdir())) == 5


def test_no_link_that_waits_in_its_place_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "thesis").write_text("long")
    (tmp_path / f"ports.json.{os.getpid()}.part").symlink_to(tmp_path / "thesis")

    with pytest.raises(PortFileError, match="File exists"):
        PortFile(tmp_path / "ports.json").write({})
    assert (tmp_path / "thesis").read_text() == "long"
