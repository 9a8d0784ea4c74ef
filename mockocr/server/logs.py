"""The log on stderr: one line a call, as text for people or JSON for machines.

A thread of its own makes the lines and writes them: a log that nobody reads holds up no call.
"""

import json
import logging
import os
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from threading import Condition, Thread
from typing import Any, TextIO

from mockocr.images.image import Picture
from mockocr.journal.exchange import Exchange
from mockocr.settings import Settings

QUEUED_BYTES = 8 * 1024 * 1024
"""About; some thousands of calls. Beyond it lines are dropped."""
FLUSH_SECONDS = 1.0
"""At the end of the process, for lines that are not written yet."""

Dropped = Callable[[int], None]
"""Takes how many lines were dropped."""


def start_logging(settings: Settings, dropped: Dropped) -> None:
    is_text = settings.log_format == "text" or (
        settings.log_format == "auto" and sys.stderr.isatty()
    )
    handler = LogWriter(_unlocked(sys.stderr), dropped)
    handler.setFormatter(TextLines() if is_text else JsonLines())
    for name in ("mockocr", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
    logging.getLogger("mockocr").setLevel(settings.log_level.upper())
    # What uvicorn warns of is what clients did; the door answers them, and the log stays clean.
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    # The same holds of Pillow, and its warnings would stand between lines of JSON as they are.
    warnings.filterwarnings("ignore", module="PIL")


def _unlocked(stream: TextIO) -> Callable[[str], object]:
    """Writes to the file of a stream, past its buffer: a thread that waits in there for a reader
    holds a lock that Python wants when it exits."""
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
    """Queues records for a thread that formats and writes them, as many as there are at once.

    A record that finds no room is dropped and counted, and the log says so when it goes on.
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
            # The frames of a traceback hold the whole body of a call.
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
                # Only now: what waits for a reader takes room too.
                self._queued_bytes -= size_bytes

    def _write_records(self, records: Sequence[logging.LogRecord]) -> None:
        try:
            self._write("".join([self._lines(record) for record in records]))
        except OSError:
            # Nobody will ever read it.
            self._count_dropped(sum(len(_exchanges(record)) or 1 for record in records))

    def _lines(self, record: logging.LogRecord) -> str:
        try:
            return f"{self.format(record)}\n"
        except Exception:
            # A bug in one line must not end the thread.
            self.handleError(record)
            return ""

    def flush(self) -> None:
        """Waits until all is written, or FLUSH_SECONDS."""
        with self._changed:
            self._changed.wait_for(lambda: not (self._queued or self._is_writing), FLUSH_SECONDS)

    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        super().close()


def _exchanges(record: logging.LogRecord) -> Sequence[Exchange]:
    """The calls that a record is about: a line for each; of another record, none."""
    return getattr(record, "exchanges", ())


def _dropped_record(lines: int) -> logging.LogRecord:
    words = "%d log lines were dropped before this one: stderr is not read fast enough"
    return logging.LogRecord("mockocr", logging.WARNING, __file__, 0, words, (lines,), None)


class TextLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%H:%M:%S", time.localtime(record.created))
        if exchanges := _exchanges(record):
            return "\n".join([self._call(moment, exchange) for exchange in exchanges])
        level = "" if record.levelno == logging.INFO else f"{record.levelname.lower()}: "
        text = f"{moment} {level}{record.getMessage()}"
        return f"{text}\n{record.exc_text}" if record.exc_text else text

    def _call(self, moment: str, exchange: Exchange) -> str:
        parts = [
            moment,
            exchange.request_id,
            exchange.account or "-",
            exchange.action or "-",
            _one_line(exchange.outcome),
            f"{exchange.milliseconds:.1f} ms",
        ]
        if exchange.cause is not None:
            certain = "" if exchange.cause.proven else "?"
            parts.append(f"cause={exchange.cause.name}{certain}")
            parts.append(f"(mockocr explain {exchange.request_id})")
        if exchange.rule is not None:
            parts.append(f"rule={exchange.rule!r}")
        if exchange.picture is not None:
            parts.append(f"picture={_picture(exchange)!r}")
        if exchange.note is not None:
            parts.append(f"note={exchange.note!r}")
        return " ".join(_one_line(part) for part in parts)


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        if exchanges := _exchanges(record):
            head = f'"level": "{record.levelname.lower()}", "event": {_json(record.getMessage())}'
            return "\n".join([_call(head, exchange) for exchange in exchanges])
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        line |= getattr(record, "facts", {})
        if record.exc_text:
            line["exception"] = record.exc_text
        return _json(line)


_json = json.JSONEncoder().encode


def _call(head: str, exchange: Exchange) -> str:
    """What `Exchange.summary` has, and what would help somebody who is refused."""
    cause = exchange.cause
    shared = (
        exchange.account,
        exchange.action,
        exchange.outcome,
        cause and cause.name,
        exchange.rule,
        exchange.scenario,
    )
    is_short = len(exchange.action or "") <= SHARED_CHARACTERS
    summary = _shared(*shared) if is_short else _shared.__wrapped__(*shared)
    more: dict[str, Any] = {}
    if cause is not None:
        more["proven"] = cause.proven
        more["more"] = f"mockocr explain {exchange.request_id}"
    if exchange.picture is not None:
        more["picture"] = _picture(exchange)
    if exchange.note is not None:
        more["note"] = exchange.note
    moment = exchange.received_at.isoformat(timespec="milliseconds")
    line = (
        f'{{"time": "{moment}", {head}, "RequestId": {_json(exchange.request_id)}, {summary},'
        f' "milliseconds": {round(exchange.milliseconds, 3)}'
    )
    return f"{line}, {_json(more)[1:]}" if more else line + "}"


SHARED_CHARACTERS = 64
"""Of an action's name: a longer one is no action's."""


@lru_cache(maxsize=1024)
def _shared(
    account: str | None,
    action: str | None,
    outcome: str,
    cause: str | None,
    rule: str | None,
    scenario: str | None,
) -> str:
    """Members that are the same in most calls."""
    members = {
        "account": account,
        "action": action,
        "outcome": outcome,
        "cause": cause,
        "rule": rule,
        "scenario": scenario,
    }
    return _json(members)[1:-1]


def _picture(exchange: Exchange) -> str:
    found = exchange.picture
    if not isinstance(found, Picture):
        return str(found)
    return f"{found.format} {found.width}x{found.height} {found.size_bytes} B {found.sha256[:12]}"


def _one_line(text: str) -> str:
    """What clients sent may hold line ends and what moves a terminal's cursor: shown, not done."""
    return text if text.isprintable() else repr(text)[1:-1]
