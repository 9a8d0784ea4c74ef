"""The log on stderr: one line a call, as text for people or JSON for machines."""

import json
import logging
import sys
import time
import warnings
from datetime import UTC, datetime
from typing import Any

from mockocr.journal import Exchange
from mockocr.pictures.picture import Picture
from mockocr.settings import Settings


def start_logging(settings: Settings) -> None:
    handler = logging.StreamHandler(sys.stderr)
    is_text = settings.log_format == "text" or (
        settings.log_format == "auto" and sys.stderr.isatty()
    )
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


class TextLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        exchange: Exchange | None = getattr(record, "exchange", None)
        moment = time.strftime("%H:%M:%S", time.localtime(record.created))
        if exchange is None:
            level = "" if record.levelno == logging.INFO else f"{record.levelname.lower()}: "
            text = f"{moment} {level}{record.getMessage()}"
            return text + (f"\n{self.formatException(record.exc_info)}" if record.exc_info else "")
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
        exchange: Exchange | None = getattr(record, "exchange", None)
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        if exchange is not None:
            line |= exchange.summary()
            if exchange.cause is not None:
                line["proven"] = exchange.cause.proven
                line["more"] = f"mockocr explain {exchange.request_id}"
            if exchange.picture is not None:
                line["picture"] = _picture(exchange)
            if exchange.note is not None:
                line["note"] = exchange.note
        line |= getattr(record, "facts", {})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True)


def _picture(exchange: Exchange) -> str:
    found = exchange.picture
    if not isinstance(found, Picture):
        return str(found)
    return f"{found.format} {found.width}x{found.height} {found.size_bytes} B {found.sha256[:12]}"


def _one_line(text: str) -> str:
    """What clients sent may hold line ends and what moves a terminal's cursor: shown, not done."""
    return text if text.isprintable() else repr(text)[1:-1]
