"""`python -m bench.pages`: writes the stored results into the pages that show them.

A page has the markers <!-- bench: NAME --> and <!-- end of bench -->. The text between them is
replaced by the table of that name, so no figure on a page is typed by hand.
"""

import re
import sys
from pathlib import Path

from bench.chart import chart
from bench.figure import Results
from bench.report import BLOCKS

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "bench" / "results.jsonl"
PICTURE = ROOT / "docs" / "pictures" / "performance.svg"
PAGES = tuple(ROOT / name for name in ("docs/performance.md", "README.md", "README.zh-CN.md"))

_BEGIN, _END = "<!-- bench: ", "<!-- end of bench -->"
_BLOCK = re.compile(r"(<!-- bench: ([\w-]+) -->\n).*?(<!-- end of bench -->)", re.DOTALL)


class MarkerError(Exception):
    """The markers of a page are invalid. The message names the marker and the remedy."""


def filled(text: str, results: Results) -> str:
    """A page with the tables of these results. Raises MarkerError."""

    def block(found: re.Match[str]) -> str:
        begin, name, end = found.groups()
        if name not in BLOCKS:
            raise MarkerError(f"there is no table {name!r}; there are {', '.join(BLOCKS)}")
        if _BEGIN in found[0][len(begin) :]:
            raise MarkerError(f"the block {name!r} has no end: {_END}")
        return f"{begin}\n{BLOCKS[name](results)}\n\n{end}"

    filled_text, blocks = _BLOCK.subn(block, text)
    if not blocks == text.count(_BEGIN) == text.count(_END):
        raise MarkerError(f"each {_BEGIN}NAME --> needs a line of its own, and its {_END}")
    return filled_text


def keep(results: Results) -> None:
    KEPT.write_text(results.as_lines(), "utf-8")


def kept() -> Results:
    return Results.of_lines(KEPT.read_text("utf-8"))


def write(results: Results) -> None:
    """Raises MarkerError, before anything is written."""
    texts = {page: filled(page.read_text("utf-8"), results) for page in PAGES}
    for page, text in texts.items():
        page.write_text(text, "utf-8")
    PICTURE.write_text(chart(results), "utf-8")


if __name__ == "__main__":
    try:
        write(kept())
    except MarkerError as error:
        sys.exit(f"bench: {error}")
