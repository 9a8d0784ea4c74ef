"""docs/README.md links every page, and every link between pages has a target."""

import re
from pathlib import Path

from tests.test_docs import LINK, ROOT

DOCS = ROOT / "docs"
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "bench/README.md")),
    *sorted(DOCS.rglob("*.md")),
]
ANCHOR = re.compile(r"\]\(([^)#:]*)#([^)]+)\)")


def linked(page: Path) -> set[Path]:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    return {(page.parent / target).resolve() for target in targets}


def anchors(page: Path) -> set[str]:
    """The anchors of its headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


def test_the_index_links_every_page_of_its_folder() -> None:
    for folder in (DOCS, DOCS / "clients", DOCS / "decisions"):
        pages = {each for each in folder.glob("*.md") if each.name != "README.md"}

        assert pages <= linked(folder / "README.md")


def test_the_index_links_the_other_indexes_and_the_pages_above() -> None:
    above = {each for each in PAGES if not each.is_relative_to(DOCS)}
    indexes = {DOCS / name / "README.md" for name in ("clients", "decisions")}

    assert above | indexes <= linked(DOCS / "README.md")


def test_every_link_leads_to_a_file() -> None:
    for page in PAGES:
        for target in linked(page):
            assert target.exists(), f"{page}: {target}"


def test_every_anchor_is_a_heading() -> None:
    for page in PAGES:
        for target, anchor in ANCHOR.findall(page.read_text(encoding="utf-8")):
            there = (page.parent / target).resolve() if target else page
            assert anchor in anchors(there), f"{page}: {target}#{anchor}"


def test_decisions_are_numbered_without_a_gap_and_titled_in_the_index_as_in_their_page() -> None:
    index = (DOCS / "decisions/README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\d+)\]\((.*?)\) \| (.*) \|$", index, re.MULTILINE)

    assert [int(number) for number, _, _ in rows] == list(range(1, len(rows) + 1))
    for number, file, title in rows:
        first = (DOCS / "decisions" / file).read_text(encoding="utf-8").splitlines()[0]
        assert first == f"# {number}. {title}"


def test_the_one_command_of_contributing_is_that_of_the_readme() -> None:
    block = "```sh\nscripts/test\n```"

    assert block in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert block in (ROOT / "README.md").read_text(encoding="utf-8")


def test_scripts_and_files_that_contributing_names_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(
        re.findall(r"`((?:scripts|mockocr|docs|deploy|fixtures|scenarios|bench)/[\w./-]*)", text)
    )

    assert len(named) > 10
    assert not [each for each in named if not (ROOT / each).exists()]
