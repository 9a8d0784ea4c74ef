"""From counted calls to the states of rows."""

from datetime import date

import pytest

from mockocr.actions import catalogue
from mockocr.actions.idcard.action import ID_CARD_OCR
from mockocr.coverage.coverage import coverage
from mockocr.coverage.report import CoverageReport
from mockocr.journal.exchange import Exchange
from mockocr.journal.tally import Tally
from mockocr.protocol.signature import Signature
from mockocr.protocol.wire import Fault
from mockocr.scenario.outcomes import FaultOutcome, GatewayError, Outcome, ResolvedOutcome
from mockocr.settings import API_PAGE
from tests.actions.toy import ECHO_OCR
from tests.coverage.reports import a_gateway_error, a_refusal, a_report, an_answer, row_of
from tests.records import an_exchange

SIGNED = Signature("to sign", True, payload_hash="hash", covers_body=True)


def failed(outcome: Outcome) -> Exchange:
    return an_exchange(
        account="alice",
        action="IDCardOCR",
        resolved=ResolvedOutcome(outcome),
        signature=SIGNED,
    )


def seen(report: CoverageReport) -> dict[str, int]:
    return {row.id: row.calls for row in report.rows if row.calls}


def test_a_row_is_seen_by_the_accounts_whose_calls_had_it() -> None:
    report = a_report(
        an_answer("side:FRONT"), an_answer("side:FRONT"), an_answer("side:FRONT", account="bob")
    )

    row = row_of(report, "side:FRONT")
    assert (row.state, row.calls) == ("seen", 3)
    assert [(source.name, source.calls) for source in row.sources] == [("alice", 2), ("bob", 1)]
    assert row.sources[0].first == "2026-11-22T12:00:00.000+00:00"


def test_the_calls_of_one_account_can_be_asked_for() -> None:
    calls = an_answer("side:FRONT"), an_answer("side:BACK", account="bob")

    assert seen(a_report(*calls, account="bob")) == {"side:BACK": 1}


def test_errors_faults_and_statuses_are_seen_by_their_outcome() -> None:
    report = a_report(
        a_refusal("FailedOperation.ImageBlur"),
        a_refusal("AuthFailure.SignatureFailure"),
        a_refusal("AuthFailure.SecretIdNotFound", None),
        a_gateway_error(502),
        failed(FaultOutcome(Fault.BAD_JSON)),
    )

    assert seen(report) == {
        "error:FailedOperation.ImageBlur": 1,
        "error:AuthFailure.SignatureFailure": 1,
        "error:AuthFailure.SecretIdNotFound": 1,
        "http:502": 1,
        "fault:BAD_JSON": 1,
    }
    assert row_of(report, "error:AuthFailure.SecretIdNotFound").sources[0].name is None


def test_a_warning_that_was_asked_for_and_never_given_is_not_seen() -> None:
    report = a_report(an_answer("asked:warning:copy"), an_answer("asked:warning:border"))
    given = a_report(an_answer("asked:warning:copy", "warning:copy"))

    row = row_of(report, "warning:copy")
    assert (row.state, row.calls, sum(each.calls for each in row.asked)) == ("asked", 0, 1)
    assert row_of(report, "warning:reshoot").state == "missed"
    assert row_of(given, "warning:copy").state == "seen"


def test_what_another_contract_has_is_impossible_and_counts_nowhere() -> None:
    report = a_report(an_answer("warning:watermark", "asked:warning:watermark"))
    newer = a_report(an_answer("warning:watermark"), day=date(2026, 3, 9))

    row = row_of(report, "warning:watermark")
    assert (row.state, row.calls, report.totals.seen) == ("impossible", 1, 0)
    assert (row_of(newer, "warning:watermark").state, newer.totals.seen) == ("seen", 1)


@pytest.mark.parametrize(
    ("outcome", "row"),
    [
        (GatewayError(502), "recovery:http"),
        (GatewayError(429), "recovery:http"),
        (FaultOutcome(Fault.TIMEOUT), "recovery:fault"),
    ],
)
def test_a_success_after_a_fault_or_a_status_is_a_recovery(outcome: Outcome, row: str) -> None:
    report = a_report(failed(outcome), an_answer("side:FRONT", signature=SIGNED))

    assert row_of(report, row).state == "seen"


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("InternalError", "seen"),
        ("FailedOperation.OcrFailed", "seen"),
        ("FailedOperation.ImageBlur", "missed"),
        ("AuthFailure.SignatureExpire", "missed"),
    ],
)
def test_a_success_after_a_refusal_is_a_recovery_if_it_was_retryable(code: str, state: str) -> None:
    report = a_report(a_refusal(code, signature=SIGNED), an_answer(signature=SIGNED))

    assert row_of(report, "recovery:error").state == state


def test_outcomes_without_a_row_are_listed_apart() -> None:
    report = a_report(
        a_gateway_error(429),
        a_gateway_error(429),
        a_refusal("Scripted.Code"),
        an_answer("side:?", "asked:warning:?"),
    )

    assert report.others == {"http:429": 2, "Scripted.Code": 1, "side:?": 1}
    assert report.totals.seen == 0


def test_the_rows_of_several_actions_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_ACTIONS", (ID_CARD_OCR, ECHO_OCR))
    tally = Tally()
    for code in ("FailedOperation.NoEcho", "FailedOperation.UnOpenError", "InternalError"):
        exchange = a_refusal(code)
        exchange.action = "EchoOCR"
        tally.count(exchange)
    tally.count(an_answer("side:FRONT"))

    report = coverage([ID_CARD_OCR, ECHO_OCR], API_PAGE, tally)

    assert seen(report) == {
        "EchoOCR/error:FailedOperation.NoEcho": 1,
        "EchoOCR/error:FailedOperation.UnOpenError": 1,
        "error:InternalError": 1,
        "IDCardOCR/side:FRONT": 1,
    }
