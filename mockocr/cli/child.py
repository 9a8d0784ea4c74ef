"""Runs a command in the foreground and passes signals on to it."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class CannotRunError(Exception):
    """A command that cannot be run. `code`: the exit code that shells use for it."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def executable(command: str) -> str:
    """The path of a program: on Windows, `npm` is npm.cmd. Raises CannotRunError."""
    found = shutil.which(command)
    if found is not None:
        return found
    is_path = len(Path(command).parts) > 1 or os.sep in command
    if is_path and Path(command).exists():
        raise CannotRunError(f"{command!r} is not an executable file", 126)
    reason = "no such file" if is_path else "it is not on the PATH"
    raise CannotRunError(f"cannot find the command {command!r}: {reason}", 127)


def run_child(arguments: Sequence[str], variables: Mapping[str, str]) -> int:
    """The exit code of a command, 128 + N if signal N ended it or this process got signal N.

    Raises CannotRunError.
    """
    received: list[int] = []
    early: list[int] = []
    """Received before there is a child."""
    child: subprocess.Popen[bytes] | None = None

    def pass_on(number: int, frame: object = None) -> None:
        received.append(number)
        if child is None:
            early.append(number)
        elif not _reaches_the_child_anyway(number):
            child.send_signal(number)

    with _handling(pass_on):
        try:
            child = subprocess.Popen(arguments, env=dict(variables))  # noqa: S603 - the user's own
        except OSError as error:
            raise CannotRunError(f"cannot run {arguments[0]!r}: {error.strerror}", 126) from None
        for number in early:
            child.send_signal(number)
        code = child.wait()
    if received:
        return 128 + received[0]
    return code if code >= 0 else 128 - code


@contextmanager
def _handling(handler: Any) -> Iterator[None]:
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    numbers = [number for name in names if (number := getattr(signal, name, None))]
    before = {
        number: signal.signal(number, handler)
        for number in numbers
        # nohup starts a process that ignores SIGHUP.
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


def _reaches_the_child_anyway(number: int) -> bool:
    """Whether the terminal sends the signal of Ctrl-C to the child itself: a second one would make
    many programs end at once."""
    if sys.platform == "win32":
        return True
    if number != signal.SIGINT:
        return False
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
