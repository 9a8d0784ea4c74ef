"""The log on stderr: one line a call, as text for people or JSON for machines.

A thread formats and writes the lines, so that a log that is not read delays no call.
"""

import json
import logging
import os
import sys
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from threading import Condition, Thread
from typing import Any, TextIO

from mockocr.images.image import Picture
from mockocr.journal.exchange import Exchange
from mockocr.protocol.errors import Language
from mockocr.protocol.reasons import OwnLanguage, difference
from mockocr.settings import Settings
from mockocr.terminal import escaped, escaped_json, printable

QUEUED_BYTES = 8 * 1024 * 1024
"""The estimated size of the queue: some thousands of calls. Further lines are dropped."""

FLUSH_SECONDS = 0.2
"""How long the end of the process waits for lines that are not written yet."""

Dropped = Callable[[int], None]
"""Receives the number of dropped lines."""


def start_logging(settings: Settings, dropped: Dropped) -> None:
    is_text = settings.log_format == "text" or (
        settings.log_format == "auto" and sys.stderr.isatty()
    )
    handler = LogWriter(_unlocked(sys.stderr), dropped)
    language = settings.lang or "en"
    handler.setFormatter(TextLines(language) if is_text else JsonLines(language))
    for name in ("mockocr", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
    logging.getLogger("mockocr").setLevel(settings.log_level.upper())
    # uvicorn warns about clients, which get an answer: this is not for the log.
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    # So does Pillow, and its warnings would appear unformatted between lines of JSON.
    warnings.filterwarnings("ignore", module="PIL")


def _unlocked(stream: TextIO) -> Callable[[str], object]:
    """A function that writes to the file of a stream without its buffer. A thread that waits for a
    reader in the buffer would hold a lock that Python needs when it exits."""
    try:
        file = stream.fileno()
    except OSError:
        return stream.write

    def write(text: str) -> None:
        left = memoryview(text.encode(errors="backslashreplace"))
        while left:
            left = left[os.write(file, left) :]

    return write


class LogWriter(logging.Handler):
    """Queues records for a thread that formats and writes all queued records together.

    If the queue is full, a record is dropped and counted. A later line says how many were dropped.
    """

    def __init__(self, write: Callable[[str], object], dropped: Dropped) -> None:
        super().__init__()
        self._write = write
        self._count_dropped = dropped
        self._changed = Condition()
        self._queued: list[logging.LogRecord] = []
        self._queued_bytes = 0
        self._dropped_lines = 0
        self._is_writing = False
        self._is_closed = False
        self._thread: Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and self.formatter:
            # The frames of a traceback refer to the whole body of a call.
            record.exc_text = self.formatter.formatException(record.exc_info)
            record.exc_info = None
        exchanges = _exchanges(record)
        size_bytes = sum(exchange.size_bytes for exchange in exchanges) + len(record.getMessage())
        with self._changed:
            if self._queued_bytes + size_bytes > QUEUED_BYTES:
                self._dropped_lines += len(exchanges) or 1
                self._count_dropped(len(exchanges) or 1)
                return
            self._queued.append(record)
            self._queued_bytes += size_bytes
            if self._thread is None:
                # A daemon: it may wait for a reader for ever.
                self._thread = Thread(target=self._run, name="mockocr log", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._is_writing = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._queued or self._is_closed)
                if not self._queued:
                    return
                records, self._queued = self._queued, []
                dropped_lines, self._dropped_lines = self._dropped_lines, 0
                size_bytes = self._queued_bytes
                self._is_writing = True
            if dropped_lines:
                records.append(_dropped_record(dropped_lines))
            self._write_records(records)
            with self._changed:
                # Only now: lines that wait for a reader still take memory.
                self._queued_bytes -= size_bytes

    def _write_records(self, records: Sequence[logging.LogRecord]) -> None:
        try:
            self._write("".join([self._lines(record) for record in records]))
        except OSError:
            # stderr is closed, so the lines can never be read.
            self._count_dropped(sum(len(_exchanges(record)) or 1 for record in records))

    def _lines(self, record: logging.LogRecord) -> str:
        try:
            return f"{self.format(record)}\n"
        except Exception:
            # A bug in one line must not end the thread.
            self.handleError(record)
            return ""

    def flush(self) -> None:
        """Waits until everything is written, for at most FLUSH_SECONDS."""
        with self._changed:
            self._changed.wait_for(lambda: not (self._queued or self._is_writing), FLUSH_SECONDS)

    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        super().close()


def _exchanges(record: logging.LogRecord) -> Sequence[Exchange]:
    """The calls that a record is about, which get a line each. Other records have none."""
    return getattr(record, "exchanges", ())


def _dropped_record(lines: int) -> logging.LogRecord:
    message = "%d log lines were dropped before this one: stderr is not read fast enough"
    return logging.LogRecord("mockocr", logging.WARNING, __file__, 0, message, (lines,), None)


def _api_language(language: OwnLanguage) -> Language:
    return "zh-CN" if language == "zh" else "en-US"


class TextLines(logging.Formatter):
    def __init__(self, language: OwnLanguage = "en") -> None:
        super().__init__()
        self._language = language

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%H:%M:%S", time.localtime(record.created))
        if exchanges := _exchanges(record):
            return "\n".join([self._call(moment, exchange) for exchange in exchanges])
        level = "" if record.levelno == logging.INFO else f"{record.levelname.lower()}: "
        text = f"{moment} {level}{record.getMessage()}"
        if (hint := _hint(record, self._language)) is not None:
            text += f" hint={hint!r}"
        return printable(f"{text}\n{record.exc_text}" if record.exc_text else text)

    def _call(self, moment: str, exchange: Exchange) -> str:
        parts = [
            moment,
            exchange.request_id,
            exchange.account or "-",
            exchange.action or "-",
            exchange.outcome,
            f"{exchange.milliseconds:.1f} ms",
        ]
        if exchange.cause is not None:
            certain = "" if exchange.cause.proven else "?"
            parts.append(f"cause={exchange.cause.name}{certain}")
        if exchange.cause is not None or exchange.reason is not None:
            parts.append(f"(mockocr explain {exchange.request_id})")
        if exchange.reason is not None and exchange.error is not None:
            message = exchange.error.message(_api_language(self._language))
            parts.append(f"message={message!r}")
            parts.append(f"reason={difference(exchange.reason, self._language)!r}")
        if exchange.hint is not None:
            parts.append(f"hint={exchange.hint[self._language]!r}")
        if exchange.rule is not None:
            parts.append(f"rule={exchange.rule!r}")
        if exchange.picture is not None:
            parts.append(f"picture={_picture(exchange)!r}")
        for note in exchange.notes:
            parts.append(f"note={note.name}: {note.hint[self._language]!r}")
        return escaped(" ".join(parts))


class JsonLines(logging.Formatter):
    def __init__(self, language: OwnLanguage = "en") -> None:
        super().__init__()
        self._language = language

    def format(self, record: logging.LogRecord) -> str:
        lines = self._lines(record)
        if lines.isascii():
            # JSON leaves this one control character as it is.
            return lines.replace("\x7f", "\\u007f")
        # Chinese stays readable; control and invisible characters are escaped.
        return "\n".join(map(escaped_json, lines.split("\n")))

    def _lines(self, record: logging.LogRecord) -> str:
        if exchanges := _exchanges(record):
            head = f'"level": "{record.levelname.lower()}", "event": {_json(record.getMessage())}'
            return "\n".join([_call(head, exchange, self._language) for exchange in exchanges])
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        line |= getattr(record, "facts", {})
        if (hint := _hint(record, self._language)) is not None:
            line["hint"] = hint
        if record.exc_text:
            line["exception"] = record.exc_text
        return _json(line)


def _hint(record: logging.LogRecord, language: OwnLanguage) -> str | None:
    """The hint for a call whose cause was found after its answer."""
    hints: Mapping[OwnLanguage, str] | None = getattr(record, "hint", None)
    return None if hints is None else hints[language]


_json = json.JSONEncoder(ensure_ascii=False).encode


def _call(head: str, exchange: Exchange, language: OwnLanguage) -> str:
    """The members of `Exchange.summary`, and hints about a refused call."""
    cause = exchange.cause
    shared = (
        exchange.account,
        exchange.action,
        exchange.outcome,
        cause and cause.name,
        exchange.matched is False,
        exchange.rule,
        exchange.scenario,
    )
    is_short = len(exchange.action or "") <= SHARED_CHARACTERS
    summary = _shared(*shared) if is_short else _shared.__wrapped__(*shared)
    more: dict[str, Any] = {}
    if cause is not None or exchange.error is not None:
        more |= _why_refused(exchange, language)
    if exchange.picture is not None:
        more["picture"] = _picture(exchange)
    if exchange.notes:
        more["notes"] = [{**note.to_dict(), "hint": note.hint[language]} for note in exchange.notes]
    moment = exchange.received_at.isoformat(timespec="milliseconds")
    line = (
        f'{{"time": "{moment}", {head}, "RequestId": {_json(exchange.request_id)}, {summary},'
        f' "milliseconds": {exchange.milliseconds:.3f}'
    )
    return f"{line}, {_json(more)[1:]}" if more else line + "}"


def _why_refused(exchange: Exchange, language: OwnLanguage) -> Mapping[str, Any]:
    cause, error, reason, hint = exchange.cause, exchange.error, exchange.reason, exchange.hint
    members: dict[str, Any] = {}
    if cause is not None:
        members["proven"] = cause.proven
    if reason is not None and error is not None:
        members["message"] = error.message(_api_language(language))
        members["reason"] = reason
    if hint is not None:
        members["hint"] = hint[language]
    if cause is not None or reason is not None:
        members["more"] = f"mockocr explain {exchange.request_id}"
    return members


SHARED_CHARACTERS = 64
"""The longest action name that is cached: no action has a longer one."""


@lru_cache(maxsize=1024)
def _shared(
    account: str | None,
    action: str | None,
    outcome: str,
    cause: str | None,
    unmatched: bool,
    rule: str | None,
    scenario: str | None,
) -> str:
    """Members that are the same for most calls, as JSON without the braces."""
    members = {
        "account": account,
        "action": action,
        "outcome": outcome,
        "cause": cause,
        "unmatched": unmatched,
        "rule": rule,
        "scenario": scenario,
    }
    return _json(members)[1:-1]


def _picture(exchange: Exchange) -> str:
    picture = exchange.picture
    if not isinstance(picture, Picture):
        return str(picture)
    size = f"{picture.width}x{picture.height} {picture.size_bytes} B"
    return f"{picture.format} {size} {picture.sha256[:12]}"
