"""`mockocr ca`: the certificate that clients have to trust for https."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from mockocr.settings import PREFIX


def add_to(commands: Any) -> None:
    parser = commands.add_parser("ca", help="the CA certificate that clients have to trust")
    parser.add_argument(
        "what", choices=("path", "export"), help="print where it is, or itself (PEM)"
    )
    parser.add_argument("--state-dir", type=Path, metavar="DIR", help="where it lives")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    from mockocr.certificates import CertificateError, ca_path, default_state_dir

    variable = os.environ.get(f"{PREFIX}STATE_DIR")
    state_dir = given.state_dir or (Path(variable) if variable else default_state_dir())
    try:
        path = ca_path(state_dir)
        print(
            path if given.what == "path" else path.read_text(),
            end="\n" if given.what == "path" else "",
        )
    except (CertificateError, OSError) as error:
        print(f"mockocr ca: {error}", file=sys.stderr)
        return 1
    return 0
