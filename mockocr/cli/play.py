"""`mockocr play`: activate scenarios on a running server, or stop them."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mockocr.cli.remote import (
    InvalidRequestError,
    RemoteAdmin,
    add_account_flag,
    add_remote_flags,
    exit_code,
)
from mockocr.settings import SettingError
from mockocr.terminal import print_json, print_text


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "play",
        help="activate scenarios on a running server, or stop them",
        description="Activate scenarios on a running server, for every account or for one. A"
        " scenario replaces an active one of the same name. The server does not watch a file that"
        " is played in this way.",
        examples=(
            "mockocr play third-call-fails",
            "mockocr play tests/flaky.yaml --account alice",
            "mockocr play --stop third-call-fails",
            "mockocr play --stop",
        ),
    )
    parser.add_argument(
        "scenarios",
        nargs="*",
        metavar="PATH|NAME",
        help="a file, a folder, or the name of a scenario that the server knows",
    )
    add_account_flag(parser, "only for this account (default: for every account)")
    parser.add_argument(
        "--stop",
        action="store_true",
        help="stop these active scenarios; without a name, all that were played",
    )
    add_remote_flags(parser)
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    return exit_code("play", partial(_stop if args.stop else _play, args))


def _play(args: argparse.Namespace) -> int:
    """Raises SettingError, InvalidRequestError or NoServerError."""
    if not args.scenarios:
        raise SettingError("PATH|NAME is missing")
    bodies = [(text, *each) for text in args.scenarios for each in _bodies(text)]
    admin = RemoteAdmin.of(args)
    played = []
    for text, source, body in bodies:
        try:
            played.append(admin.ask("POST", "scenarios", _query(args), **body))
        except InvalidRequestError as error:
            raise InvalidRequestError(_with_source(text, source, error)) from None
    if args.json:
        print_json(played)
        return 0
    for scenario in played:
        count = len(scenario["rules"])
        rules = f"{count} rule{'' if count == 1 else 's'}"
        print_text(f"{scenario['name']} is active for {_whom(args)}, {rules}")
        for warning in scenario["warnings"]:
            print_text(f"mockocr play: warning: {warning['text']}", sys.stderr)
    return 0


def _stop(args: argparse.Namespace) -> int:
    """Raises SettingError, InvalidRequestError or NoServerError."""
    admin = RemoteAdmin.of(args)
    for name in args.scenarios:
        admin.ask("DELETE", f"scenarios/{quote(name, safe='')}", _query(args))
    if not args.scenarios:
        admin.ask("DELETE", "scenarios", _query(args))
    if args.json:
        print_json({"stopped": args.scenarios or "all", "account": args.account})
    else:
        names = ", ".join(args.scenarios) or "all played scenarios"
        print_text(f"stopped for {_whom(args)}: {names}")
    return 0


def _bodies(text: str) -> Iterator[tuple[Path | None, dict[str, Any]]]:
    """The file of each scenario (None for a name), and its body, as for `RemoteAdmin.ask`."""
    # Imported late: --help does not need it.
    from mockocr.scenario.library import SUFFIXES, scenario_files_in

    path = Path(text)
    try:
        if path.is_dir():
            for file in scenario_files_in(path):
                yield file, {"yaml": file.read_bytes()}
        elif path.exists() or (path.suffix in SUFFIXES and len(path.parts) > 1):
            yield path, {"yaml": path.read_bytes()}
        else:
            yield None, {"json_body": text}
    except OSError as error:
        raise SettingError(f"{text}: {error.strerror}") from None


def _with_source(text: str, source: Path | None, error: InvalidRequestError) -> str:
    """The message; for a file, one line `file:line:column: text` for each error."""
    if source is None:
        here = f"no file {text} here, and on the server: " if "." in text else ""
        return f"{here}{error}"
    lines = [f"{source}{_location(each)}: {each['text']}" for each in error.problems]
    return "\n".join(["invalid:", *lines]) if lines else f"{source}: {error}"


def _location(problem: Mapping[str, Any]) -> str:
    return f":{problem['line']}:{problem['column']}" if problem["line"] else f": {problem['path']}"


def _whom(args: argparse.Namespace) -> str:
    return "every account" if args.account is None else str(args.account)


def _query(args: argparse.Namespace) -> dict[str, str] | None:
    return None if args.account is None else {"account": args.account}
