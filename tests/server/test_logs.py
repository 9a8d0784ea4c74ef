import json
import logging
import sys
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockocr.actions.idcard.hints import BASE64_IGNORED
from mockocr.explainer.causes import Cause
from mockocr.images.image import ImageError, Picture
from mockocr.journal.exchange import Exchange
from mockocr.protocol.reasons import Note, OwnLanguage, Reason
from mockocr.protocol.refusals import INVALID_ACTION
from mockocr.server.logs import QUEUED_BYTES, JsonLines, LogWriter, TextLines, start_logging
from mockocr.settings import Settings
from tests.pipelines import a_pipeline
from tests.processes import DEADLINE_SECONDS
from tests.records import SECRETS, an_exchange, an_exchange_full_of_secrets

A_PICTURE = Picture("PNG", 80, 50, 1234, "0123456789abcdef")


def a_record(message: str = "call", level: int = logging.INFO, **extra: Any) -> logging.LogRecord:
    record = logging.LogRecord("mockocr.calls", level, __file__, 1, message, (), None)
    vars(record).update(extra)
    return record


def text_of(exchange: Exchange) -> str:
    """The line without its time, which is local."""
    return TextLines().format(a_record(exchanges=[exchange])).split(" ", 1)[1]


def json_of(exchange: Exchange) -> dict[str, Any]:
    line = JsonLines().format(a_record(exchanges=[exchange]))
    assert len(line.splitlines()) == 1
    result = json.loads(line)
    assert isinstance(result, dict)
    return result


@pytest.fixture
def loggers() -> Iterator[None]:
    """Logging as it was before the test, afterwards."""
    known = [logging.getLogger(name) for name in ("mockocr", "uvicorn")]
    before = [(each.handlers, each.propagate, each.level) for each in known]

    yield

    for each in known:
        each.handlers[0].close()
    for each, (handlers, propagate, level) in zip(known, before, strict=True):
        each.handlers, each.propagate = handlers, propagate
        each.setLevel(level)


def started(**settings: Any) -> logging.Logger:
    start_logging(Settings(**settings), lambda lines: None)
    return logging.getLogger("mockocr.calls")


def test_a_call_is_a_line_of_text() -> None:
    exchange = an_exchange(
        account="default", action="IDCardOCR", rule="a rule", milliseconds=1.25, picture=A_PICTURE
    )

    assert text_of(exchange) == (
        "id-1 default IDCardOCR ok 1.2 ms rule='a rule' picture='PNG 80x50 1234 B 0123456789ab'"
    )


def test_a_call_that_got_nowhere_is_a_line_of_text() -> None:
    exchange = an_exchange(error=INVALID_ACTION.error(), picture=ImageError.UNDECODABLE)

    assert text_of(exchange) == "id-1 - - InvalidAction 0.0 ms picture='undecodable'"


def test_a_call_is_a_line_of_json() -> None:
    exchange = an_exchange(account="default", action="IDCardOCR", rule="r", picture=A_PICTURE)

    result = json_of(exchange)

    summary = exchange.summary()
    taken = [summary.pop(name) for name in ("notes", "unmatched", "reason", "side")]
    assert taken == [[], False, None, None]
    expected = {"level": "info", "event": "call", **summary}
    assert expected.items() - {("time", summary["time"])} <= result.items()
    assert result["picture"] == "PNG 80x50 1234 B 0123456789ab"
    assert "picture" not in json_of(an_exchange())


def test_a_note_is_in_the_line() -> None:
    note = Note("image_ignored", Reason(BASE64_IGNORED, "ImageBase64"))
    exchange = an_exchange(notes=(note,))

    assert text_of(exchange).endswith(f" note=image_ignored: {note.hint['en']!r}")
    assert json_of(exchange)["notes"] == [{**note.to_dict(), "hint": note.hint["en"]}]
    assert "notes" not in json_of(an_exchange())


@given(st.text(), st.text(min_size=1), st.text())
def test_a_call_is_one_line_whatever_the_client_sent(action: str, rule: str, account: str) -> None:
    exchange = an_exchange(action=action, rule=rule, account=account)

    line = TextLines().format(a_record(exchanges=[exchange]))

    assert len(line.splitlines()) == 1
    assert line.isprintable()
    assert json_of(exchange)["action"] == action


