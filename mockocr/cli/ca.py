"""`mockocr ca`: the CA certificate that HTTPS clients must trust."""

import argparse
import os
import sys
from typing import Any

from mockocr.client.client import (
    NoServerError,
    ask,
    checked_url,
    distrust,
    is_near,
    no_server,
    not_mockocr,
)
from mockocr.settings import SettingError, read_settings
from mockocr.terminal import print_text


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "ca",
        help="print the CA certificate that HTTPS clients must trust",
        description="Print the CA certificate that HTTPS clients must trust: that of this"
        " installation, which is created on first use and then stays the same; with --server, that"
        " of a running server.",
        examples=(
            "mockocr ca path",
            "mockocr ca export > mockocr-ca.pem",
            "mockocr ca export --server https://mockocr:8019 > mockocr-ca.pem",
        ),
    )
    parser.add_argument(
        "what",
        choices=("path", "export"),
        metavar="path|export",
        help="path: print the path of its file; export: print the certificate (PEM)",
    )
    parser.add_argument(
        "--state-dir",
        metavar="DIR",
        help="its folder, as for `mockocr serve` (default: MOCKOCR_STATE_DIR, else the user's data"
        " folder)",
    )
    parser.add_argument(
        "--server",
        metavar="URL",
        help="export the CA of this server, such as one in a container; needs no token, and over"
        " https nothing is verified",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from mockocr.tls import CertificateError

    try:
        text = _stored(args) if args.server is None else _served(args)
    except SettingError as error:
        print_text(f"mockocr ca: {error}", sys.stderr)
        return 2
    except (CertificateError, OSError, NoServerError) as error:
        print_text(f"mockocr ca: {error}", sys.stderr)
        return 1
    print_text(text.removesuffix("\n"))
    return 0


def _stored(args: argparse.Namespace) -> str:
    """Raises SettingError, CertificateError or OSError."""
    from mockocr.tls import ca_path, default_state_dir

    settings, _ = read_settings({"state_dir": args.state_dir}, os.environ)
    path = ca_path(settings.state_dir or default_state_dir(), settings.tls_name)
    return str(path) if args.what == "path" else path.read_text()


def _served(args: argparse.Namespace) -> str:
    """Raises SettingError or NoServerError."""
    if args.what == "path" or args.state_dir is not None:
        raise SettingError("--server can be combined with export only")
    url = checked_url(args.server, "--server").rstrip("/")
    near = is_near(url)
    try:
        reply = ask(f"{url}/__admin/ca.pem", distrust(), near=near, timeout_seconds=10)
    except NoServerError as error:
        raise no_server(url, error) from None
    match reply.status, reply.json(), reply.body.decode("ascii", "replace"):
        case 200, None, text if text.startswith("-----BEGIN CERTIFICATE-----\n"):
            return text
        case _, {"error": str(message)}, _:
            raise NoServerError(f"{url} refused: {message}")
        case _:
            raise not_mockocr(url, reply.status)
