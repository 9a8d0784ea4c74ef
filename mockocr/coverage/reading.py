"""Reading reports: of other servers, of workers, and in files. They may be hostile."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mockocr.coverage.report import CoverageReport, merged

MAX_FILE_BYTES = 64 * 1024**2


class UnreadableReportError(ValueError):
    """Not a report of outcome coverage."""


def read_report(document: Any) -> CoverageReport:
    """From the values of a JSON document. Its states and totals are computed anew.

    Raises UnreadableReportError.
    """
    try:
        report = CoverageReport.model_validate(document)
    except ValidationError as error:
        raise _unreadable(error) from None
    return merged([report])


def read_report_file(file: Path) -> CoverageReport:
    """Raises UnreadableReportError, with the name of the file."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UnreadableReportError(f"{file}: {error.strerror}") from None
    if len(content) > MAX_FILE_BYTES:
        raise UnreadableReportError(f"{file}: expected at most {MAX_FILE_BYTES} bytes")
    try:
        return merged([CoverageReport.model_validate_json(content)])
    except ValidationError as error:
        raise UnreadableReportError(f"{file}: {_unreadable(error)}") from None


def _unreadable(error: ValidationError) -> UnreadableReportError:
    """The first mistake, without the value."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
    where = f"{place.lstrip('.')}: " if place else ""
    return UnreadableReportError(
        f"{where}{first['msg']}; expected a report of `mockocr coverage --report json`"
    )
