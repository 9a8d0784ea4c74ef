"""The worked example of docs/signing.md runs, and its steps are those of `mockocr sign`."""

import json
import shlex
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from tests.conftest import Serve
from tests.test_docs import BLOCK, ROOT, blocks, run

PAGE = "docs/signing.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The reader's folder after the first block."""
    run(blocks(PAGE, "sh")[0], tmp_path)
    return tmp_path


def test_every_block_of_the_page_is_run_or_compared_here() -> None:
    kinds = [kind for kind, _ in BLOCK.findall((ROOT / PAGE).read_text(encoding="utf-8"))]

    assert kinds == ["sh", "text", "sh", "text", "text", "python"]


def test_each_step_of_the_page_is_that_of_mockocr_sign(folder: Path) -> None:
    printed = run(blocks(PAGE, "sh")[0], folder)
    result = json.loads(run(f"{blocks(PAGE, 'sh')[0].splitlines()[1]} --json", folder))
    canonical, text, authorization = (block.rstrip("\n") for block in blocks(PAGE, "text"))

    assert result["canonical_request"] == canonical
    assert result["canonical_request_hash"] == sha256(canonical.encode()).hexdigest()
    assert result["string_to_sign"] == text
    assert result["authorization"] == authorization
    assert all(f"\n{step}\n" in printed for step in (canonical, text, authorization))


def test_the_hash_of_the_body_is_that_of_openssl(folder: Path) -> None:
    digest, _ = run(blocks(PAGE, "sh")[1], folder).split()

    assert blocks(PAGE, "text")[0].endswith(f"\n{digest}\n")
    assert (folder / "body.json").stat().st_size == 62


def test_the_python_of_the_page_prints_the_header_of_the_page(tmp_path: Path) -> None:
    (tmp_path / "sign.py").write_text(blocks(PAGE, "python")[0])

    assert run(f"{shlex.quote(sys.executable)} sign.py", tmp_path) == blocks(PAGE, "text")[2]


def test_the_call_of_the_page_is_answered_at_its_own_time(serve: Serve, folder: Path) -> None:
    server = serve()
    clock = json.dumps({"freeze": 1735660800 + 299})
    headers = ["X-TC-Action: IDCardOCR", "X-TC-Version: 2018-11-19", "X-TC-Timestamp: 1735660800"]
    headers += ["Content-Type: application/json", "Host: 127.0.0.1:8018"]
    headers += [f"Authorization: {blocks(PAGE, 'text')[2].strip()}"]
    curl = ["curl", "-sS", "--noproxy", "*"]
    subprocess.run(
        [*curl, "-X", "PUT", "-d", clock, f"{server.url}/__admin/clock"],
        check=True,
        capture_output=True,
    )
    sent = [word for header in headers for word in ("-H", header)]
    printed = subprocess.run(
        [*curl, *sent, "--data-binary", "@body.json", f"{server.url}/"],
        cwd=folder,
        check=True,
        capture_output=True,
    ).stdout

    assert "Name" in json.loads(printed)["Response"]
