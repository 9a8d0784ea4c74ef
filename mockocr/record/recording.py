"""Turns a server into one that records (`mockocr record`)."""

from pathlib import Path
from typing import Literal, NamedTuple

from mockocr.actions.recording import Placeholders
from mockocr.pipeline.forward import Fallback
from mockocr.pipeline.state import State
from mockocr.record.forwarding import NOT_RECORDED, Forwarding
from mockocr.record.recorder import Recorder
from mockocr.record.recording_file import RecordingFile, RecordingFileError
from mockocr.record.upstream import UpstreamServer
from mockocr.scenario.outcomes import Forwarded, Refused
from mockocr.scenario.registry import ClashError

Mode = Literal["once", "all", "none", "spy"]
"""once: rules answer, also those of the file; other calls are forwarded and recorded. all: every
call is forwarded, and the file is replaced. none: nothing is forwarded. spy: as once, without a
file."""


class RecordingError(Exception):
    """A server cannot record; the message says why, and what to do."""


class RecordingServer(NamedTuple):
    recorder: Recorder | None
    """None if nothing is written."""
    replayed: int
    """The rules of the file that answer calls."""


def start_recording(
    state: State,
    upstream: UpstreamServer | None,
    path: Path | None,
    mode: Mode,
    placeholders: Placeholders | None = None,
) -> RecordingServer:
    """Before the first call. `upstream` is None for the mode `none`, `path` for `spy`. Raises
    RecordingError."""
    file = None if path is None else _opened(path, state, mode)
    if file is not None and file.scenario is not None:
        try:
            state.registry.play(file.scenario)
        except ClashError as error:
            raise RecordingError(f"{path}: {error}; do not name it in --scenarios") from None
    replayed = len(file.scenario.rules) if file is not None and file.scenario is not None else 0
    if upstream is None:
        state.fallback = Fallback(Refused(NOT_RECORDED))
        return RecordingServer(None, replayed)
    placeholders = placeholders or Placeholders()
    recorder = None if file is None else Recorder(file, upstream.host, placeholders)
    state.upstream = Forwarding(upstream, placeholders, recorder)
    state.fallback = Fallback(Forwarded(upstream.host), ignores_rules=mode == "all")
    return RecordingServer(recorder, replayed)


def _opened(path: Path, state: State, mode: Mode) -> RecordingFile:
    """Raises RecordingError."""
    try:
        file = RecordingFile(path, state.defaults.contract, keep=mode != "all")
        if mode != "none":
            file.check_appendable()
    except RecordingFileError as error:
        raise RecordingError(str(error)) from None
    if mode == "none" and file.scenario is None:
        raise RecordingError(f"{path} does not exist; record it with --mode once first")
    return file
