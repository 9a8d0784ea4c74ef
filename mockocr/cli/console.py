"""`mockocr console`: open the console of a running server in a browser."""

import argparse
import sys
from typing import Any

from mockocr.cli.banner import CONSOLE_PATH
from mockocr.client.client import (
    NoServerError,
    add_ca_flag,
    add_server_flag,
    ask,
    is_near,
    server_url,
    trust,
)
from mockocr.settings import SettingError
from mockocr.terminal import print_text


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "console",
        help="open the console of a running server in a browser",
        description="Print the URL of a running server's console, and open it if this machine has a"
        " browser. Exit code 0: printed; 1: no server, or one without a console.",
    )
    add_server_flag(parser)
    add_ca_flag(parser)
    parser.add_argument("--no-browser", action="store_true", help="only print the URL")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        server = server_url(args.server)
        url = f"{server}{CONSOLE_PATH}"
        near = is_near(server)
        status = ask(url, trust(server, args.ca, near), near=near, timeout_seconds=10).status
    except SettingError as error:
        print_text(f"mockocr console: {error}", sys.stderr)
        return 2
    except NoServerError as error:
        print_text(f"mockocr console: no server at {server}: {error}", sys.stderr)
        return 1
    if status != 200:
        print_text(
            f"mockocr console: {server} has no console (status {status}): it was started with"
            " --no-admin, or is another program",
            sys.stderr,
        )
        return 1
    print_text(url)
    if not args.no_browser:
        # Late: only this command needs it.
        import webbrowser

        webbrowser.open(url)
    return 0
