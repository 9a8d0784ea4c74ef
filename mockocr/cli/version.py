"""`mockocr version`."""

import argparse
import json
import platform
from typing import Any

from mockocr.version import __version__


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "version", help="print the version", description="Print the version of mockocr."
    )
    parser.add_argument(
        "--json", action="store_true", help="print it as JSON, with the version of Python"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    facts = {"mockocr": __version__, "python": platform.python_version()}
    print(json.dumps(facts) if args.json else f"mockocr {__version__}")
    return 0
