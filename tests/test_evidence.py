"""The rows of evidence are well formed, and make docs/fidelity.md."""

import re
import subprocess
import sys
from typing import Any

import yaml

from tests.test_docs import ROOT

EVIDENCE = yaml.safe_load((ROOT / "mockocr/evidence.yaml").read_text(encoding="utf-8"))
ROWS: list[dict[str, Any]] = [row for group in EVIDENCE["groups"] for row in group["rows"]]
STATUSES = {"observed", "documented", "assumed", "ours"}


def headings() -> list[str]:
    """The anchors that GitHub gives to the titles of the groups."""
    titles = (group["title"].lower() for group in EVIDENCE["groups"])
    return [re.sub(r"[^\w -]", "", title).replace(" ", "-") for title in titles]


def test_the_page_is_generated_from_the_rows() -> None:
    """If this fails, run scripts/make-fidelity."""
    script = ROOT / "scripts/make-fidelity"
    printed = subprocess.run(
        [sys.executable, script, "--print"], capture_output=True, text=True, check=True
    ).stdout

    assert printed == (ROOT / "docs/fidelity.md").read_text(encoding="utf-8")


def test_every_anchor_is_used_once() -> None:
    anchors = [row["id"] for row in ROWS] + headings()

    assert sorted(set(anchors)) == sorted(anchors)
    assert [each for each in anchors if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", each)] == []


def test_every_row_has_a_fact_a_status_and_a_source() -> None:
    known = {"id", "fact", "code", "status", "source", "place", "since"}

    for row in ROWS:
        assert {"id", "fact", "status", "source"} <= set(row) <= known, row
        assert row["status"] in STATUSES, row


def test_every_place_of_a_choice_is_a_file_of_the_package() -> None:
    places = {row["place"] for row in ROWS if "place" in row}

    assert sorted(each for each in places if not (ROOT / "mockocr" / each).is_file()) == []
