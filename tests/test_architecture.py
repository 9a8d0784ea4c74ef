"""docs/architecture.md shows the floors that pyproject.toml states for import-linter."""

import re
import subprocess
import sys
import tomllib

from tests.test_docs import ROOT, blocks

PAGE = "docs/architecture.md"


def test_the_diagram_is_drawn_from_the_contract() -> None:
    """If this fails, run scripts/make-floors."""
    script = ROOT / "scripts/make-floors"
    printed = subprocess.run(
        [sys.executable, script, "--print"], capture_output=True, text=True, check=True
    ).stdout

    (diagram,) = blocks(PAGE, "mermaid")
    assert printed == f"```mermaid\n{diagram}```\n"


def test_the_table_has_every_package_by_layer() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (floors,) = (each["layers"] for each in contracts if each["type"] == "layers")

    text = (ROOT / PAGE).read_text(encoding="utf-8").split("| package |")[1].split("\n\n")[0]
    first_cells = re.findall(r"^\| (`.*?`) \|", text, re.MULTILINE)
    packages = [name for cell in first_cells for name in re.findall(r"`(\w+)(?:/|\.py)`", cell)]

    for floor in floors:
        names = floor.split(" | ")
        assert sorted(packages[: len(names)]) == sorted(names)
        packages = packages[len(names) :]
    assert packages == []


def test_every_file_that_the_page_names_is_there() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    named = re.findall(r"`([a-z_]+/[a-z_/]+\.(?:py|yaml))`", text)

    missing = [file for file in named if not (ROOT / "mockocr" / file).exists()]
    assert (missing, len(named) > 20) == ([], True)
