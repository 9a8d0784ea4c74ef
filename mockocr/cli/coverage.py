"""`mockocr coverage`: which outcomes calls have had, and reports of several runs."""

import argparse
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockocr.cli.remote import RemoteAdmin, add_account_flag, add_remote_flags, exit_code
from mockocr.settings import SettingError
from mockocr.terminal import print_text

if TYPE_CHECKING:
    from mockocr.coverage.report import CoverageReport

FORMS = ("term", "markdown", "json", "junit", "html", "ctrf")
"""Those of mockocr.coverage.forms, which is imported when the command runs."""


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "coverage",
        help="show which outcomes the calls of a server have had",
        description="Show which outcomes of the API the calls of a running server have had: errors,"
        " warnings, shapes of answers, faults, recoveries; and how a test can see the others. Exit"
        " code 0: shown; 1: less than --fail-under, or the server was not reached or refused; 2:"
        " invalid usage.",
        examples=(
            "mockocr coverage",
            "mockocr coverage --report html -o coverage.html",
            "mockocr coverage --fail-under 60 --exclude 'fault:*: the gateway is ours'",
            "mockocr coverage merge shard-1.json shard-2.json",
        ),
    )
    add_remote_flags(parser)
    add_account_flag(parser, "only this account's calls")
    _add_report_flags(parser)
    parser.set_defaults(run=partial(_run, _of_server))
    below = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=False, parser_class=type(parser)
    )
    merge = below.add_parser(
        "merge",
        help="add up the reports of several runs, such as shards",
        description="Add up the JSON reports of several runs, such as the shards of a suite. Their"
        " contracts must be the same. Exit codes: as for `mockocr coverage`.",
        examples=("mockocr coverage merge shard-*.json --report markdown -o coverage.md",),
    )
    merge.add_argument("files", nargs="+", metavar="FILE", help="a report of form json")
    _add_report_flags(merge)
    merge.set_defaults(run=partial(_run, _of_files))


def _add_report_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--report", choices=FORMS, default="term", help="the form of the report (default: term)"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="write the report to this file (default: stdout)"
    )
    parser.add_argument(
        "--fail-under",
        type=_percent,
        metavar="N",
        help="exit with 1 if less than N per cent of the outcomes were seen",
    )
    parser.add_argument(
        "--exclude",
        action="append",
        default=[],
        metavar="'ROW: REASON'",
        help="do not count an outcome; * stands for any characters; may be repeated",
    )


def _percent(text: str) -> float:
    try:
        percent = float(text)
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to 100, got {text!r}")
    return percent


def _run(read: Callable[[argparse.Namespace], "CoverageReport"], args: argparse.Namespace) -> int:
    return exit_code("coverage", lambda: _show(args, read(args)))


def _of_server(args: argparse.Namespace) -> "CoverageReport":
    """Raises SettingError, InvalidRequestError or NoServerError."""
    from mockocr.coverage.reading import UnreadableReportError, read_report

    admin = RemoteAdmin.of(args)
    query = None if args.account is None else {"account": args.account}
    try:
        return read_report(admin.get("coverage", query))
    except UnreadableReportError:
        raise admin.unexpected() from None


def _of_files(args: argparse.Namespace) -> "CoverageReport":
    """Raises SettingError."""
    from mockocr.coverage.reading import UnreadableReportError, read_report_file
    from mockocr.coverage.report import DifferentReportsError, merged

    try:
        return merged([read_report_file(Path(file)) for file in args.files])
    except (UnreadableReportError, DifferentReportsError) as error:
        raise SettingError(str(error)) from None


def _show(args: argparse.Namespace, report: "CoverageReport") -> int:
    """Raises SettingError."""
    # Late: pydantic takes 60 ms, and `mockocr --help` needs none of it.
    from mockocr.coverage.exclusions import ExclusionError, excluding
    from mockocr.coverage.forms.choosing import Destination
    from mockocr.coverage.forms.words import below
    from mockocr.coverage.github import add_to_summary, annotation

    try:
        report = excluding(report, args.exclude)
    except ExclusionError as error:
        raise SettingError(f"--exclude: {error}") from None
    destination = Destination(args.report, Path(args.output) if args.output else None)
    try:
        destination.write(report)
        add_to_summary(report)
    except OSError as error:
        raise SettingError(f"cannot write {error.filename}: {error.strerror}") from None
    if destination.file is None:
        print_text(destination.text(report).rstrip("\n"))
    _say(annotation(report, args.fail_under))
    if args.fail_under is None or report.reaches(args.fail_under):
        return 0
    _say([f"mockocr coverage: {below(report, args.fail_under)}"])
    return 1


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print_text(line, sys.stderr)
