"""`mockocr requests`: list the calls that a server has answered."""

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from mockocr.cli.remote import InvalidRequestError, RemoteAdmin, add_remote_flags
from mockocr.cli.verdict import verify
from mockocr.client.client import NoServerError
from mockocr.settings import SettingError
from mockocr.terminal import Table, print_json, print_text

POLL_SECONDS = 0.5
_COLUMNS = {
    "time": "time",
    "RequestId": "RequestId",
    "account": "account",
    "action": "action",
    "outcome": "outcome",
    "cause": "cause",
    "rule": "rule",
    "milliseconds": "ms",
}


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "requests",
        help="list the calls that a server has answered",
        description="List the calls that a server has answered, newest first; or check that each"
        " rule matched the expected number of calls. Exit code 0: listed, or as expected; 1: not as"
        " expected, or the server was not reached or refused; 2: invalid usage, or nothing is"
        " expected.",
    )
    add_remote_flags(parser)
    parser.add_argument("--account", metavar="NAME", help="only this account's calls")
    parser.add_argument(
        "--outcome",
        metavar="OUTCOME",
        help="only calls with this outcome: ok, an error code, or error (any)",
    )
    parser.add_argument("--rule", metavar="NAME", help="only calls that this rule matched")
    parser.add_argument(
        "--unmatched",
        action="store_true",
        help="only calls that reached the rules and matched none",
    )
    parser.add_argument(
        "--since",
        metavar="WHEN",
        help="only calls from this time on (ISO 8601 or UNIX seconds), or after this RequestId",
    )
    parser.add_argument("--limit", metavar="N", help="at most N calls, the newest (default: all)")
    parser.add_argument(
        "--follow",
        action="store_true",
        help="list oldest first, then each new call as it happens, until Ctrl-C",
    )
    parser.add_argument(
        "--verify",
        action="store_true",
        help="check the `expect` of the active scenarios: how many calls each rule must match",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="print the server's answer as JSON; with --follow one line per call",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    names = ("account", "outcome", "rule", "since", "limit")
    filters = {name: getattr(args, name) for name in names if getattr(args, name) is not None}
    if args.unmatched:
        filters["unmatched"] = "true"
    try:
        if args.verify:
            return verify(args)
        journal = RemoteJournal(args)
        if args.follow:
            _follow(journal, filters, args.json)
        page = journal.read(filters)
    except (SettingError, InvalidRequestError) as error:
        print_text(f"mockocr requests: {error}", sys.stderr)
        return 2
    except NoServerError as error:
        print_text(f"mockocr requests: {error}", sys.stderr)
        return 1
    if args.json:
        print_json(page)
    else:
        _print_rows(_table(page["requests"]), page["requests"])
    return 0


class RemoteJournal:
    """The journal of a running server."""

    def __init__(self, args: argparse.Namespace) -> None:
        """Raises SettingError or NoServerError."""
        self._admin = RemoteAdmin(args)

    def read(self, filters: Mapping[str, str]) -> dict[str, Any]:
        """Raises NoServerError or InvalidRequestError."""
        page = self._admin.get("requests", filters)
        match page:
            case {"requests": [*_], "total": int()}:
                return page
            case _:
                raise self._admin.not_mockocr(200)


def _follow(journal: RemoteJournal, filters: dict[str, str], as_json: bool) -> None:
    """Prints calls until Ctrl-C or NoServerError."""
    table: Table | None = None
    page = journal.read(filters)
    if filters.pop("limit", None) and page["total"] and not page["requests"]:
        # --limit 0: skip the calls so far, and print those after the newest.
        newest = journal.read({**filters, "limit": "1"})["requests"]
        filters.update(since=newest[0]["RequestId"])
    while True:
        rows = page["requests"][::-1]
        if rows:
            filters["since"] = rows[-1]["RequestId"]
            table = table or _table(rows)
            if as_json:
                for row in rows:
                    print_json(row, None)
            else:
                _print_rows(table, rows)
        time.sleep(POLL_SECONDS)
        page = journal.read(filters)


def _table(rows: Sequence[Mapping[str, Any]]) -> Table:
    return Table(*(_COLUMNS[name] for name in _names(rows)))


def _names(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The columns of this server's rows: an older server has no causes."""
    return [name for name in _COLUMNS if not rows or name in rows[0]]


def _cells(rows: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    return [[_cell(name, row.get(name)) for name in _names(rows)] for row in rows]


def _cell(name: str, value: Any) -> str:
    match name, value:
        case _, None:
            return "-"
        case "time", str():
            return value.replace("+00:00", "Z")
        case "milliseconds", float():
            return f"{value:.1f}"
        case _:
            return str(value)


def _print_rows(table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    for line in table.lines(_cells(rows)):
        print_text(line)
