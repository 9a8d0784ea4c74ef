"""`mockocr validate`: check scenario files."""

import argparse
import sys
from typing import Any

from mockocr.cli.contract import contract_day
from mockocr.documents.document import DocumentError, Problem
from mockocr.settings import API_PAGE
from mockocr.terminal import print_json, print_text


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "validate",
        help="check scenario files",
        description="Check scenario files. Print every error as file:line:column, and a warning for"
        " each value that is answered differently than written. Exit code 0: all are valid; 2: at"
        " least one is not.",
        examples=(
            "mockocr validate my.yaml",
            "mockocr validate tests/scenarios third-call-fails",
            "mockocr validate my.yaml --contract 2026-03-13 --json",
        ),
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
        help="the contract of files that set none, YYYY-MM-DD (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from mockocr.scenario.library import Library, scenario_files
    from mockocr.scenario.load import load_file

    library = Library(contract=args.contract)
    rule_counts: dict[str, int] = {}
    invalid: list[DocumentError] = []
    warnings: list[tuple[str, Problem]] = []
    for text in args.scenarios:
        try:
            files = scenario_files(text, library)
        except DocumentError as error:
            invalid.append(error)
            continue
        for file in files:
            try:
                scenario = load_file(file, args.contract)
                rule_counts[str(file)] = len(scenario.rules)
                warnings += [(str(file), problem) for problem in scenario.warnings]
            except DocumentError as error:
                invalid.append(error)
    if args.json:
        problems = [_row(error.source, it) for error in invalid for it in error.problems]
        document = {
            "valid": not invalid,
            "files": rule_counts,
            "problems": problems,
            "warnings": [_row(*warning) for warning in warnings],
        }
        print_json(document)
    else:
        for name, rules in rule_counts.items():
            print_text(f"{name}: ok, {rules} rule{'s' if rules != 1 else ''}")
        for file_name, problem in warnings:
            print_text(f"{file_name}{problem.where()}: warning: {problem.text}", sys.stderr)
        for refused in invalid:
            print_text(str(refused), sys.stderr)
    return 2 if invalid else 0


def _row(source: str, problem: Problem) -> dict[str, Any]:
    return {
        "file": source,
        "line": problem.location and problem.location.line,
        "column": problem.location and problem.location.column,
        "text": problem.text,
    }
