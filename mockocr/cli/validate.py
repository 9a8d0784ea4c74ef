"""`mockocr validate`: are these scenario files right?"""

import argparse
import json
import sys
from typing import Any

from mockocr.cli.contract import contract_day
from mockocr.documents.document import DocumentError
from mockocr.settings import API_PAGE


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "validate",
        help="check scenario files",
        description="Check scenario files: everything that is wrong is told as file:line:column."
        " Exit code 0: all are right; 2: one is not.",
    )
    parser.add_argument(
        "scenarios",
        nargs="+",
        metavar="PATH|NAME",
        help="a file, a folder, or the name of a shipped scenario",
    )
    parser.add_argument(
        "--contract",
        metavar="DATE",
        type=contract_day,
        default=API_PAGE,
        help="the contract for files that name none, YYYY-MM-DD (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    from mockocr.actions.catalogue import ACTIONS
    from mockocr.scenario.library import Library, scenario_files
    from mockocr.scenario.load import load_file

    library = Library(ACTIONS[0], contract=given.contract)
    right: dict[str, int] = {}
    wrong: list[DocumentError] = []
    for text in given.scenarios:
        try:
            files = scenario_files(text, library)
        except DocumentError as error:
            wrong.append(error)
            continue
        for file in files:
            try:
                right[str(file)] = len(load_file(file, ACTIONS[0], given.contract).rules)
            except DocumentError as error:
                wrong.append(error)
    if given.json:
        problems = [
            {
                "file": error.source,
                "line": at.place and at.place.line,
                "column": at.place and at.place.column,
                "text": at.text,
            }
            for error in wrong
            for at in error.problems
        ]
        print(json.dumps({"valid": not wrong, "files": right, "problems": problems}, indent=1))
    else:
        for name, rules in right.items():
            print(f"{name}: ok, {rules} rule{'s' if rules != 1 else ''}")
        for refused in wrong:
            print(refused, file=sys.stderr)
    return 2 if wrong else 0
