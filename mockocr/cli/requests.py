"""`mockocr requests`: list the calls that a server has answered."""

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from mockocr.cli.remote import RemoteAdmin, add_remote_flags, exit_code
from mockocr.cli.verdict import verify
from mockocr.settings import SettingError
from mockocr.terminal import Table, columns, print_json, print_text

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
WIDE_COLUMNS = 140
_NARROW_COLUMNS = {
    "time": "time",
    "RequestId": "RequestId",
    "account": "account",
    "outcome": "outcome",
    "rule": "rule or cause",
    "milliseconds": "ms",
}
SHORT_ID_CHARACTERS = 8
"""Enough for `mockocr explain`."""


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "requests",
        help="list the calls that a server has answered",
        description="List the calls that a server has answered, newest first; or check that each"
        " rule matched the expected number of calls. Exit code 0: listed, or as expected; 1: not as"
        " expected, or the server was not reached or refused; 2: invalid usage, or nothing is"
        " expected.",
        examples=(
            "mockocr requests --limit 20",
            "mockocr requests --outcome error --follow",
            "mockocr requests --unmatched --fail",
            "mockocr requests --verify --account alice",
            "mockocr requests --outcome error --code python",
        ),
    )
    add_remote_flags(parser)
    _add_filters(parser)
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
        "--code",
        metavar="LANGUAGE",
        help="print the code that makes the newest of these calls: curl, tccli, python, node, go,"
        " java, php, csharp, cpp, ruby or pytest",
    )
    parser.add_argument(
        "--fail",
        action="store_true",
        help="exit with 1 if a listed call matched no rule, or was refused and no rule says so",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="print the server's answer as JSON; with --follow one line per call",
    )
    parser.set_defaults(run=run)


def _add_filters(parser: argparse.ArgumentParser) -> None:
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


def run(args: argparse.Namespace) -> int:
    return exit_code("requests", partial(verify if args.verify else _list, args))


def _list(args: argparse.Namespace) -> int:
    """Raises SettingError, InvalidRequestError or NoServerError."""
    names = ("account", "outcome", "rule", "since", "limit")
    filters = {name: getattr(args, name) for name in names if getattr(args, name) is not None}
    if args.unmatched:
        filters["unmatched"] = "true"
    if args.fail and args.follow:
        raise SettingError("--fail cannot be combined with --follow, which has no end")
    journal = RemoteJournal(args)
    if args.code is not None:
        return _print_code(journal, filters, args.code, args.json)
    if args.follow:
        _follow(journal, filters, args.json)
    page = journal.read(filters)
    if args.json:
        print_json(page)
    else:
        _print_rows(_CallTable(page["requests"]), page["requests"])
    return int(args.fail and any(map(is_failure, page["requests"])))


def _print_code(
    journal: "RemoteJournal", filters: Mapping[str, str], language: str, as_json: bool
) -> int:
    """Raises InvalidRequestError or NoServerError."""
    rows = journal.read({**filters, "limit": "1"})["requests"]
    if not rows:
        print_text("mockocr requests: no call matches", sys.stderr)
        return 1
    code = journal.code(rows[0]["RequestId"], language)
    if as_json:
        print_json(code)
    else:
        # Go is indented with tabs, which print_text would escape.
        print_text(code["code"].rstrip("\n").expandtabs(4))
    return 0


def is_failure(row: Mapping[str, Any]) -> bool:
    """Whether a call matched no rule, or was refused although no rule says so."""
    return bool(row.get("unmatched") or (row["outcome"] != "ok" and row["rule"] is None))


class RemoteJournal:
    """The journal of a running server."""

    def __init__(self, args: argparse.Namespace) -> None:
        """Raises SettingError or NoServerError."""
        self._admin = RemoteAdmin.of(args)

    def code(self, request_id: str, language: str) -> dict[str, Any]:
        """The call as code in a language, as the admin API returns it.

        Raises NoServerError or InvalidRequestError."""
        return self._admin.get(f"requests/{request_id}/code", {"language": language})

    def read(self, filters: Mapping[str, str]) -> dict[str, Any]:
        """Raises NoServerError or InvalidRequestError."""
        page = self._admin.get("requests", filters)
        match page:
            case {"requests": [*_], "total": int()}:
                return page
            case _:
                raise self._admin.unexpected()


def _follow(journal: RemoteJournal, filters: dict[str, str], as_json: bool) -> None:
    """Prints calls until Ctrl-C or NoServerError."""
    table: _CallTable | None = None
    page = journal.read(filters)
    if filters.pop("limit", None) and page["total"] and not page["requests"]:
        # --limit 0: skip the calls so far, and print those after the newest.
        newest = journal.read({**filters, "limit": "1"})["requests"]
        filters.update(since=newest[0]["RequestId"])
    while True:
        rows = page["requests"][::-1]
        if rows:
            filters["since"] = rows[-1]["RequestId"]
            table = table or _CallTable(rows)
            if as_json:
                for row in rows:
                    print_json(row, None)
            else:
                _print_rows(table, rows)
        time.sleep(POLL_SECONDS)
        page = journal.read(filters)


class _CallTable:
    """The rows as a table: on a wide terminal all members; on a narrow one, the beginning of the
    RequestId, and the cause for calls without a rule."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """`rows`: the first ones."""
        self._wide = columns() >= WIDE_COLUMNS
        titles = _COLUMNS if self._wide else _NARROW_COLUMNS
        # An older server has no causes.
        self._names = [name for name in titles if not rows or name in rows[0]]
        if not self._wide and len({row.get("account") for row in rows}) < 2:
            self._names.remove("account")
        self._table = Table(*(titles[name] for name in self._names), width=columns())

    def lines(self, rows: Sequence[Mapping[str, Any]]) -> Sequence[str]:
        cells = [[self._cell(name, row) for name in self._names] for row in rows]
        return self._table.lines(cells)

    def _cell(self, name: str, row: Mapping[str, Any]) -> str:
        value = row.get(name)
        if not self._wide:
            if name == "rule" and value is None:
                value = row.get("cause")
            elif isinstance(value, str) and name == "RequestId":
                return value[:SHORT_ID_CHARACTERS]
            elif isinstance(value, str) and name == "time":
                return value[11:19]
        match name, value:
            case _, None:
                return "-"
            case "time", str():
                return value.replace("+00:00", "Z")
            case "milliseconds", float():
                return f"{value:.1f}"
            case _:
                return str(value)


def _print_rows(table: _CallTable, rows: Sequence[Mapping[str, Any]]) -> None:
    for line in table.lines(rows):
        print_text(line)
