"""Files and rows of docs/fidelity.md that code and pages cite exist."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from tests.test_docs import ROOT
from tests.test_evidence import ROWS, headings

FOLDERS = (
    "bench",
    "clients",
    "deploy",
    "docs",
    "fixtures",
    "fuzz",
    "mockocr",
    "scenarios",
    "scripts",
    "tests",
)
PAGE = re.compile(r"[\w./-]*\w\.md\b")
DATA = re.compile(r"\b(?:bench|docs|fixtures|scenarios|tests)/[\w./-]+\.json\b")
ROW = re.compile(r"fidelity\.md#([\w-]+)")
MADE_UP = {"mockocr-coverage.md", "readme.md", "summary.md", ".zh-CN.md"}
"""Files that commands and tests write, and the end of the names of Chinese pages."""


def files() -> Iterator[Path]:
    """The files of the repository, relative to it, without folders that scripts fill."""
    yield from (path.relative_to(ROOT) for path in ROOT.iterdir() if path.is_file())
    for folder in FOLDERS:
        for top, folders, names in os.walk(ROOT / folder):
            made = {"node_modules", "dist"}
            folders[:] = [each for each in folders if each not in made and each[0] != "."]
            yield from (Path(top, name).relative_to(ROOT) for name in names)


def texts() -> Iterator[tuple[str, str]]:
    """Path and text of each text file."""
    for path in files():
        content = (ROOT / path).read_bytes()
        if b"\0" not in content and path.suffix != ".lock":
            yield str(path), content.decode("utf-8", "replace")


def test_every_page_and_data_file_that_is_cited_is_in_the_repository() -> None:
    ends = {path.parts[at:] for path in files() for at in range(len(path.parts))}
    cited = {
        (path, name)
        for path, text in texts()
        for pattern in (PAGE, DATA)
        for name in pattern.findall(text)
    }

    def is_there(name: str) -> bool:
        parts = tuple(part for part in Path(name).parts if part not in ("..", "/"))
        return parts in ends or name in MADE_UP

    assert sorted(each for each in cited if not is_there(each[1])) == []


def test_every_row_that_is_cited_exists() -> None:
    anchors = {row["id"] for row in ROWS} | set(headings())
    cited = {(path, anchor) for path, text in texts() for anchor in ROW.findall(text)}

    assert sorted(each for each in cited if each[1] not in anchors) == []
    assert len(cited) > 10
