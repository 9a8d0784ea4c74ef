"""`mockocr requests --verify`: whether each rule matched the expected number of calls."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from mockocr.cli.remote import RemoteAdmin
from mockocr.settings import SettingError
from mockocr.terminal import Table, columns, print_json, print_text

_TITLES = ("rule", "scenario", "account", "expected", "got", "ok")
_LIST_FLAGS = ("outcome", "rule", "unmatched", "since", "limit", "follow", "fail")


def verify(args: argparse.Namespace) -> int:
    """0: as expected; 1: not as expected; 2: nothing is expected.

    Raises SettingError, InvalidRequestError or NoServerError.
    """
    if list_flags := [f"--{name}" for name in _LIST_FLAGS if getattr(args, name)]:
        raise SettingError(f"{list_flags[0]} cannot be combined with --verify; only --account can")
    admin = RemoteAdmin.of(args)
    query = {"account": args.account} if args.account is not None else None
    verdict = admin.post("requests/verify", query)
    match verdict:
        case {"ok": bool(), "expectations": [*_]}:
            expectations = verdict["expectations"]
        case _:
            raise admin.unexpected()
    if args.json:
        print_json(verdict)
    else:
        for line in verdict_lines(expectations):
            print_text(line)
    if not expectations:
        print_text("mockocr requests: no active scenario has `expect`", sys.stderr)
        return 2
    return 0 if verdict["ok"] else 1


def verdict_lines(expectations: Sequence[Mapping[str, Any]]) -> Sequence[str]:
    return Table(*_TITLES, width=columns()).lines([_cells(row) for row in expectations])


def _cells(row: Mapping[str, Any]) -> list[str]:
    texts = [row["rule"], row["scenario"] or "-", row["account"] or "-", _expected(row)]
    return [*map(str, texts), str(row["found"]), "yes" if row["ok"] else "NO"]


def _expected(row: Mapping[str, Any]) -> str:
    match row["at_least"], row["at_most"]:
        case least, None:
            return f"{least} or more"
        case least, most if least == most:
            return str(least)
        case least, most:
            return f"{least} to {most}"
