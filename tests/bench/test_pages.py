"""Pages with markers, and the chart."""

import xml.etree.ElementTree as ET

import pytest

from bench.chart import BARS, chart
from bench.goals import OURS
from bench.measures.speed import WITH_LOG, WITH_RULES, rate_of
from bench.pages import KEPT, PAGES, PICTURE, MarkerError, filled, kept
from bench.report import goals
from tests.bench.runs import a_run

PAGE = "before\n<!-- bench: goals -->\nold\n<!-- end of bench -->\nafter\n"
SVG = "{http://www.w3.org/2000/svg}"


def test_what_stands_between_markers_is_replaced_and_nothing_else_is() -> None:
    results = a_run()

    page = filled(PAGE, results)

    table = f"<!-- bench: goals -->\n\n{goals(results)}\n\n<!-- end of bench -->"
    assert page == f"before\n{table}\nafter\n"
    assert filled(page, results) == page


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (PAGE.replace("goals", "gaols"), "there is no table 'gaols'; there are conditions, short"),
        (PAGE.replace("<!-- end of bench -->", ""), "needs a line of its own"),
        (PAGE.replace("<!-- end of bench -->", "") + PAGE, "the block 'goals' has no end"),
        (PAGE.replace("goals -->\n", "goals -->"), "needs a line of its own"),
    ],
)
def test_markers_that_cannot_be_used_are_told(page: str, words: str) -> None:
    with pytest.raises(MarkerError, match=words):
        filled(page, a_run())


def test_the_pages_and_the_picture_show_the_run_that_is_kept() -> None:
    results = kept()

    for page in PAGES:
        text = page.read_text("utf-8")
        assert filled(text, results) == text, f"{page}: python -m bench.pages"
    assert chart(results) == PICTURE.read_text("utf-8"), "python -m bench.pages"
    assert results.as_lines() == KEPT.read_text("utf-8")


def test_bars_are_as_long_as_what_they_show() -> None:
    results = a_run({(rate_of(("240 B", 32)), OURS): [50], (rate_of(("240 B", 32)), "a<b"): [25]})

    picture = ET.fromstring(chart(results))  # noqa: S314 - ours

    panel = picture.findall(f"{SVG}g")[0]
    widths = [float(bar.attrib["width"]) for bar in panel.findall(f"{SVG}rect")]
    texts = [text.text for text in panel.findall(f"{SVG}text")]
    assert widths == [BARS, BARS, BARS, BARS, BARS / 2, BARS / 4]
    names = ["baseline", "hashing floor", WITH_LOG, WITH_RULES]
    assert texts[2:10:2] == sorted(names)
    assert texts[10:] == [OURS, "0.50", "a<b", "0.25"]
