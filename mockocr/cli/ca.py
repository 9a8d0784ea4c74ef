"""`mockocr ca`: the CA certificate that HTTPS clients must trust."""

import argparse
import os
import sys
from typing import Any

from mockocr.settings import SettingError, read_settings
from mockocr.terminal import print_text


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "ca",
        help="print the CA certificate that HTTPS clients must trust",
        description="Print the CA certificate that HTTPS clients must trust. It is created on first"
        " use and stays the same for this installation.",
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
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from mockocr.tls import CertificateError, ca_path, default_state_dir

    try:
        settings, _ = read_settings({"state_dir": args.state_dir}, os.environ)
    except SettingError as error:
        print_text(f"mockocr ca: {error}", sys.stderr)
        return 2
    try:
        path = ca_path(settings.state_dir or default_state_dir(), settings.tls_name)
        text = f"{path}\n" if args.what == "path" else path.read_text()
    except (CertificateError, OSError) as error:
        print_text(f"mockocr ca: {error}", sys.stderr)
        return 1
    print_text(text.removesuffix("\n"))
    return 0
