"""`mockocr health`: check that a server is ready. For HEALTHCHECK and scripts."""

import argparse
import ssl
from functools import partial
from typing import Any

from mockocr.cli.remote import exit_code
from mockocr.client.client import (
    NoServerError,
    add_server_flag,
    ask,
    distrust,
    no_server,
    not_mockocr,
    server_url,
    trust,
)
from mockocr.terminal import print_json, print_text


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "health",
        help="check that a server is ready",
        description="Check that a server is ready. Exit code 0: ready; 1: not ready.",
        examples=(
            "mockocr health",
            "mockocr health --server https://127.0.0.1:8019 --ca mockocr-ca.pem",
        ),
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
    return exit_code("health", partial(_health, args))


def _health(args: argparse.Namespace) -> int:
    """Raises SettingError or NoServerError."""
    url = server_url(args.server)
    facts = _facts(url, trust(url, args.ca, near=False) if args.ca else distrust())
    if args.json:
        print_json(facts, None)
    else:
        print_text(f"{url} is healthy")
    return 0


def _facts(url: str, context: ssl.SSLContext | None) -> Any:
    """Raises NoServerError if mockocr does not answer there, or is not healthy."""
    try:
        reply = ask(f"{url}/readyz", context, timeout_seconds=5)
    except NoServerError as error:
        raise no_server(url, error) from None
    facts = reply.json()
    if reply.status == 200 and isinstance(facts, dict) and facts.get("status") == "healthy":
        return facts
    raise not_mockocr(url, reply.status)
