"""Whether the rules that play took as many calls as their scenarios expect."""

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any

from mockocr.cli.remote import RemoteAdmin
from mockocr.settings import SettingError
from mockocr.terminal import Table

_TITLES = ("rule", "scenario", "account", "expected", "found", "ok")
_OF_LISTS = ("outcome", "rule", "unmatched", "since", "limit", "follow")


def verify(given: argparse.Namespace) -> int:
    """0: as expected; 1: not so; 2: nothing is expected. Raises SettingError, AskedWrongError or
    NoServerError."""
    if beside := [f"--{name}" for name in _OF_LISTS if getattr(given, name)]:
        raise SettingError(f"{beside[0]} is for lists: --verify goes with --account only")
    admin = RemoteAdmin(given)
    query = {"account": given.account} if given.account is not None else None
    told = admin.post("requests/verify", query)
    match told:
        case {"ok": bool(), "expectations": [*_]}:
            expectations = told["expectations"]
        case _:
            raise admin.stranger(200)
    if given.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for line in Table(*_TITLES).lines([_cells(it) for it in expectations]):
            print(line)
    if not expectations:
        told_why = "nothing that plays expects anything: no scenario has `expect`"
        print(f"mockocr requests: {told_why}", file=sys.stderr)
        return 2
    return 0 if told["ok"] else 1


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
