"""`mockocr serve`: start the server."""

import argparse
import ipaddress
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mockocr.accounts.account import BUILT_IN
from mockocr.cli.banner import CONSOLE_PATH, banner, command_line, docs, python_line
from mockocr.server.app import App, create_app
from mockocr.server.bootstrap import START_ERRORS, ca_file, open_server
from mockocr.server.logs import start_logging
from mockocr.server.server import serve_in_foreground
from mockocr.settings import SettingError, Settings, add_flags, read_settings
from mockocr.terminal import print_text

logger = logging.getLogger("mockocr")


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "serve",
        help="start the server",
        description="Start the server on HTTP and HTTPS. It prints its URLs and a call to try."
        " Ctrl-C stops it.",
        epilog="Each setting has an environment variable, such as MOCKOCR_TLS_PORT for --tls-port;"
        " in variables, lists are separated by `;`. A flag overrides its variable.",
        examples=(
            "mockocr serve",
            "mockocr serve --scenarios my.yaml --port 9000 --tls-port off",
            "mockocr serve --keys AKIDONE:one --admin-token token --host 0.0.0.0",
            "MOCKOCR_SCENARIOS='my.yaml;flaky-network' mockocr serve",
        ),
    )
    add_flags(parser)
    add_stop_flag(parser)
    parser.set_defaults(run=run)


def add_stop_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--stop-with-stdin",
        action="store_true",
        help="stop when standard input ends: with the program that started the server, even if"
        " that program is killed",
    )


def run(args: argparse.Namespace) -> int:
    try:
        settings, notes = read_settings(vars(args), os.environ)
        app = create_app(settings)
    except SettingError as error:
        print_text(f"mockocr serve: {error}", sys.stderr)
        return 2
    return serve("serve", app, notes, args.stop_with_stdin)


def serve(
    command: str,
    app: App,
    notes: Sequence[str],
    stop_with_stdin: bool,
    ready: str = "",
    at_end: Callable[[], None] = lambda: None,
) -> int:
    """Serves until a signal. Returns the exit code. `notes`: about the settings; `ready`: a line
    for the log when the server listens."""
    settings = app.settings
    start_logging(settings, app.state.metrics.count_dropped_lines)
    for note in notes:
        logger.warning(note)
    for folder in sorted(app.files.empty) if app.files is not None else ():
        logger.info("%s has no scenario yet; a *.yaml file added there plays at once", folder)
    try:
        with open_server(app) as server:
            _warn_of_openness(settings)
            code = serve_in_foreground(
                server, lambda: _announce(app, server.urls, ready), stop_with_stdin
            )
    except START_ERRORS as error:
        print_text(f"mockocr {command}: {error}", sys.stderr)
        return 3
    at_end()
    if app.state.pools.are_left_working:
        # A thread in C++ code would abort the process when the interpreter ends.
        logging.shutdown()
        os._exit(code)
    return code


def _warn_of_openness(settings: Settings) -> None:
    try:
        local = ipaddress.ip_address(settings.host).is_loopback
    except ValueError:
        local = settings.host == "localhost"
    if not (local or settings.admin_token or settings.no_admin):
        logger.warning(
            "listening on %s: anybody who can connect can use the admin API; set --admin-token or"
            " --no-admin",
            settings.host,
        )


def _announce(app: App, urls: Mapping[str, str], ready: str) -> None:
    if not logger.isEnabledFor(logging.INFO):
        return
    settings, url = app.settings, next(iter(urls.values()))
    keys = {} if settings.keys or settings.keys_file else dict(BUILT_IN.keys)
    own = None if keys else ("YOUR_SECRET_ID", "YOUR_SECRET_KEY")
    ca = ca_file(settings) if "https" in urls else None
    facts = {
        "event": "listening",
        **urls,
        "console": None if settings.no_admin else f"{url}{CONSOLE_PATH}",
        "keys": keys,
        "ca": ca and str(ca),
        "scenarios": [each.name for each in app.state.registry.shared_rulebook().scenarios],
        "docs": docs(),
        "try": command_line(url, own, ca),
        "python": python_line(url, *(own or next(iter(keys.items()))), ca),
    }
    logger.info(banner(facts), extra={"facts": facts})
    if ready:
        logger.info(ready)
