"""`mockocr health`: check that a server is ready. For HEALTHCHECK and scripts."""

import argparse
import ssl
import sys
from typing import Any

from mockocr.client.client import NoServerError, add_server_flag, ask, distrust, server_url, trust
from mockocr.settings import SettingError
from mockocr.terminal import print_json, print_text


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "health",
        help="check that a server is ready",
        description="Check that a server is ready. Exit code 0: ready; 1: not ready.",
    )
    add_server_flag(parser)
    parser.add_argument(
        "--ca",
        metavar="FILE",
        help="verify the certificate of an https server with this CA certificate, PEM (default:"
        " verify nothing)",
    )
    parser.add_argument("--json", action="store_true", help="print its answer as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        url = server_url(args.server)
        context = trust(url, args.ca, near=False) if args.ca else distrust()
    except SettingError as error:
        print_text(f"mockocr health: {error}", sys.stderr)
        return 2
    try:
        facts = _facts(url, context)
    except NoServerError as error:
        print_text(f"mockocr health: no healthy server at {url}: {error}", sys.stderr)
        return 1
    if args.json:
        print_json(facts, None)
    else:
        print_text(f"{url} is healthy")
    return 0


def _facts(url: str, context: ssl.SSLContext | None) -> Any:
    """Raises NoServerError if mockocr does not answer there, or is not healthy."""
    reply = ask(f"{url}/readyz", context, timeout_seconds=5)
    facts = reply.json()
    if reply.status == 200 and isinstance(facts, dict) and facts.get("status") == "healthy":
        return facts
    raise NoServerError(f"another program answered, with status {reply.status}")
