"""`mockocr run -- COMMAND`: a server on free ports while a command runs, such as a test suite."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mockocr.cli.child import CannotRunError, executable, run_child
from mockocr.cli.child_variables import child_variables
from mockocr.cli.remote import RemoteAdmin
from mockocr.cli.run_report import print_report
from mockocr.client.client import NoServerError, admin_headers
from mockocr.server.app import create_app
from mockocr.server.bootstrap import START_ERRORS, ca_file, open_server
from mockocr.server.logs import start_logging
from mockocr.server.server import serve_in_thread
from mockocr.settings import PREFIX, SettingError, Settings, add_flags, read_settings
from mockocr.terminal import print_text

logger = logging.getLogger("mockocr")

DEFAULTS = {"port": "0", "tls_port": "0", "rate": "0", "log_level": "warning", "log_format": "text"}
"""The defaults that differ from those of `mockocr serve`."""


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "run",
        help="run a command, such as a test suite, with a server of its own",
        usage="mockocr run [options] -- COMMAND [ARGUMENT ...]",
        description="Start a server on free ports, run a command with its URL and keys in the"
        " environment, and stop the server. Then print each call that was refused or matched no"
        " rule, with its cause and hint, and check the `expect` of the active scenarios. Exit code:"
        " that of the command; 1 if only an expectation is not met; 2 and 3 as for `mockocr serve`;"
        " 126 or 127 if the command cannot be run or is not found; 130 or 143 after Ctrl-C or"
        " SIGTERM, which are passed on.",
        epilog="The command gets MOCKOCR_URL, MOCKOCR_HTTPS_URL, TENCENTCLOUD_SECRET_ID and"
        " TENCENTCLOUD_SECRET_KEY. It trusts the server's CA through SSL_CERT_FILE,"
        " REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE, which also have the CAs of this machine, and"
        " through NODE_EXTRA_CA_CERTS. NO_PROXY names the server. The options are those of"
        " `mockocr serve`.",
        examples=(
            "mockocr run -- npm test",
            "mockocr run --scenarios tests/flaky.yaml -- go test ./...",
            "mockocr run --seed 7 -- sh -c 'curl -s $MOCKOCR_URL/healthz'",
        ),
    )
    add_flags(parser, DEFAULTS)
    parser.add_argument("command", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    command = args.command[1:] if args.command[:1] == ["--"] else args.command
    try:
        if not command:
            raise SettingError("expected a command, as in `mockocr run -- npm test`")
        arguments = [executable(command[0]), *command[1:]]
        defaults = {f"{PREFIX}{name.upper()}": value for name, value in DEFAULTS.items()}
        settings, notes = read_settings(vars(args), {**defaults, **os.environ})
        if settings.no_admin:
            raise SettingError("--no-admin: the report of `mockocr run` needs the admin API")
        with TemporaryDirectory(prefix="mockocr-") as folder:
            code, is_left_working = _run(arguments, settings, notes, Path(folder))
    except CannotRunError as error:
        print_text(f"mockocr run: {error}", sys.stderr)
        return error.code
    except (SettingError, NoServerError, *START_ERRORS) as error:
        print_text(f"mockocr run: {error}", sys.stderr)
        return 3 if isinstance(error, START_ERRORS) else 2
    if is_left_working:
        # A thread in C++ code would abort the process when the interpreter ends.
        logging.shutdown()
        os._exit(code)
    return code


def _run(
    arguments: list[str], settings: Settings, notes: Sequence[str], folder: Path
) -> tuple[int, bool]:
    """The exit code, and whether a thread of the server still works.

    Raises CannotRunError, SettingError, NoServerError, or one of START_ERRORS.
    """
    if settings.tls_port is not None and not settings.tls_cert and ca_file(settings) is None:
        # No CA can be stored: use a temporary one.
        settings = replace(settings, state_dir=folder / "state")
    app = create_app(settings)
    start_logging(settings, app.state.metrics.count_dropped_lines)
    for note in notes:
        logger.warning(note)
    with ExitStack() as stack:
        server = stack.enter_context(open_server(app))
        stack.enter_context(serve_in_thread(server))
        urls, ca = server.urls, ca_file(settings)
        account = app.state.accounts.first()
        keys = next(iter(account.keys.items()), None) if account else None
        code = run_child(
            arguments, child_variables(urls, keys, settings.admin_token, ca, folder, os.environ)
        )
        url = next(iter(urls.values()))
        admin = RemoteAdmin(url, admin_headers(settings.admin_token), str(ca) if ca else None)
        is_as_expected = print_report(admin, url, settings.lang)
    return code if code or is_as_expected else 1, app.state.pools.are_left_working
