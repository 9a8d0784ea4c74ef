"""Servers that are not mockocr."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from socket import SHUT_RDWR, SHUT_WR
from threading import Thread

from mockocr.server.ports import bind


@contextmanager
def something_else(*answers: bytes, asked: list[str] | None = None) -> Iterator[str]:
    """Answers one connection after the other with these bytes, whatever the request, then stops.
    The first lines of the requests are added to `asked`."""
    listener = bind("127.0.0.1", 0)

    def answer() -> None:
        with closing(listener):
            for each in answers:
                connection, _ = listener.accept()
                if each is answers[-1]:
                    listener.close()
                with connection:
                    # The request is read first: else closing would reset the connection.
                    request = b""
                    while b"\r\n\r\n" not in request:
                        request += connection.recv(65536)
                    if asked is not None:
                        asked.append(request.decode("latin-1").splitlines()[0])
                    connection.sendall(each)
                    connection.shutdown(SHUT_WR)
                    while connection.recv(65536):
                        pass

    def answer_until_shut() -> None:
        with suppress(OSError):
            answer()

    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    thread = Thread(target=answer_until_shut)
    thread.start()
    yield url
    with suppress(OSError):
        listener.shutdown(SHUT_RDWR)
    thread.join()


def http(body: bytes, status: str = "200 OK", headers: str = "") -> bytes:
    """A complete reply."""
    head = f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
