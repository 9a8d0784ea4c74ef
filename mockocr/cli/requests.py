"""`mockocr requests`: the calls that a server has answered."""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mockocr.cli.remote import AskedWrongError, RemoteAdmin, add_remote_flags
from mockocr.cli.verdict import verify
from mockocr.client.client import NoServerError
from mockocr.settings import SettingError
from mockocr.terminal import Table

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
        description="List the calls that a server has answered, the newest first; or check that"
        " rules took as many as expected. Exit code 0: they are listed, or as expected; 1: not as"
        " expected, or there is no server, or it does not tell; 2: nothing is expected.",
    )
    add_remote_flags(parser)
    parser.add_argument("--account", metavar="NAME", help="only calls of this account")
    parser.add_argument(
        "--outcome", metavar="OUTCOME", help="only calls answered so: ok, an error code, or error"
    )
    parser.add_argument("--rule", metavar="NAME", help="only calls that this rule took")
    parser.add_argument(
        "--unmatched",
        action="store_true",
        help="only calls that rules were asked about and none took",
    )
    parser.add_argument(
        "--since",
        metavar="WHEN",
        help="only calls from this moment on (ISO 8601 or UNIX seconds), or after this RequestId",
    )
    parser.add_argument("--limit", metavar="N", help="so many at most, the newest (default: all)")
    parser.add_argument(
        "--follow",
        action="store_true",
        help="the oldest first, and then each further one as it comes, until Ctrl-C",
    )
    parser.add_argument(
        "--verify",
        action="store_true",
        help="check what the scenarios that play expect: how many calls each rule is to take",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="print what the server tells, as JSON; with --follow one line a call",
    )
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    names = ("account", "outcome", "rule", "since", "limit")
    filters = {name: getattr(given, name) for name in names if getattr(given, name) is not None}
    if given.unmatched:
        filters["unmatched"] = "true"
    try:
        if given.verify:
            return verify(given)
        journal = RemoteJournal(given)
        if given.follow:
            _follow(journal, filters, given.json)
        told = journal.read(filters)
    except (SettingError, AskedWrongError) as error:
        print(f"mockocr requests: {error}", file=sys.stderr)
        return 2
    except NoServerError as error:
        print(f"mockocr requests: {error}", file=sys.stderr)
        return 1
    if given.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _print(_table(told["requests"]).lines(_cells(told["requests"])))
    return 0


class RemoteJournal:
    """The journal of a running server."""

    def __init__(self, given: argparse.Namespace) -> None:
        """Raises SettingError or NoServerError."""
        self._admin = RemoteAdmin(given)

    def read(self, filters: Mapping[str, str]) -> dict[str, Any]:
        """Raises NoServerError, or AskedWrongError."""
        told = self._admin.get("requests", filters)
        match told:
            case {"requests": [*_], "total": int()}:
                return told
            case _:
                raise self._admin.stranger(200)


def _follow(journal: RemoteJournal, filters: dict[str, str], as_json: bool) -> None:
    """Until Ctrl-C, or NoServerError."""
    table: Table | None = None
    told = journal.read(filters)
    if filters.pop("limit", None) and told["total"] and not told["requests"]:
        # None of those that there are: only those after the newest.
        newest = journal.read({**filters, "limit": "1"})["requests"]
        filters.update(since=newest[0]["RequestId"])
    while True:
        rows = told["requests"][::-1]
        if rows:
            filters["since"] = rows[-1]["RequestId"]
            table = table or _table(rows)
            lines = (json.dumps(row, ensure_ascii=False) for row in rows)
            _print(lines if as_json else table.lines(_cells(rows)))
        time.sleep(POLL_SECONDS)
        told = journal.read(filters)


def _table(rows: Sequence[Mapping[str, Any]]) -> Table:
    return Table(*(_COLUMNS[name] for name in _names(rows)))


def _names(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What this server tells: an older one knows no causes."""
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


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)
    sys.stdout.flush()
