"""Servers on loopback that follow a script, which may break HTTP. They end with the test."""

import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Semaphore, Thread

Script = Callable[[socket.socket, "Host"], None]
"""Handles one connection, in its own thread. The connection is closed afterwards."""

PATIENCE_SECONDS = 30
"""Seconds that only a failing test waits."""


class Host:
    """A server, and the requests that it received."""

    def __init__(self, script: Script, address: str, port: int, tls: ssl.SSLContext | None) -> None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._listener = socket.create_server((address, port), family=family)
        self._script = script
        self._tls = tls
        self._threads = [Thread(target=self._accept)]
        self._address = self._listener.getsockname()[:2]
        self.port = int(self._address[1])
        self.connections = 0
        self.requests: list[bytes] = []
        self.asked = Semaphore(0)
        """Released with each request."""
        self.over = Event()
        """Set when the test has ended; a script that hangs waits for it."""
        self._threads[0].start()

    def url(self, path: str = "/a.jpg", *, host: str = "127.0.0.1") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [request.split(b" ")[1].decode() for request in self.requests]

    def end(self) -> None:
        self.over.set()
        with suppress(OSError), socket.create_connection(self._address):
            pass
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self.over.is_set():
                connection.close()
                return
            self.connections += 1
            self._threads.append(Thread(target=self._play, args=(connection,)))
            self._threads[-1].start()

    def _play(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE_SECONDS)
        with suppress(OSError), connection:
            if self._tls is None:
                self._script(connection, self)
                return
            with self._tls.wrap_socket(connection, server_side=True) as secure:
                self._script(secure, self)


@contextmanager
def serving(
    script: Script,
    address: str = "127.0.0.1",
    *,
    port: int = 0,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Host]:
    host = Host(script, address, port, tls)
    try:
        yield host
    finally:
        host.end()


def read_request(connection: socket.socket, host: Host) -> None:
    request = b""
    while not request.endswith(b"\r\n\r\n"):
        received = connection.recv(65536)
        if not received:
            return
        request += received
    host.requests.append(request)
    host.asked.release()


def saying(*answers: bytes) -> Script:
    """Sends the first answer to the first connection, and so on, and the last to all later ones.
    PORT is replaced by the port of the server."""
    left = list(answers)

    def script(connection: socket.socket, host: Host) -> None:
        read_request(connection, host)
        answer = left.pop(0) if len(left) > 1 else left[0]
        connection.sendall(answer.replace(b"PORT", str(host.port).encode()))
        if isinstance(connection, ssl.SSLSocket):
            connection.unwrap()

    return script


def saying_and_waiting(answer: bytes) -> Script:
    def script(connection: socket.socket, host: Host) -> None:
        read_request(connection, host)
        connection.sendall(answer)
        host.over.wait(PATIENCE_SECONDS)

    return script


def saying_without_end(beginning: bytes, more: bytes) -> Script:
    """Sends until the client closes the connection, or a limit is reached."""

    def script(connection: socket.socket, host: Host) -> None:
        read_request(connection, host)
        connection.sendall(beginning)
        for _ in range(100_000):
            connection.sendall(more)

    return script


def resetting(answer: bytes = b"") -> Script:
    def script(connection: socket.socket, host: Host) -> None:
        read_request(connection, host)
        connection.sendall(answer)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return script


def silent(connection: socket.socket, host: Host) -> None:
    host.over.wait(PATIENCE_SECONDS)


def has_ipv6() -> bool:
    with suppress(OSError), socket.create_server(("::1", 0), family=socket.AF_INET6):
        return True
    return False


def ok(body: bytes, *headers: str) -> bytes:
    lines = [f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""]).encode() + body


def redirect(location: str, status: int = 302) -> bytes:
    return f"HTTP/1.1 {status} Elsewhere\r\nLocation: {location}\r\n\r\n".encode()
