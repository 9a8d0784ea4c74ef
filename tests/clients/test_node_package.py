"""The npm package of clients/node: its tests are run with the built file, its types and documents
match this version."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mockocr.version import __version__
from tests.test_docs import ROOT, blocks

PACKAGE = ROOT / "clients/node"
OLDEST_NODE = 20
EXAMPLES = ("kyc.test.ts", "kyc.test.cjs", "kyc.test.mjs", "start.mjs")
"""The examples, in the order of docs/node.md."""


def test_the_types_are_those_of_this_version() -> None:
    """If this fails, run scripts/make-node-types."""
    command = [sys.executable, str(ROOT / "scripts/make-node-types"), "--print"]
    made = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)

    assert made.stdout == (PACKAGE / "src/api.ts").read_text(encoding="utf-8")


def test_it_has_the_version_of_mockocr_and_exact_dependencies() -> None:
    package, lock = (
        json.loads((PACKAGE / name).read_text(encoding="utf-8"))
        for name in ("package.json", "package-lock.json")
    )

    assert package["version"] == lock["version"] == __version__
    assert "dependencies" not in package
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", each) for each in package["devDependencies"].values())
    assert lock["packages"][""]["devDependencies"] == package["devDependencies"]
    assert set(package["files"]) >= {"LICENSE", "NOTICE"}


@pytest.mark.parametrize(
    ("page", "examples"),
    [
        ("docs/node.md", EXAMPLES),
        ("docs/node.zh-CN.md", EXAMPLES),
        ("clients/node/README.md", EXAMPLES[:1]),
    ],
)
def test_the_examples_of_its_pages_are_those_that_are_run(
    page: str, examples: tuple[str, ...]
) -> None:
    shown = [block for language in ("ts", "cjs", "mjs") for block in blocks(page, language)]

    assert shown == [(PACKAGE / "examples" / each).read_text("utf-8") for each in examples]


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_its_tests_pass_with_the_built_file(state_dir: Path, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not (PACKAGE / "node_modules").is_dir():
        version = subprocess.run([node or "false", "--version"], capture_output=True, text=True)
        if version.stdout and int(version.stdout[1:].split(".")[0]) < OLDEST_NODE:
            pytest.skip(f"expected Node {OLDEST_NODE} or newer, got {version.stdout.strip()}")
        pytest.fail("the tools of clients/node are not installed: run scripts/install-test-clients")
    done = subprocess.run(
        [str(ROOT / "scripts/build-node"), str(tmp_path)],
        env={
            "PATH": f"{Path(node).parent}:/usr/bin:/bin",
            "HOME": str(tmp_path),
            "MOCKOCR_COMMAND": f'"{sys.executable}" -m mockocr',
            "MOCKOCR_STATE_DIR": str(state_dir),
        },
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^ℹ fail 0$", done.stdout, re.MULTILINE)
    assert (tmp_path / f"mockocr-{__version__}.tgz").exists()
