"""From settings to what a server is made of: the application, what it listens on, and what its
clients have to trust."""

import contextlib
import logging
import socket
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mockocr.server import app
from mockocr.server.ports import Listener, ListenError, bind
from mockocr.settings import Settings
from mockocr.tls import (
    CertificateError,
    ca_path,
    default_state_dir,
    own_context,
    server_tls,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp

logger = logging.getLogger("mockocr")


def create_app(settings: Settings) -> "ASGIApp":
    """The ASGI application, for any ASGI server: the API, health, metrics and the admin API. What
    plays is read once. Ports, TLS and log are the business of that server.

    Raises SettingError for files that cannot be used.
    """
    state = app.create_state(settings)
    app.open_files(settings, state)
    return app.create_app(state, settings)


def listeners(settings: Settings) -> list[Listener]:
    """http, https, or both. Raises ListenError or CertificateError."""
    opened = []
    try:
        if settings.port is not None:
            opened.append(Listener(_bound(settings.host, settings.port, "--port")))
        if settings.tls_port is not None:
            tls = _tls(settings)
            opened.append(Listener(_bound(settings.host, settings.tls_port, "--tls-port"), tls))
    except Exception:
        for listener in opened:
            listener.socket.close()
        raise
    return opened


def urls_of(opened: Sequence[Listener]) -> dict[str, str]:
    """By scheme."""
    return {"https" if listener.tls else "http": listener.url for listener in opened}


def _bound(host: str, port: int, flag: str) -> socket.socket:
    try:
        return bind(host, port)
    except ListenError as error:
        raise ListenError(
            f"{error}; choose another port with {flag}, or {flag} 0 for any free one"
        ) from None


def _tls(settings: Settings) -> ssl.SSLContext:
    if settings.tls_cert and settings.tls_key:
        return own_context(settings.tls_cert, settings.tls_key)
    state_dir = settings.state_dir or default_state_dir()
    tls = server_tls(state_dir, settings.tls_name)
    if tls.not_stored:
        logger.warning(
            "the CA is stored in memory only, and the next start makes a new one: %s; choose a"
            " writable folder with --state-dir",
            tls.not_stored,
        )
    return tls.context


def ca_file(settings: Settings) -> Path | None:
    """What clients of https have to trust; None where nothing of ours is kept."""
    if settings.tls_cert:
        return None
    with contextlib.suppress(CertificateError):
        return ca_path(settings.state_dir or default_state_dir(), settings.tls_name).absolute()
    return None
