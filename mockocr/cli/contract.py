"""`mockocr contract`: how the API changed between two days, and whether a server agrees with it."""

import argparse
from datetime import date
from typing import Any

from mockocr.cli import contract_check
from mockocr.settings import contract_date
from mockocr.terminal import print_json, print_text


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "contract",
        help="show how the API changed over time, or check a server against it",
        description="Show how the API changed over time, or check whether a server answers as the"
        " API does. `mockocr serve --contract DATE` answers as the API did on that day.",
        examples=(
            "mockocr contract diff 2024-05-01 2026-03-13",
            "mockocr contract check --against http://127.0.0.1:8018",
        ),
    )
    below = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=type(parser)
    )
    diff = below.add_parser(
        "diff",
        help="list the changes between two days",
        description="List the changes between two days. If the first day is the later one, the"
        " changes are listed in reverse.",
        examples=("mockocr contract diff 2024-05-01 2026-03-13 --json",),
    )
    diff.add_argument("before", type=contract_day, metavar="DATE", help="YYYY-MM-DD")
    diff.add_argument("after", type=contract_day, metavar="DATE", help="YYYY-MM-DD")
    diff.add_argument("--json", action="store_true", help="print the changes as JSON")
    diff.set_defaults(run=run)
    contract_check.add_to(below, contract_day)


def contract_day(text: str) -> date:
    try:
        return contract_date(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}, got {text!r}") from None


def run(args: argparse.Namespace) -> int:
    from mockocr.actions.catalogue import all_actions

    actions = all_actions()
    changes = [
        (kind, name if len(actions) == 1 else f"{action.name}: {name}", value)
        for action in actions
        if action.contract_changes is not None
        for kind, name, value in action.contract_changes(args.before, args.after)
    ]
    if args.json:
        rows = [{"change": kind, "what": name, "how": value} for kind, name, value in changes]
        document = {"from": str(args.before), "to": str(args.after), "changes": rows}
        print_json(document)
    else:
        for kind, name, value in changes:
            print_text(f"{kind}: {name}: {value}")
        if not changes:
            print_text("nothing changed")
    return 0
