"""`python -m bench.session`: a server in a thread of this process, as in a pytest session.

It prints medians of milliseconds as JSON, for mockocr and for uvicorn's own Server.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from statistics import median
from urllib.parse import urlsplit

import uvicorn

from bench.baseline import app as baseline_app
from mockocr.server.app import create_app
from mockocr.server.bootstrap import open_server
from mockocr.server.server import serve_in_thread
from mockocr.settings import Settings

START, ACCOUNT, STOP = "start", "fresh account", "stop"
SERVER_OF_UVICORN = "uvicorn's Server, "

SESSIONS = 5
ACCOUNTS = 50


def main() -> None:
    found: dict[str, list[float]] = {}
    for _ in range(SESSIONS):
        for name, value in (*_of_mockocr(), *_of_uvicorn()):
            found.setdefault(name, []).append(1000 * value)
    print(json.dumps({name: median(values) for name, values in found.items()}))


def _of_mockocr() -> Iterator[tuple[str, float]]:
    with ExitStack() as session:
        begun = time.perf_counter()
        port = session.enter_context(_server())
        yield START, time.perf_counter() - begun
        connection = HTTPConnection("127.0.0.1", port)
        _fresh_account(connection)
        for _ in range(ACCOUNTS):
            begun = time.perf_counter()
            _fresh_account(connection)
            yield ACCOUNT, time.perf_counter() - begun
        begun = time.perf_counter()
        session.close()
        yield STOP, time.perf_counter() - begun
        connection.close()


@contextmanager
def _server() -> Iterator[int]:
    """The port of a server that runs during the block."""
    app = create_app(Settings(port=0, tls_port=None))
    with open_server(app) as server, serve_in_thread(server):
        yield urlsplit(server.urls["http"]).port or 0


def _fresh_account(connection: HTTPConnection) -> None:
    connection.request("POST", "/__admin/accounts", b"{}", {"Content-Type": "application/json"})
    response = connection.getresponse()
    made = json.loads(response.read())
    assert made["keys"], made


def _of_uvicorn() -> Iterator[tuple[str, float]]:
    server = uvicorn.Server(uvicorn.Config(baseline_app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    begun = time.perf_counter()
    thread.start()
    while not server.started:
        time.sleep(0.0005)
    yield SERVER_OF_UVICORN + START, time.perf_counter() - begun
    begun = time.perf_counter()
    server.should_exit = True
    thread.join()
    yield SERVER_OF_UVICORN + STOP, time.perf_counter() - begun


if __name__ == "__main__":
    main()
