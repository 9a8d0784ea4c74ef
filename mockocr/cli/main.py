"""The command line: its commands and what their exit codes mean.

0 ok · 1 a check failed · 2 wrong usage or an invalid file · 3 cannot start · 130, 143 on signals.
"""

import argparse
import gc
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from mockocr.cli.did_you_mean import Parser
from mockocr.version import __version__

COMMANDS = (
    "serve",
    "validate",
    "card",
    "call",
    "sign",
    "requests",
    "explain",
    "contract",
    "schema",
    "ca",
    "health",
    "version",
)
"""Each a module beside this one, with `add_to` and `run`."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal or a pipe that has no Chinese gets escapes, not a traceback.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        try:
            # Not where somebody calls this: it is their process.
            given = _parsed(arguments) if arguments is not None else _parsed_at_start(sys.argv[1:])
            sys.exit(given.run(given))
        finally:
            # Now, where a closed pipe can still be dealt with. None: started with `>&-`.
            _let_go_of_stderr()
            if sys.stdout is not None:
                sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read the output has seen enough; Python's own flush at the end must not complain.
        _lead_nowhere(1)
        _lead_nowhere(2)
        sys.exit(0)


def _let_go_of_stderr() -> None:
    """Where nobody reads the log any more, Python's own flush at the end would make it exit 120."""
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
    except BrokenPipeError:
        _lead_nowhere(2)


def _lead_nowhere(stream: int) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream)


def _parsed_at_start(words: Sequence[str]) -> argparse.Namespace:
    """What imports make stays: without looking through it for garbage a start takes 7 % less."""
    # None is wanted, and looking for some reads what every installed package says of itself.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.disable()
    try:
        return _parsed(words)
    finally:
        gc.freeze()
        gc.enable()


def _parsed(words: Sequence[str]) -> argparse.Namespace:
    return _parser(words).parse_args(words)


def _parser(words: Sequence[str]) -> Parser:
    parser = Parser(
        prog="mockocr",
        description="A local test double of Tencent Cloud's IDCardOCR.",
        epilog="`mockocr COMMAND --help` tells more of each.",
    )
    parser.add_argument("--version", action="version", version=f"mockocr {__version__}")
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=Parser
    )
    # Only the command that is asked for: each imports what it needs, and a start is to be short.
    for command in words[:1] if words and words[0] in COMMANDS else COMMANDS:
        import_module(f"mockocr.cli.{command}").add_to(commands)
    return parser
