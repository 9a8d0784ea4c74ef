"""Every check and every business error says why, in each place where a call is shown, and in both
languages. So does every note.

If the pages differ, run scripts/make-troubleshooting.
"""

import json
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from mockocr.admin.explain import explanation
from mockocr.cli.explain import as_text
from mockocr.journal.exchange import Exchange
from mockocr.protocol.reasons import PAGES, OwnLanguage, Reason, anchor_of, difference
from mockocr.server.logs import JsonLines, TextLines
from mockocr.testing.report import explained
from tests.faults import FAULTS
from tests.mistaken_calls import CASES, Case, web_server
from tests.pipelines import a_pipeline
from tests.requests import a_call
from tests.test_docs import ROOT

LANGUAGES = get_args(OwnLanguage)
HEADINGS = {"en": ("sent", "why", "remedy"), "zh": ("发送的内容", "原因", "处理办法")}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with web_server() as started:
        yield started


_SEEN: dict[str, Exchange] = {}


def record(case: Case, url: str) -> Exchange:
    """Each call is made once."""
    if str(case) not in _SEEN:
        _SEEN[str(case)] = case.exchange(url)
    return _SEEN[str(case)]


def reason_of(case: Case, exchange: Exchange) -> Reason:
    if case.is_note:
        (note,) = exchange.notes
        assert note.name == case.entry
        return note.reason
    assert exchange.error is not None
    assert exchange.error.reason is not None
    return exchange.error.reason


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_line_that_refuses_gives_the_reason(case: Case, url: str) -> None:
    exchange = record(case, url)
    reason = reason_of(case, exchange)

    assert exchange.outcome == ("ok" if case.is_note else case.entry)
    assert (reason.hint, reason.parameter) == (case.hint, case.parameter)
    if case.value is not None:
        assert reason.value == case.value


def log_lines(exchange: Exchange, language: OwnLanguage) -> tuple[str, dict[str, Any]]:
    log = logging.LogRecord("mockocr.calls", logging.INFO, __file__, 1, "call", (), None)
    log.exchanges = [exchange]
    return TextLines(language).format(log), json.loads(JsonLines(language).format(log))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_is_shown_by_log_explain_report_and_admin_api(
    case: Case, url: str, language: OwnLanguage
) -> None:
    exchange = record(case, url)
    reason = reason_of(case, exchange)
    view = explanation(exchange, language).model_dump(by_alias=True)
    text, line = log_lines(exchange, language)
    places = {
        "explain": as_text(view),
        "report": "\n".join(explained(view)),
        "log": text,
    }
    if case.is_note:
        hint = exchange.notes[0].hint[language]
        assert view["notes"] == [exchange.notes[0].to_dict()]
        assert line["notes"][0]["hint"] == hint
        shown = [hint]
    else:
        assert exchange.hint is not None
        hint = exchange.hint[language]
        assert view["message"] == exchange.message
        assert view["hint"][language] == hint
        assert view["reason"] == line["reason"] == reason.to_dict()
        assert line["hint"] == hint
        assert exchange.message is not None
        shown = [reason.parameter, reason.value or "", hint]
        assert exchange.message in places["explain"]
        assert exchange.message in places["report"]
    for place, said in places.items():
        for part in shown:
            assert part in said or repr(part)[1:-1] in said, f"{place}: {said}"


def test_a_good_call_makes_no_reason_and_no_hint() -> None:
    pipeline, called = a_pipeline(), set()

    def record_call(frame: Any, event: str, _: Any) -> None:
        if event == "call":
            called.add(Path(frame.f_code.co_filename).name)

    pipeline.answer(a_call())
    sys.setprofile(record_call)
    try:
        pipeline.answer(a_call())
    finally:
        sys.setprofile(None)

    assert "pipeline.py" in called
    assert called.isdisjoint({"reasons.py", "hints.py", "suggestions.py", "unusable.py"})


def test_every_check_is_one_of_the_cases() -> None:
    codes = {case.entry for case in CASES}

    assert {fault.code for fault in FAULTS} <= codes


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_what_is_said_of_each_call(language: OwnLanguage, url: str) -> None:
    page = (ROOT / PAGES[language]).read_text(encoding="utf-8")
    for entry in sorted({case.entry for case in CASES}, key=anchor_of):
        expected = table(entry, language, url)
        found = re.search(rf"^### {re.escape(entry)}\n(.*?)(?=^##|\Z)", page, re.M | re.S)

        assert found is not None, (
            f"{PAGES[language]} has no entry {entry}; it should be\n{expected}"
        )
        assert expected in found[1], f"{entry} of {PAGES[language]} should be\n{expected}"


def table(entry: str, language: OwnLanguage, url: str) -> str:
    """The rows of an entry."""
    lines = [f"| {' | '.join(HEADINGS[language])} |", "|---|---|---|"]
    for case in CASES:
        if case.entry == entry:
            exchange = record(case, url)
            reason = reason_of(case, exchange)
            hint = (exchange.notes[0].hint if case.is_note else exchange.hint) or {}
            remedy = re.sub(r" ?(See|参见) docs/\S+$", "", hint.get(language, ""))
            why = difference(reason.to_dict(), language)
            sent = case.en if language == "en" else case.zh
            cells = (sent, why, remedy)
            lines.append(f"| {' | '.join(map(_cell, cells))} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    text = re.sub(r"127\.0\.0\.1:\d{4,}", "127.0.0.1:8080", text)
    return text.replace("|", "\\|").replace("<", "&lt;")
