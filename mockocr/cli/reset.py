"""`mockocr reset`: make a running server forget its calls."""

import argparse
from functools import partial
from typing import Any

from mockocr.cli.remote import RemoteAdmin, add_account_flag, add_remote_flags, exit_code
from mockocr.terminal import print_json, print_text


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "reset",
        help="make a running server forget its calls",
        description="Make a running server forget all calls: the journal, the counters of rules,"
        " rates, resource packages, and clocks that were moved. Accounts and scenarios stay.",
        examples=("mockocr reset", "mockocr reset --account alice"),
    )
    add_account_flag(parser, "only this account (default: all accounts)")
    add_remote_flags(parser)
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    return exit_code("reset", partial(_reset, args))


def _reset(args: argparse.Namespace) -> int:
    """Raises SettingError, InvalidRequestError or NoServerError."""
    RemoteAdmin.of(args).post("reset", {"account": args.account} if args.account else None)
    if args.json:
        print_json({"account": args.account})
    else:
        print_text(f"the calls of {args.account or 'all accounts'} are forgotten")
    return 0
