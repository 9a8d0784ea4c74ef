"""The configuration of peers, as far as it can be checked without installing them."""

import ast
import json
from pathlib import Path

import pytest

from bench.answer import ANSWER
from bench.calls import small
from bench.peers import PEERS, moto, mountebank, peer
from bench.peers.peer import NotThereError, Peer


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of installed peers during a test."""
    monkeypatch.setattr(peer, "FOLDER", tmp_path)
    return tmp_path


def answers(content: object) -> bool:
    """Whether a configuration contains the answer, as data or as text."""
    if isinstance(content, str):
        return content == ANSWER.decode()
    if isinstance(content, dict):
        return content == json.loads(ANSWER) or any(map(answers, content.values()))
    return isinstance(content, list) and any(map(answers, content))


@pytest.mark.parametrize("one", [each for each in PEERS if each.files], ids=lambda each: each.name)
def test_the_configuration_can_be_read_and_has_the_answer(one: Peer) -> None:
    found = False
    for path, content in one.files.items():
        if path.endswith((".json", ".ejs")):
            found |= answers(json.loads(content.replace(f'"{mountebank.PORT}"', "1")))
        elif path.endswith(".py"):
            constants = [
                each for each in ast.walk(ast.parse(content)) if isinstance(each, ast.Constant)
            ]
            found |= ANSWER in [constant.value for constant in constants]

    assert found


@pytest.mark.parametrize("one", PEERS, ids=lambda each: each.name)
def test_the_command_has_the_files_and_the_port(one: Peer) -> None:
    whole = " ".join([*one.command, *one.files.values()])

    assert "{port}" in one.command or "PORT" in whole
    assert all(path in whole for path in one.files if "/" not in path)


def test_the_call_of_moto_is_as_long_as_ours() -> None:
    request = moto.detect_document_text(small())

    assert abs(len(request.body) - len(small().body)) < 4
    assert json.loads(request.body)["Document"]["Bytes"]


def test_a_peer_that_is_not_installed_or_another_version_is_not_there(folder: Path) -> None:
    one = PEERS[0]
    with pytest.raises(NotThereError, match=r"not installed: python -m bench\.peers"):
        one.server()

    one.folder.mkdir()
    one.stamp.write_text("json-server 0.1 from npm")
    with pytest.raises(NotThereError, match="not installed"):
        one.server()

    one.failure.write_text("npm fails")
    with pytest.raises(NotThereError, match="cannot be installed: npm fails"):
        one.server()


def test_a_peer_that_is_installed_is_started_with_its_configuration(folder: Path) -> None:
    one = next(each for each in PEERS if each.name == "pytest-httpserver")
    program = one.folder / one.command[0]
    program.parent.mkdir(parents=True)
    program.touch()
    one.stamp.write_text(one.installed)

    server = one.server()

    assert server.command == (str(program), "program.py")
    assert server.folder == folder / "pytest-httpserver"
    assert (server.folder / "program.py").read_text() == one.files["program.py"]
