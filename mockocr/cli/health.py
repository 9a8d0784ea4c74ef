"""`mockocr health`: does a server answer? For HEALTHCHECK and scripts."""

import argparse
import json
import os
import ssl
import sys
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from mockocr.settings import PREFIX, SettingError, Settings, read_settings

EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "health",
        help="ask a server whether it is ready",
        description="Ask a server whether it is ready. Exit code 0: it is; 1: it is not.",
    )
    parser.add_argument(
        "--server",
        metavar="URL",
        help=f"default: {PREFIX}URL, else where `mockocr serve` would listen by its variables"
        f" ({PREFIX}HOST, {PREFIX}PORT ...)",
    )
    parser.add_argument("--json", action="store_true", help="print what it answers, as JSON")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    try:
        url = _url(given.server).rstrip("/")
    except SettingError as error:
        print(f"mockocr health: {error}", file=sys.stderr)
        return 2
    try:
        with _opener().open(f"{url}/readyz", timeout=5) as reply:
            facts = json.load(reply)
        if not (isinstance(facts, dict) and facts.get("status") == "healthy"):
            raise ValueError("something else answers there")
    except (OSError, ValueError, HTTPException) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        why = error.reason if type(error) is urllib.error.URLError else error
        print(f"mockocr health: no healthy server at {url}: {str(why).strip()}", file=sys.stderr)
        return 1
    print(json.dumps(facts) if given.json else f"{url} is healthy")
    return 0


def _url(flag: str | None) -> str:
    """Where to ask. Raises SettingError."""
    for origin, url in (("--server", flag), (f"{PREFIX}URL", os.environ.get(f"{PREFIX}URL"))):
        if url:
            return _checked(url, origin)
    return _url_of(read_settings({}, os.environ)[0])


def _checked(url: str, origin: str) -> str:
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise SettingError(
            f"{origin}: a URL such as http://127.0.0.1:8018 is wanted, found {url!r}"
        )
    return url


def _url_of(settings: Settings) -> str:
    host = EVERY_ADDRESS.get(settings.host, settings.host)
    shown = f"[{host}]" if ":" in host else host
    scheme, port = ("http", settings.port) if settings.port else ("https", settings.tls_port)
    if not port:
        raise SettingError(f"{PREFIX}PORT: 0 is any free port; tell with --server which one")
    return f"{scheme}://{shown}:{port}"


def _opener() -> urllib.request.OpenerDirector:
    """No proxy: the server is this machine's, or near. No verification: nothing is confided."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
