"""`mockocr serve`: from settings to a server that answers."""

import argparse
import contextlib
import ipaddress
import logging
import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mockocr.accounts.account import BUILT_IN
from mockocr.certificates import (
    CertificateError,
    ca_path,
    default_state_dir,
    own_context,
    server_tls,
)
from mockocr.cli.banner import banner, python_line
from mockocr.cli.port_file import PortFile, PortFileError
from mockocr.logs import start_logging
from mockocr.server import Listener, ListenError, Server, bind, serve_in_foreground
from mockocr.settings import SettingError, Settings, add_flags, read_settings
from mockocr.web.app import create_app, create_service, follow, open_files

logger = logging.getLogger("mockocr")


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "serve",
        help="start the server",
        description="Start the server, on http and https; it prints where it listens and a call to"
        " try. Ctrl-C stops it.",
        epilog="Each flag has an environment variable: --tls-port is MOCKOCR_TLS_PORT; lists are"
        " separated by `;` there. A flag wins over its variable.",
    )
    add_flags(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    try:
        settings, notes = read_settings(vars(given), os.environ)
        service = create_service(settings)
        files = open_files(settings, service)
    except SettingError as error:
        print(f"mockocr serve: {error}", file=sys.stderr)
        return 2
    start_logging(settings)
    for note in notes:
        logger.warning(note)
    try:
        listeners = _listeners(settings)
    except (ListenError, CertificateError) as error:
        print(f"mockocr serve: {error}", file=sys.stderr)
        return 3
    service.pictures.own_ports.update(listener.port for listener in listeners)
    _warn_of_openness(settings)
    port_file = PortFile(settings.port_file) if settings.port_file else None

    def ready() -> None:
        urls = {"https" if listener.tls else "http": listener.url for listener in listeners}
        if port_file:
            port_file.write(urls)
        _announce(settings, urls)
        threading.Thread(target=_warm_up, daemon=True).start()

    try:
        if port_file:
            port_file.remove_stale()
        with follow(files, service):
            return serve_in_foreground(Server(create_app(service, settings), listeners), ready)
    except PortFileError as error:
        print(f"mockocr serve: {error}", file=sys.stderr)
        return 3
    finally:
        if port_file:
            port_file.remove()


def _listeners(settings: Settings) -> list[Listener]:
    """http, https, or both. Raises ListenError or CertificateError."""
    listeners = []
    if settings.port is not None:
        listeners.append(Listener(_bound(settings.host, settings.port, "--port")))
    if settings.tls_port is not None:
        socket = _bound(settings.host, settings.tls_port, "--tls-port")
        listeners.append(Listener(socket, _tls(settings)))
    return listeners


def _bound(host: str, port: int, flag: str) -> Any:
    try:
        return bind(host, port)
    except ListenError as error:
        raise ListenError(
            f"{error}; choose another with {flag}, or any free one: {flag} 0"
        ) from None


def _tls(settings: Settings) -> Any:
    if settings.tls_cert and settings.tls_key:
        return own_context(settings.tls_cert, settings.tls_key)
    state_dir = settings.state_dir or default_state_dir()
    tls = server_tls(state_dir, settings.tls_name)
    if tls.not_kept:
        logger.warning(
            "the CA is kept in memory only and will be another at the next start: %s; choose a"
            " folder that can be written with --state-dir",
            tls.not_kept,
        )
    return tls.context


def _warn_of_openness(settings: Settings) -> None:
    try:
        local = ipaddress.ip_address(settings.host).is_loopback
    except ValueError:
        local = settings.host == "localhost"
    if not (local or settings.admin_token or settings.no_admin):
        logger.warning(
            "listening on %s: everybody who reaches it can use /__admin; set --admin-token or"
            " --no-admin",
            settings.host,
        )


def _warm_up() -> None:
    """Imports what answers need sooner or later, once the server is ready: a first answer that
    comes later than this need not wait for faker."""
    from mockocr.cards import people  # noqa: F401


def _announce(settings: Settings, urls: Mapping[str, str]) -> None:
    if not logger.isEnabledFor(logging.INFO):
        return
    keys = {} if settings.keys or settings.keys_file else dict(BUILT_IN.keys)
    secret_id, secret_key = next(iter(keys.items()), ("YOUR_SECRET_ID", "YOUR_SECRET_KEY"))
    ca = _ca_file(settings) if "https" in urls else None
    call = python_line(next(iter(urls.values())), secret_id, secret_key, ca)
    facts = {"event": "listening", **urls, "keys": keys, "ca": ca and str(ca), "try": call}
    logger.info(banner(urls, keys, ca, call), extra={"facts": facts})


def _ca_file(settings: Settings) -> Path | None:
    """What clients of https have to trust; None where nothing of ours is kept."""
    if settings.tls_cert:
        return None
    with contextlib.suppress(CertificateError):
        return ca_path(settings.state_dir or default_state_dir(), settings.tls_name).absolute()
    return None
