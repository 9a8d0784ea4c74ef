"""`mockocr console`: open the console of a running server in a browser."""

import argparse
from functools import partial
from typing import Any

from mockocr.cli.banner import CONSOLE_PATH
from mockocr.cli.remote import exit_code
from mockocr.client.client import (
    NoServerError,
    add_ca_flag,
    add_server_flag,
    ask,
    is_near,
    no_server,
    server_url,
    trust,
)
from mockocr.terminal import print_text


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "console",
        help="open the console of a running server in a browser",
        description="Print the URL of a running server's console, and open it if this machine has a"
        " browser. Exit code 0: printed; 1: no server, or one without a console.",
        examples=("mockocr console", "mockocr console --no-browser"),
    )
    add_server_flag(parser)
    add_ca_flag(parser)
    parser.add_argument("--no-browser", action="store_true", help="only print the URL")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    return exit_code("console", partial(_open, args))


def _open(args: argparse.Namespace) -> int:
    """Raises SettingError or NoServerError."""
    server = server_url(args.server)
    url, near = f"{server}{CONSOLE_PATH}", is_near(server)
    try:
        status = ask(url, trust(server, args.ca, near), near=near, timeout_seconds=10).status
    except NoServerError as error:
        raise no_server(server, error) from None
    if status != 200:
        raise NoServerError(
            f"{server} has no console (status {status}): it was started with --no-admin, or is"
            " another program"
        )
    print_text(url)
    if not args.no_browser:
        # Late: only this command needs it.
        import webbrowser

        webbrowser.open(url)
    return 0
