"""The start-up sequence of every server: `mockocr serve`, `MockOCR`, and the tests."""

import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from mockocr.admin.changes import publish_scenarios
from mockocr.server.app import App
from mockocr.server.limits import limits_of
from mockocr.server.port_file import PortFile, PortFileError
from mockocr.server.ports import ForeignAddressError, Listener, ListenError, bind
from mockocr.server.server import Server
from mockocr.settings import PemText, Settings
from mockocr.tls import (
    CertificateError,
    ca_path,
    default_state_dir,
    own_context,
    server_tls,
)

logger = logging.getLogger("mockocr")

START_ERRORS = (ListenError, CertificateError, PortFileError)
"""The errors of `open_server`, and of serving: a server cannot start."""


@contextmanager
def open_server(app: App) -> Iterator[Server]:
    """Opens the ports of a server, with their certificates, its port file, and the watcher of its
    scenario files; releases all of them when the block ends, also if a later one cannot be opened,
    and ends the threads and processes that work for calls.

    In the block, the caller serves with `serve_in_foreground` or `serve_in_thread`. Raises one of
    START_ERRORS.
    """
    settings, state = app.settings, app.state
    with ExitStack() as stack:
        stack.callback(state.close)
        listeners = _listeners(app, stack)
        state.pictures.own_ports.update(listener.port for listener in listeners)
        port_file = PortFile(settings.port_file) if settings.port_file else None
        if port_file is not None:
            port_file.remove_stale()
            stack.callback(port_file.remove)
        if app.files is not None:
            # Late: many servers have no scenario.
            from mockocr.scenario.watch import watching

            stack.enter_context(
                watching(app.files, state.registry, lambda: publish_scenarios(state))
            )
        server = Server(app, listeners, limits_of(settings), port_file)
        app.urls.update(server.urls)
        yield server


def _listeners(app: App, stack: ExitStack) -> list[Listener]:
    """http, https, or both, until the stack is closed. Raises ListenError or CertificateError."""
    settings, listeners = app.settings, []
    if settings.port is not None:
        bound = stack.enter_context(_bound(settings.host, settings.port, "--port"))
        listeners.append(Listener(bound))
    if settings.tls_port is not None:
        tls, app.ca_certificate = _tls(settings)
        bound = stack.enter_context(_bound(settings.host, settings.tls_port, "--tls-port"))
        listeners.append(Listener(bound, tls))
    return listeners


def _bound(host: str, port: int, flag: str) -> socket.socket:
    try:
        return bind(host, port)
    except ForeignAddressError:
        raise
    except ListenError as error:
        raise ListenError(
            f"{error}; choose another port with {flag}, or {flag} 0 for any free one"
        ) from None


def _tls(settings: Settings) -> tuple[ssl.SSLContext, str | None]:
    """The context of the https port; and the CA's certificate, if it is ours."""
    if settings.tls_cert and settings.tls_key:
        return own_context(_pem(settings.tls_cert), _pem(settings.tls_key)), None
    state_dir = settings.state_dir or default_state_dir()
    tls = server_tls(state_dir, settings.tls_name)
    if tls.not_stored:
        logger.warning(
            "the CA is stored in memory only, and the next start makes a new one: %s; choose a"
            " writable folder with --state-dir",
            tls.not_stored,
        )
    return tls.context, tls.ca_certificate


def _pem(setting: Path | PemText) -> Path | str:
    return setting.text if isinstance(setting, PemText) else setting


def ca_file(settings: Settings) -> Path | None:
    """The CA certificate that clients of https must trust. None if the certificate is the user's
    own, or no CA can be stored."""
    if settings.tls_cert:
        return None
    with suppress(CertificateError):
        return ca_path(settings.state_dir or default_state_dir(), settings.tls_name).absolute()
    return None
