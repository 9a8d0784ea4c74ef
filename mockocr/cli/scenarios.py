"""`mockocr scenarios`: which scenarios are active, and which can be played by name."""

import argparse
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

from mockocr.cli.remote import RemoteAdmin, add_account_flag, add_remote_flags, exit_code
from mockocr.documents.writing import yaml_of
from mockocr.terminal import Table, columns, print_json, print_text


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "scenarios",
        help="list, show and search scenarios",
        description="List, show and search the scenarios of a running server: those that are"
        " active, and those that can be played by name.",
        examples=(
            "mockocr scenarios list",
            "mockocr scenarios show third-call-fails",
            "mockocr scenarios search timeout",
        ),
    )
    below = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=type(parser)
    )
    listing = below.add_parser(
        "list",
        help="list the active scenarios, and those that can be played by name",
        description="List the active scenarios, and those that can be played by name.",
        examples=("mockocr scenarios list", "mockocr scenarios list --account alice --json"),
    )
    add_account_flag(listing, "only active scenarios of this account")
    listing.set_defaults(run=partial(_run, _list))
    show = below.add_parser(
        "show",
        help="print a scenario as it was written",
        description="Print a scenario as YAML: an active one, else one that can be played by name."
        " Secrets and personal data are masked.",
        examples=(
            "mockocr scenarios show error-image-blur",
            "mockocr scenarios show third-call-fails > my.yaml",
        ),
    )
    show.add_argument("name", metavar="NAME", help="its name, or that of its file")
    add_account_flag(show, "the account that it is active for")
    show.set_defaults(run=partial(_run, _show))
    search = below.add_parser(
        "search",
        help="find scenarios that can be played by name",
        description="Find scenarios that can be played by name. Exit code 0: found; 1: none has"
        " all words.",
        examples=("mockocr scenarios search blur", "mockocr scenarios search gateway 502"),
    )
    search.add_argument(
        "words", nargs="+", metavar="WORD", help="must be in the name or text, in any case"
    )
    search.set_defaults(run=partial(_run, _search))
    for each in (listing, show, search):
        add_remote_flags(each)
        each.add_argument("--json", action="store_true", help="print the result as JSON")


def _run(work: Any, args: argparse.Namespace) -> int:
    return exit_code("scenarios", lambda: work(args, RemoteAdmin.of(args)))


def _list(args: argparse.Namespace, admin: RemoteAdmin) -> int:
    active = admin.get("scenarios", _query(args.account))
    library = admin.get("library")["scenarios"]
    if args.json:
        document = {"active": active["scenarios"], "refused": active["refused"]}
        print_json({**document, "library": library})
        return 0
    for line in _active_lines(active["scenarios"]):
        print_text(line)
    print_text("")
    rows = [(each["name"], " ".join(each["description"].split())) for each in library]
    for line in Table("by name", "description", width=columns()).lines(rows):
        print_text(line)
    for error in active["refused"].values():
        print_text(f"mockocr scenarios: refused:\n{error}", sys.stderr)
    return 0


def _active_lines(scenarios: Sequence[Mapping[str, Any]]) -> Sequence[str]:
    if not scenarios:
        return ["no scenario is active"]
    rows = [
        (
            each["name"],
            each["account"] or "-",
            str(len(each["rules"])),
            "played" if each["source"] == "inline" else each["source"],
        )
        for each in scenarios
    ]
    return Table("active", "account", "rules", "source", width=columns()).lines(rows)


def _show(args: argparse.Namespace, admin: RemoteAdmin) -> int:
    path, query = f"library/{quote(args.name, safe='')}", None
    for active in admin.get("scenarios", _query(args.account))["scenarios"]:
        if active["name"] == args.name:
            path = f"scenarios/{quote(args.name, safe='')}"
            query = _query(args.account or active["account"])
            break
    scenario = admin.get(path, query)
    if args.json:
        print_json(scenario)
    else:
        print_text(yaml_of(scenario).removesuffix("\n"))
    return 0


def _search(args: argparse.Namespace, admin: RemoteAdmin) -> int:
    found = admin.get("library", {"search": " ".join(args.words)})["scenarios"]
    if args.json:
        print_json(found)
    else:
        for line in _described(found):
            print_text(line)
    if not found:
        print_text("mockocr scenarios: no scenario has all these words", sys.stderr)
    return int(not found)


def _described(entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for each in entries:
        yield each["name"]
        yield from textwrap.wrap(
            each["description"], columns(), initial_indent="  ", subsequent_indent="  "
        )


def _query(account: str | None) -> dict[str, str] | None:
    return {"account": account} if account is not None else None
