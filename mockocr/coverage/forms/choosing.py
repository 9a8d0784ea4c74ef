"""The forms by name, and where a report goes: `json`, or `json:FILE`."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from mockocr.coverage.forms.ctrf import ctrf
from mockocr.coverage.forms.html import html
from mockocr.coverage.forms.junit import junit
from mockocr.coverage.forms.markdown import markdown
from mockocr.coverage.forms.term import term
from mockocr.coverage.report import CoverageReport
from mockocr.suggestions import unknown
from mockocr.terminal import escaped_json


def json(report: CoverageReport) -> str:
    lines = report.model_dump_json(indent=1).split("\n")
    return "\n".join([*map(escaped_json, lines), ""])


FORMS: Mapping[str, Callable[[CoverageReport], str]] = {
    "term": term,
    "markdown": markdown,
    "json": json,
    "junit": junit,
    "html": html,
    "ctrf": ctrf,
}

DEFAULT_FILES: Mapping[str, str] = {
    "markdown": "mockocr-coverage.md",
    "json": "mockocr-coverage.json",
    "junit": "mockocr-coverage.xml",
    "html": "mockocr-coverage.html",
    "ctrf": "mockocr-coverage.ctrf.json",
}
"""Where a test run writes a form without a file. The table goes to the terminal."""


class UnknownFormError(ValueError):
    """No form has the name."""


class Destination(NamedTuple):
    form: str
    file: Path | None
    """None: the terminal."""

    def text(self, report: CoverageReport) -> str:
        return FORMS[self.form](report)

    def write(self, report: CoverageReport) -> None:
        """Writes the file, with the folders above it. Raises OSError."""
        if self.file is not None:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            content = self.text(report).rstrip("\n") + "\n"
            self.file.write_text(content, encoding="utf-8", errors="replace")


def destination(text: str, folder: Path) -> Destination:
    """From `FORM` or `FORM:FILE`; a relative file is in the folder. Raises UnknownFormError."""
    form, _, file = text.partition(":")
    if form not in FORMS:
        raise UnknownFormError(unknown("form of a report", form, FORMS))
    name = file or DEFAULT_FILES.get(form)
    return Destination(form, None if name is None else folder / name)
