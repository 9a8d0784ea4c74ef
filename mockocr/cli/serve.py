"""`mockocr serve`: from settings to a server that answers."""

import argparse
import ipaddress
import json
import logging
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mockocr.accounts.account import BUILT_IN
from mockocr.certificates import CertificateError, default_state_dir, own_context, server_tls
from mockocr.logs import start_logging
from mockocr.server import Listener, ListenError, Server, bind, serve_in_foreground
from mockocr.settings import SettingError, Settings, add_flags, read_settings
from mockocr.version import __version__
from mockocr.web.app import create_app, create_service

logger = logging.getLogger("mockocr")


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "serve",
        help="start the server",
        epilog="Each flag has an environment variable: --tls-port is MOCKOCR_TLS_PORT; lists are"
        " separated by `;` there. A flag wins over its variable.",
    )
    add_flags(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    try:
        settings, notes = read_settings(vars(given), os.environ)
        service = create_service(settings)
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
    _warn_of_openness(settings)

    def ready() -> None:
        _announce(settings, listeners)
        threading.Thread(target=_warm_up, daemon=True).start()

    try:
        return serve_in_foreground(Server(create_app(service, settings), listeners), ready)
    finally:
        if settings.port_file:
            settings.port_file.unlink(missing_ok=True)


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


def _announce(settings: Settings, listeners: Sequence[Listener]) -> None:
    urls = {"https" if listener.tls else "http": listener.url for listener in listeners}
    if settings.port_file:
        _write_whole(settings.port_file, json.dumps({**urls, "pid": os.getpid()}))
    if not logger.isEnabledFor(logging.INFO):
        return
    keys = {} if settings.keys else dict(BUILT_IN.keys)
    logger.info(_banner(urls, keys), extra={"facts": {"event": "listening", **urls, "keys": keys}})


def _write_whole(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _banner(urls: Mapping[str, str], keys: Mapping[str, str]) -> str:
    lines = [f"mockocr {__version__} is listening", ""]
    lines += [f"  {scheme:<6} {url}" for scheme, url in urls.items()]
    secret_id, secret_key = "YOUR_SECRET_ID", "YOUR_SECRET_KEY"
    for secret_id, secret_key in keys.items():
        lines.append(f"  keys   SecretId {secret_id}, SecretKey {secret_key} (built in)")
    scheme, _, endpoint = next(iter(urls.values())).partition("://")
    if scheme == "https":
        lines.append("  trust  the CA: mockocr ca path")
    lines += ["", "A call with the official SDK (pip install tencentcloud-sdk-python-ocr):", ""]
    return "\n".join([*lines, python_line(scheme, endpoint, secret_id, secret_key), ""])


def python_line(scheme: str, endpoint: str, secret_id: str, secret_key: str) -> str:
    """A shell command that makes one call with the official Python SDK."""
    return (
        "python -c 'from tencentcloud.common import common_client as c, credential;"
        " from tencentcloud.common.profile import client_profile as p, http_profile as h;"
        f' print(c.CommonClient("ocr", "2018-11-19", credential.Credential("{secret_id}",'
        f' "{secret_key}"), "", p.ClientProfile(httpProfile=h.HttpProfile(protocol="{scheme}",'
        f' endpoint="{endpoint}"))).call_json("IDCardOCR", {{"ImageUrl": "https://xx/a.jpg"}}))\''
    )