@pytest.mark.parametrize(
    "sent", ["a\nb", "a\r\nb", "\x1b[2J", "a\u2028b", "\x9b1m", "\ud800", "\x7f"]
)
def test_line_ends_and_escape_codes_are_shown_and_not_done(sent: str) -> None:
    exchange = an_exchange(action=sent, rule=sent, account=sent)

    line = text_of(exchange)

    assert line.isprintable()
    assert "\\" in line
    assert JsonLines().format(a_record(exchanges=[exchange])).isprintable()
    assert json_of(exchange)["rule"] == sent


def test_chinese_can_be_searched_in_the_log() -> None:
    record = a_record(exchanges=[an_exchange(rule="第三次失败")])
    found = a_record("id-1 cause=clock_skew", hint={"en": "late", "zh": "时钟相差"})

    assert '"rule": "第三次失败"' in written(JsonLines(), record)
    assert '"hint": "时钟相差"' in written(JsonLines("zh"), found)


@pytest.mark.parametrize("lines", [TextLines(), JsonLines()])
def test_nothing_personal_and_no_secret_is_in_a_line(lines: logging.Formatter) -> None:
    line = lines.format(a_record(exchanges=[an_exchange_full_of_secrets()]))

    assert not [secret for secret in SECRETS if secret in line]


def test_what_is_no_call_is_told_with_its_level() -> None:
    lines = TextLines()

    result = [lines.format(a_record("it", level))[9:] for level in (logging.INFO, logging.WARNING)]

    assert result == ["it", "warning: it"]


def a_bug() -> logging.LogRecord:
    try:
        raise ZeroDivisionError("a bug")
    except ZeroDivisionError:
        record = a_record("it broke", logging.ERROR)
        record.exc_info = sys.exc_info()
        return record


def written(lines: logging.Formatter, *records: logging.LogRecord) -> str:
    """What a log writes of records."""
    texts: list[str] = []
    writer = LogWriter(texts.append, lambda lines: None)
    writer.setFormatter(lines)
    for record in records:
        writer.handle(record)
    writer.flush()
    writer.close()
    return "".join(texts)


def test_a_bug_is_told_with_its_traceback() -> None:
    text = written(TextLines(), a_bug()).removesuffix("\n")
    result = json.loads(written(JsonLines(), a_bug()))

    assert text[9:].startswith("error: it broke\nTraceback")
    assert text.endswith("ZeroDivisionError: a bug")
    assert result["exception"].endswith("ZeroDivisionError: a bug")
    assert (result["level"], result["event"]) == ("error", "it broke")


def test_facts_take_the_place_of_text_in_json() -> None:
    record = a_record("a banner\nof lines", facts={"event": "listening", "http": "http://x"})

    result = json.loads(JsonLines().format(record))

    assert (result["event"], result["http"]) == ("listening", "http://x")
    assert TextLines().format(record).endswith("a banner\nof lines")


def message_of(log: str, is_json: bool) -> str:
    """The message of a log of one line."""
    (line,) = log.splitlines()
    return str(json.loads(line)["event"]) if is_json else line[9:]


