"""What scripts/release refuses before it does anything. The rest takes minutes: it is run by
hand, and tests/test_wheel.py covers the part that may fail."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from mockocr.version import __version__
from tests.test_docs import ROOT

RELEASED = f"# Changelog\n\n## {__version__} - 2026-11-22\n"

Release = Callable[[], str]


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@localhost")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A clean tree with the script and all files that it checks first."""
    for name in ("scripts", "mockocr"):
        (tmp_path / name).mkdir()
    shutil.copy(ROOT / "scripts/release", tmp_path / "scripts")
    shutil.copy(ROOT / "mockocr/version.py", tmp_path / "mockocr")
    (tmp_path / "clients/node").mkdir(parents=True)
    shutil.copy(ROOT / "clients/node/package.json", tmp_path / "clients/node")
    (tmp_path / "CHANGELOG.md").write_text(RELEASED)
    git(tmp_path, "init")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--message=a")
    return tmp_path


def refusal(project: Path) -> str:
    done = subprocess.run(["scripts/release"], cwd=project, capture_output=True, text=True)
    assert done.returncode == 1
    assert not (project / "dist").exists()
    return done.stderr


def test_a_tree_that_is_not_clean_is_refused(project: Path) -> None:
    (project / "mockocr/new.py").touch()

    assert "not clean" in refusal(project)


def test_a_version_that_the_changelog_does_not_have_is_refused(project: Path) -> None:
    (project / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n")
    git(project, "commit", "--all", "--message=b")

    assert f"no heading '## {__version__} - YYYY-MM-DD'" in refusal(project)


def test_another_version_of_the_npm_package_is_refused(project: Path) -> None:
    (project / "clients/node/package.json").write_text('{"version": "9.9.9"}')
    git(project, "commit", "--all", "--message=b")

    assert "package.json has another version" in refusal(project)


def test_the_versions_in_texts_are_that_of_the_package() -> None:
    for page in ("docs/ci.md", "docs/node.md"):
        found = re.findall(r"mockocr(?:@v|-)(\d+\.\d+\.\d+)", (ROOT / page).read_text("utf-8"))
        assert set(found) == {__version__}, page
    for file in ("package.json", "package-lock.json"):
        assert json.loads((ROOT / "clients/node" / file).read_text())["version"] == __version__


def test_a_version_that_has_a_tag_is_refused(project: Path) -> None:
    git(project, "tag", f"v{__version__}")

    assert f"v{__version__} is there already" in refusal(project)


def test_nothing_of_it_publishes() -> None:
    """The commands are only printed."""
    script = (ROOT / "scripts/release").read_text()
    done, printed = script.split("cat <<END")

    for publishing in ("twine upload", "npm publish", "git tag", "git push", "docker push"):
        assert publishing not in done
        assert publishing in printed
