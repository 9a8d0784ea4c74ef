"""`mockocr health`: does a server answer? For HEALTHCHECK and scripts."""

import argparse
import json
import os
import ssl
import sys
import urllib.error
import urllib.request
from typing import Any

from mockocr.settings import PREFIX, SettingError, Settings, read_settings


def add_to(commands: Any) -> None:
    parser = commands.add_parser("health", help="ask a server whether it is ready")
    parser.add_argument(
        "--server", metavar="URL", help=f"default: {PREFIX}URL, else the ports set for `serve`"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    try:
        url = (
            given.server
            or os.environ.get(f"{PREFIX}URL")
            or _url_of(read_settings({}, os.environ)[0])
        )
    except SettingError as error:
        print(f"mockocr health: {error}", file=sys.stderr)
        return 2
    try:
        with _opener().open(f"{url.rstrip('/')}/readyz", timeout=5) as reply:
            facts = json.load(reply)
    except (OSError, ValueError) as error:
        print(f"mockocr health: no healthy server at {url}: {error}", file=sys.stderr)
        return 1
    print(json.dumps(facts) if given.json else f"{url} is {facts['status']}")
    return 0


def _url_of(settings: Settings) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104
    if settings.port is None:
        return f"https://{host}:{settings.tls_port}"
    return f"http://{host}:{settings.port}"


def _opener() -> urllib.request.OpenerDirector:
    """No proxy: the server is this machine's, or near. No verification: nothing is confided."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
