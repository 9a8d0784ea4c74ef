"""The recipes of docs/clients: those that say so are run here as printed, except for the ports."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import tree_sitter
import tree_sitter_c_sharp
import tree_sitter_cpp
import tree_sitter_go
import tree_sitter_java
import tree_sitter_php
import tree_sitter_ruby

from tests.conftest import Running
from tests.test_docs import BLOCK, ROOT, blocks, environment

FOLDER = ROOT / "docs/clients"
PAGES = sorted(each for each in FOLDER.glob("*.md") if each.name != "README.md")
HEADINGS = ["Over http", "Over https", "Worth knowing"]
RUN = ["curl", "node", "python", "tccli"]
NODE_MODULES = ROOT / ".clients/node/node_modules"
TCCLI = ROOT / ".clients/tccli"
PYTHON = shlex.quote(sys.executable)
NOWHERE = "http://127.0.0.1:9"
"""A proxy that does not answer."""


def recipe(page: str, language: str, server: Running) -> list[str]:
    """The blocks of a page, with the ports of a server instead of the printed ones."""
    return [
        text.replace("127.0.0.1:8018", server.endpoint).replace(
            "127.0.0.1:8019", server.https_endpoint
        )
        for text in blocks(f"docs/clients/{page}.md", language)
    ]


def run(command: str, folder: Path, server: Running, **variables: str) -> str:
    known = environment(server)
    done = subprocess.run(
        ["bash", "-euc", command],
        cwd=folder,
        env={**known, **variables, "PATH": f"{variables.get('PATH', '')}:{known['PATH']}"},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_page_has_the_same_headings_and_says_whether_it_is_run() -> None:
    run_here = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == HEADINGS, page
        message = text.split("\n\n")[1]
        if message.startswith("**Run by our tests**, as printed: "):
            run_here.append(page.stem)
        else:
            assert message.startswith("**Not run by our tests.** "), page
            assert re.search(r"on \d{4}-\d\d-\d\d with \S+ \d+\.\d", message), page

    assert run_here == RUN


def test_the_index_has_every_page_and_tells_the_same_of_it() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[[^]]+\]\((\w+)\.md\).* \| (yes|no) \|$", text, re.MULTILINE)

    assert sorted({name for name, _ in rows}) == [page.stem for page in PAGES]
    assert sorted({name for name, message in rows if message == "yes"}) == RUN


def test_no_block_of_a_page_that_is_run_is_left_out_here() -> None:
    found = {
        page: re.findall(r"^```(\w+)$", (FOLDER / f"{page}.md").read_text("utf-8"), re.MULTILINE)
        for page in RUN
    }

    assert found == {
        "curl": ["sh", "sh"],
        "node": ["js", "js", "sh"],
        "python": ["python", "python", "sh", "python"],
        "tccli": ["sh", "sh"],
    }


GRAMMARS = {
    "cpp": tree_sitter_cpp.language(),
    "csharp": tree_sitter_c_sharp.language(),
    "go": tree_sitter_go.language(),
    "java": tree_sitter_java.language(),
    "php": tree_sitter_php.language_php(),
    "ruby": tree_sitter_ruby.language(),
}


def is_parsed(language: str, code: str) -> bool:
    parser = tree_sitter.Parser(tree_sitter.Language(GRAMMARS[language]))
    return not parser.parse(code.encode()).root_node.has_error


def test_the_code_of_pages_that_are_not_run_is_parsed() -> None:
    found = [
        (page.stem, language, code)
        for page in PAGES
        if page.stem not in RUN
        for language, code in BLOCK.findall(page.read_text(encoding="utf-8"))
        if language != "sh"
    ]

    assert {language for _, language, _ in found} == GRAMMARS.keys()
    assert [(page, code) for page, language, code in found if not is_parsed(language, code)] == []
    broken = [code.replace(")", "", 1) for _, language, code in found if language != "cpp"]
    assert not any(map(is_parsed, sorted(GRAMMARS.keys() - {"cpp"}), broken))


@pytest.mark.parametrize("block", [0, 1], ids=["sync", "async"])
def test_python_over_http(server: Running, tmp_path: Path, block: int) -> None:
    (tmp_path / "call.py").write_text(recipe("python", "python", server)[block])

    assert run(f"{PYTHON} call.py", tmp_path, server).strip()


def test_python_over_https(server: Running, tmp_path: Path) -> None:
    (export,) = recipe("python", "sh", server)
    _, over_http, over_https = recipe("python", "python", server)
    (tmp_path / "sync.py").write_text(over_https)
    over_http = over_http.replace('protocol="http", ', "").replace(
        server.endpoint, server.https_endpoint
    )
    (tmp_path / "async.py").write_text(over_http)
    assert "`SSL_CERT_FILE=mockocr-ca.pem`" in (FOLDER / "python.md").read_text("utf-8")

    run(export, tmp_path, server)

    assert run(f"{PYTHON} sync.py", tmp_path, server).strip()
    trusting = {"SSL_CERT_FILE": "mockocr-ca.pem"}
    assert run(f"{PYTHON} async.py", tmp_path, server, **trusting).strip()


def test_python_past_a_proxy(server: Running, tmp_path: Path) -> None:
    """The sync SDK needs the port too in `NO_PROXY`, as the index says."""
    (message,) = re.findall(
        r"^\| Python, sync \|.*`NO_PROXY=(\S+)`", (FOLDER / "README.md").read_text(), re.MULTILINE
    )
    left_out = message.replace("127.0.0.1:8018", server.endpoint)
    call, call_async, _ = recipe("python", "python", server)
    (tmp_path / "sync.py").write_text(call)
    (tmp_path / "async.py").write_text(call_async)

    past = {"HTTP_PROXY": NOWHERE, "NO_PROXY": left_out}
    assert run(f"{PYTHON} sync.py", tmp_path, server, **past).strip()
    by_host = {"HTTP_PROXY": NOWHERE, "NO_PROXY": "127.0.0.1"}
    assert run(f"{PYTHON} async.py", tmp_path, server, **by_host).strip()
    with pytest.raises(AssertionError, match="port=9"):
        run(f"{PYTHON} sync.py", tmp_path, server, **by_host)


def test_node_over_http(server: Running, tmp_path: Path) -> None:
    over_http, _ = recipe("node", "js", server)
    (tmp_path / "call.js").write_text(over_http)

    assert run("node call.js", tmp_path, server, NODE_PATH=str(NODE_MODULES)).strip()


def test_node_over_https(server: Running, tmp_path: Path) -> None:
    _, over_https = recipe("node", "js", server)
    (command,) = recipe("node", "sh", server)
    (tmp_path / "call.js").write_text(over_https)

    assert run(command, tmp_path, server, NODE_PATH=str(NODE_MODULES)).strip()


@pytest.mark.parametrize("block", [0, 1], ids=["http", "https"])
def test_tccli(server: Running, tmp_path: Path, block: int) -> None:
    command = recipe("tccli", "sh", server)[block]
    at_home = {"PATH": str(TCCLI / "bin"), "HOME": str(tmp_path)}

    assert '"Name": ' in run(command, tmp_path, server, **at_home)


def test_curl(server: Running, tmp_path: Path) -> None:
    over_http, over_https = recipe("curl", "sh", server)

    assert '"Name"' in run(over_http, tmp_path, server)
    assert '"healthy"' in run(over_https, tmp_path, server)
    signed = over_http.replace(server.endpoint, server.https_endpoint).replace(
        'curl -sS "http:', 'curl -sS --cacert mockocr-ca.pem "https:'
    )
    assert '"Name"' in run(signed, tmp_path, server)
