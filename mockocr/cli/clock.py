"""`mockocr clock`: show and move the clocks of a running server."""

import argparse
from collections.abc import Mapping
from functools import partial
from typing import Any

from mockocr.cli.remote import (
    InvalidRequestError,
    RemoteAdmin,
    add_account_flag,
    add_remote_flags,
    exit_code,
)
from mockocr.suggestions import quoted
from mockocr.terminal import Table, columns, print_json, print_text


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "clock",
        help="show and move the clocks of a running server",
        description="Show and move the clocks of accounts. A clock moves everything that depends on"
        " time: the five minutes of a signature, the second of the rate limit, ages and validity,"
        " outage windows and `between`.",
        examples=(
            "mockocr clock show",
            "mockocr clock freeze 2026-01-01T00:00:00Z --account alice",
            "mockocr clock offset -400s",
            "mockocr clock real",
        ),
    )
    below = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=type(parser)
    )
    for name, argument, about, example in (
        ("show", None, "show the clocks", "mockocr clock show --json"),
        (
            "freeze",
            "WHEN",
            "stop clocks at a time: ISO 8601 (UTC if it has no zone) or UNIX seconds",
            "mockocr clock freeze 2026-01-01T00:00:00Z",
        ),
        (
            "offset",
            "DURATION",
            "move clocks by +400s, -5m, 2h or 30d",
            "mockocr clock offset -5m",
        ),
        ("real", None, "set clocks to real time", "mockocr clock real --account alice"),
    ):
        each = below.add_parser(
            name,
            help=about,
            description=f"{about[:1].upper()}{about[1:]}.",
            examples=(example,),
        )
        if argument is not None:
            each.add_argument("value", metavar=argument, help=about)
        add_account_flag(each, "only this account (default: all accounts)")
        add_remote_flags(each)
        each.add_argument("--json", action="store_true", help="print the clocks as JSON")
        each.set_defaults(run=run, kind=name, value=None)


def run(args: argparse.Namespace) -> int:
    return exit_code("clock", partial(_clock, args))


def _clock(args: argparse.Namespace) -> int:
    """Raises SettingError, InvalidRequestError or NoServerError."""
    admin = RemoteAdmin.of(args)
    query = {"account": args.account} if args.account is not None else None
    if args.kind == "show":
        reply = admin.get("clock", query)
    else:
        try:
            reply = admin.ask("PUT", "clock", query, json_body=_body(args.kind, args.value))
        except InvalidRequestError as error:
            got = f", got {quoted(args.value)}" if str(error).startswith(f"{args.kind}: ") else ""
            raise InvalidRequestError(f"{error}{got}") from None
    if args.json:
        print_json(reply)
        return 0
    rows = [(name, _text(clock)) for name, clock in reply["clocks"].items()]
    for line in Table("account", "clock", width=columns()).lines(rows):
        print_text(line)
    return 0


def _body(kind: str, value: str | None) -> dict[str, Any]:
    if value is None:
        return {}
    is_seconds = kind == "freeze" and value.replace(".", "", 1).isdigit()
    return {kind: float(value) if is_seconds else value}


def _text(clock: Mapping[str, str]) -> str:
    match clock:
        case {"freeze": moment}:
            return f"frozen at {moment.replace('+00:00', 'Z')}"
        case {"offset": offset}:
            return f"real time {offset}"
        case _:
            return "real time"