@pytest.mark.usefixtures("loggers")
@pytest.mark.parametrize(("chosen", "is_json"), [("auto", True), ("json", True), ("text", False)])
def test_the_log_goes_to_stderr_as_json_unless_a_terminal_or_text_is_wanted(
    chosen: Any, is_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    started(log_format=chosen).info("a call")

    logging.getLogger("mockocr").handlers[0].flush()
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message_of(captured.err, is_json) == "a call"


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("loggers")
@pytest.mark.parametrize(("chosen", "is_json"), [("auto", False), ("json", True), ("text", False)])
def test_on_a_terminal_the_log_is_text_unless_json_is_wanted(
    chosen: Any, is_json: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    started(log_format=chosen).info("a call")

    logging.getLogger("mockocr").handlers[0].flush()
    assert message_of(terminal.getvalue(), is_json) == "a call"


@pytest.mark.usefixtures("loggers")
def test_less_than_the_wanted_level_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    started(log_format="text", log_level="warning").info("a call")
    logging.getLogger("uvicorn.error").warning("what a client did")
    logging.getLogger("mockocr").warning("a warning")

    logging.getLogger("mockocr").handlers[0].flush()
    assert capsys.readouterr().err.splitlines()[0].endswith("warning: a warning")


@pytest.mark.parametrize(("proven", "shown"), [(True, "clock_skew "), (False, "clock_skew? ")])
def test_a_refused_signature_is_logged_with_its_cause_and_how_to_see_more(
    proven: bool, shown: str
) -> None:
    exchange = an_exchange(cause=Cause("clock_skew", proven, ("+301", "+301")))

    assert f"cause={shown}(mockocr explain id-1)" in text_of(exchange)
    result = json_of(exchange)
    assert (result["cause"], result["proven"]) == ("clock_skew", proven)
    assert result["more"] == "mockocr explain id-1"


@pytest.mark.parametrize(("language", "shown"), [("en", "has a line end"), ("zh", "换行符")])
def test_a_cause_that_is_found_after_the_answer_is_logged_with_its_hint(
    language: OwnLanguage, shown: str
) -> None:
    cause = Cause("secret_has_whitespace", True, ("a line end", "换行符"))
    record = a_record(f"id-1 cause={cause.name}", facts={"RequestId": "id-1"}, hint=cause.hint)

    assert shown in TextLines(language).format(record)
    assert shown in json.loads(JsonLines(language).format(record))["hint"]


@pytest.mark.usefixtures("loggers")
def test_where_no_call_was_answered_no_line_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    started(log_format="text")

    a_pipeline().record([])

    logging.getLogger("mockocr").handlers[0].flush()
    assert capsys.readouterr().err == ""


def test_calls_that_were_answered_together_have_a_line_each() -> None:
    together = a_record(exchanges=[an_exchange("id-1"), an_exchange("id-2")])

    assert [line.split(" ")[1] for line in written(TextLines(), together).splitlines()] == [
        "id-1",
        "id-2",
    ]
    ids = [json.loads(line)["RequestId"] for line in written(JsonLines(), together).splitlines()]
    assert ids == ["id-1", "id-2"]


class Reader:
    """Of a log; until `reads` is set, whoever writes to it waits."""

    def __init__(self) -> None:
        self.reads = Event()
        self.waits = Event()
        self.text = ""

    def write(self, text: str) -> None:
        self.waits.set()
        assert self.reads.wait(DEADLINE_SECONDS)
        self.text += text


def test_lines_that_nobody_reads_are_dropped_counted_and_told() -> None:
    reader, dropped = Reader(), Counter[str]()
    writer = LogWriter(reader.write, lambda lines: dropped.update(lines=lines))
    writer.setFormatter(TextLines())
    large = an_exchange("large", size_bytes=QUEUED_BYTES // 2)

    writer.handle(a_record("first"))
    assert reader.waits.wait(DEADLINE_SECONDS)
    for _ in range(3):
        writer.handle(a_record(exchanges=[large, an_exchange("small", size_bytes=1)]))
    writer.handle(a_record("last"))
    reader.reads.set()
    writer.flush()
    writer.close()

    lines = reader.text.splitlines()
    assert dropped == {"lines": 4}
    assert [line.split(" ")[1] for line in lines] == ["first", "large", "small", "last", "warning:"]
    assert " 4 log lines were dropped" in lines[-1]


def test_there_is_room_again_when_lines_are_written() -> None:
    reader, dropped = Reader(), Counter[str]()
    writer = LogWriter(reader.write, lambda lines: dropped.update(lines=lines))
    writer.setFormatter(TextLines())
    reader.reads.set()

    for _ in range(3):
        writer.handle(a_record(exchanges=[an_exchange(size_bytes=QUEUED_BYTES - 10)]))
        writer.flush()
    writer.close()

    assert not dropped
    assert len(reader.text.splitlines()) == 3


def test_lines_for_a_reader_that_has_gone_are_counted() -> None:
    def gone(text: str) -> None:
        raise BrokenPipeError

    dropped = Counter[str]()
    writer = LogWriter(gone, lambda lines: dropped.update(lines=lines))
    writer.setFormatter(TextLines())

    writer.handle(a_record("one"))
    writer.flush()
    writer.handle(a_record(exchanges=[an_exchange(), an_exchange()]))
    writer.flush()
    writer.close()

    assert dropped == {"lines": 3}


def test_a_line_that_cannot_be_made_does_not_end_the_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    broken = an_exchange()
    broken.received_at = None  # type: ignore[assignment]

    lines = written(JsonLines(), a_record(exchanges=[broken]), a_record("goes on"))

    assert json.loads(lines)["event"] == "goes on"
    assert "AttributeError" in capsys.readouterr().err
