"""`mockocr contract diff`: what of the API changed between two days."""

import argparse
import json
from datetime import date
from typing import Any

from mockocr.settings import contract_date


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "contract",
        help="what of the API changed, and when",
        description="What of the API changed, and when: the contract that `mockocr serve --contract"
        " DATE` keeps.",
    )
    below = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=type(parser)
    )
    diff = below.add_parser(
        "diff",
        help="what changed between two days",
        description="What changed between two days, or was undone where the first is the later.",
    )
    diff.add_argument("before", type=contract_day, metavar="DATE", help="YYYY-MM-DD")
    diff.add_argument("after", type=contract_day, metavar="DATE", help="YYYY-MM-DD")
    diff.add_argument("--json", action="store_true", help="print the changes as JSON")
    diff.set_defaults(run=run)


def contract_day(text: str) -> date:
    try:
        return contract_date(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}, found {text!r}") from None


def run(given: argparse.Namespace) -> int:
    from mockocr.actions.catalogue import all_actions

    actions = all_actions()
    changes = [
        (kind, name if len(actions) == 1 else f"{action.name}: {name}", value)
        for action in actions
        if action.contract_changes is not None
        for kind, name, value in action.contract_changes(given.before, given.after)
    ]
    if given.json:
        rows = [{"change": kind, "what": name, "how": value} for kind, name, value in changes]
        told = {"from": str(given.before), "to": str(given.after), "changes": rows}
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for kind, name, value in changes:
            print(f"{kind}: {name}: {value}")
        if not changes:
            print("nothing changed")
    return 0
