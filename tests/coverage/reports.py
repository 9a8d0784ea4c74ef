"""Reports for tests, made from exchanges as a journal makes them."""

from datetime import date
from typing import Any

from mockocr.actions.idcard.action import ID_CARD_OCR
from mockocr.coverage.coverage import coverage
from mockocr.coverage.exclusions import excluding
from mockocr.coverage.report import CoverageReport, CoverageRow
from mockocr.journal.exchange import Exchange
from mockocr.journal.tally import Tally
from mockocr.protocol.errors import Evidence, Refusal
from mockocr.scenario.outcomes import GatewayError, ResolvedOutcome
from mockocr.settings import API_PAGE
from tests.records import an_exchange


def an_answer(*marks: str, account: str | None = "alice", **filled: Any) -> Exchange:
    return an_exchange(account=account, action="IDCardOCR", marks=marks, **filled)


def a_refusal(code: str, account: str | None = "alice", **filled: Any) -> Exchange:
    error = Refusal(code, "", "", Evidence.ASSUMED).error()
    return an_exchange(account=account, action="IDCardOCR", error=error, **filled)


def a_gateway_error(status: int) -> Exchange:
    resolved = ResolvedOutcome(GatewayError(status))
    return an_exchange(account="alice", action="IDCardOCR", resolved=resolved)


def a_report(
    *exchanges: Exchange, day: date = API_PAGE, account: str | None = None
) -> CoverageReport:
    tally = Tally()
    for exchange in exchanges:
        tally.count(exchange)
    return coverage([ID_CARD_OCR], day, tally, account)


def row_of(report: CoverageReport, row_id: str) -> CoverageRow:
    (row,) = (row for row in report.rows if row.id == row_id)
    return row


HOSTILE = "<script>alert(1)</script> `|*\x1b[31m\x00\ud800 ::error::"
"""The name of a test or an account."""


def a_full_report() -> CoverageReport:
    """With a row in each state, and texts that do harm if they are not escaped."""
    report = a_report(
        an_answer("side:FRONT", "asked:warning:copy", account=HOSTILE),
        *(a_refusal("FailedOperation.ImageBlur", f"account {n}") for n in range(9)),
        a_refusal("AuthFailure.SecretIdNotFound", None),
        a_gateway_error(429),
    )
    return excluding(report, [f"fault:TIMEOUT: {HOSTILE}"])
