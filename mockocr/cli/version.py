"""`mockocr version`."""

import argparse
import platform
from typing import Any

from mockocr.terminal import print_json, print_text
from mockocr.version import __version__


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "version",
        help="print the version",
        description="Print the version of mockocr.",
        examples=("mockocr version --json",),
    )
    parser.add_argument(
        "--json", action="store_true", help="print it as JSON, with the version of Python"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    facts = {"mockocr": __version__, "python": platform.python_version()}
    if args.json:
        print_json(facts, None)
    else:
        print_text(f"mockocr {__version__}")
    return 0
