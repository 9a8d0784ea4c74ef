"""The command line: its commands and what their exit codes mean.

0 ok · 1 a check failed · 2 wrong usage or an invalid file · 3 cannot start · 130, 143 on signals.
"""

import sys
from collections.abc import Sequence
from typing import NoReturn

from mockocr.cli import ca, health, serve, validate, version
from mockocr.cli.did_you_mean import Parser

COMMANDS = (serve, validate, ca, health, version)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    parser = Parser(
        prog="mockocr",
        description="A local test double of Tencent Cloud's IDCardOCR.",
        epilog="`mockocr COMMAND --help` tells more of each.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
    for command in COMMANDS:
        command.add_to(commands)
    given = parser.parse_args(arguments)
    try:
        sys.exit(given.run(given))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read the output has seen enough.
        sys.stderr.close()
        sys.exit(0)
