from pathlib import Path

from mockocr.cli.port_file import PortFile


def test_a_stale_port_file_is_removed_before_the_new_server_is_ready(tmp_path: Path) -> None:
    (tmp_path / "ports.json").write_text("stale")
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
