"""The command line: its commands and what their exit codes mean.

0 ok · 1 a check failed · 2 wrong usage or an invalid file · 3 cannot start ·
129, 130, 143 on signals.
"""

import argparse
import gc
import io
import os
import sys
from collections.abc import Sequence
from errno import ENOSPC
from importlib import import_module
from typing import NoReturn

from mockocr.cli.parser import Parser
from mockocr.terminal import print_text
from mockocr.version import __version__

COMMANDS = (
    "serve",
    "run",
    "validate",
    "scenarios",
    "play",
    "reset",
    "clock",
    "card",
    "call",
    "sign",
    "requests",
    "explain",
    "coverage",
    "contract",
    "record",
    "schema",
    "console",
    "ca",
    "health",
    "version",
)
"""Each command is a module of this package, with `add_to` and `run`."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # An output whose encoding lacks Chinese gets escapes instead of a traceback.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        try:
            # With arguments, the process is the caller's: leave its garbage collector alone.
            args = _parsed(arguments) if arguments is not None else _parsed_at_start(sys.argv[1:])
            sys.exit(args.run(args))
        finally:
            # Flush here, where a closed pipe can be handled. None: started with `>&-`.
            _flush_stderr()
            if sys.stdout is not None:
                sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader closed the pipe. Python flushes again at exit, which must not fail.
        _redirect_to_null(1)
        _redirect_to_null(2)
        sys.exit(0)
    except OSError as error:
        if error.errno != ENOSPC:
            raise
        # As above.
        _redirect_to_null(1)
        print_text("mockocr: cannot write the output: no space left on the disk", sys.stderr)
        sys.exit(1)


def _flush_stderr() -> None:
    """If the pipe of stderr is closed, Python's flush at exit would set the exit code to 120."""
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
    except BrokenPipeError:
        _redirect_to_null(2)


def _redirect_to_null(stream: int) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream)


def _parsed_at_start(words: Sequence[str]) -> argparse.Namespace:
    """Parses without garbage collection: imports leave no garbage, and a start takes 7 % less."""
    # Looking for pydantic plugins would read the metadata of every installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.disable()
    try:
        return _parsed(words)
    finally:
        gc.freeze()
        gc.enable()


def _parsed(words: Sequence[str]) -> argparse.Namespace:
    return _parser(words).parse_args(words)


class _CommandHelp(argparse.HelpFormatter):
    """Leaves room for the longest command, whose indentation argparse does not count."""

    def add_argument(self, action: argparse.Action) -> None:
        super().add_argument(action)
        self._action_max_length = max(self._action_max_length, 13)


def _parser(words: Sequence[str]) -> Parser:
    parser = Parser(
        prog="mockocr",
        description="A local test double of Tencent Cloud's IDCardOCR API.",
        epilog="Run `mockocr COMMAND --help` for the options of a command.",
        formatter_class=_CommandHelp,
        examples=(
            "mockocr serve --scenarios third-call-fails",
            "mockocr call --image https://example.com/a.jpg",
            "mockocr requests",
            "mockocr run -- npm test",
        ),
    )
    parser.add_argument("--version", action="version", version=f"mockocr {__version__}")
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=Parser
    )
    # Import only the requested command, to start fast.
    for command in words[:1] if words and words[0] in COMMANDS else COMMANDS:
        import_module(f"mockocr.cli.{command}").add_to(commands)
    return parser
