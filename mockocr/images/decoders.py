"""The worker processes that decode heavy pictures: at most two, started when the first such picture
arrives, killed and replaced if a picture takes too long."""

import contextlib
import os
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Sequence
from threading import BoundedSemaphore, Lock, Timer
from typing import IO, TYPE_CHECKING

from mockocr.images.image import ImageError, NotDecodedError
from mockocr.images.worker import PIXEL_BYTES, REPLY, REQUEST, RESULTS

if TYPE_CHECKING:
    from mockocr.images.decoding import Pixels

PROCESSES = 2

END_SECONDS = 0.1
"""How long a stopping server waits for a worker that it has killed. On a busy machine, a process of
low priority takes longer to end."""

_START = """
import sys
sys.path[:] = sys.argv[1:]
from mockocr.images.worker import main
main()
"""


def command() -> Sequence[str]:
    """The command of a worker. It imports from the same places as this process, whatever the
    environment and the working directory are."""
    paths = [path or os.getcwd() for path in sys.path]  # noqa: PTH109 - a text is needed
    return (sys.executable, "-I", "-c", _START, *paths)


class _Worker:
    """A worker process, as its server uses it."""

    def __init__(self, command: Sequence[str]) -> None:
        self.is_killed = False
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # On Windows: no console window.
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def decode(self, content: bytes, enough: int) -> "Pixels | ImageError":
        """Raises OSError or EOFError if the process has ended."""
        # Late: Pillow takes 30 ms to import, and few servers receive a heavy picture.
        from PIL import Image

        from mockocr.images.decoding import Pixels

        requests, replies = self._process.stdin, self._process.stdout
        assert requests is not None  # noqa: S101 - a pipe
        assert replies is not None  # noqa: S101 - a pipe
        requests.write(REQUEST.pack(enough, len(content)))
        requests.write(content)
        requests.flush()
        index, width, height, *size = REPLY.unpack(_read(replies, REPLY.size))
        image_error: ImageError | None = RESULTS[index]
        if image_error is not None:
            return image_error
        pixels = _read(replies, size[0] * size[1] * PIXEL_BYTES)
        return Pixels(Image.frombytes("RGB", (size[0], size[1]), pixels), width, height)

    def kill(self) -> None:
        self.is_killed = True
        self._process.kill()

    def end(self, seconds: float | None = None) -> None:
        """Kills the process, and waits until it has ended, at most for this time. Leaves no zombie
        and no open pipe."""
        self._process.kill()
        # A process that is late is reaped later, by subprocess or by the system.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None  # noqa: S101 - a pipe
            # Closing flushes the rest of a request into a broken pipe.
            with contextlib.suppress(OSError):
                pipe.close()


def _read(replies: IO[bytes], size_bytes: int) -> bytes:
    content = replies.read(size_bytes)
    if len(content) < size_bytes:
        raise EOFError
    return content


def _end_all(workers: list[_Worker]) -> None:
    for worker in workers:
        worker.kill()
    while workers:
        workers.pop().end(END_SECONDS)


class Decoders:
    """A pool of workers. Each decodes one picture at a time; other pictures wait for a free one."""

    def __init__(
        self,
        processes: int = PROCESSES,
        command: Callable[[], Sequence[str]] = command,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._command = command
        self._clock = clock
        self._slots = BoundedSemaphore(processes)
        self._lock = Lock()
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._is_closed = False
        # For an application that is never closed, because it runs in another ASGI server.
        weakref.finalize(self, _end_all, self._idle)

    def decode(self, content: bytes, enough: int, deadline: float) -> "Pixels | ImageError":
        """The result of `decoding.decode`; UNDECODABLE for a picture on which workers die.

        `deadline` is a time of the clock, and includes all waiting. Raises NotDecodedError.
        """
        if not self._slots.acquire(timeout=max(0.0, deadline - self._clock())):
            raise _late()
        try:
            # Twice: an idle worker may have been killed from outside.
            for _ in range(2):
                decoded = self._decode(content, enough, deadline)
                if decoded is not None:
                    return decoded
            return ImageError.UNDECODABLE
        finally:
            self._slots.release()

    def _decode(self, content: bytes, enough: int, deadline: float) -> "Pixels | ImageError | None":
        """None if the worker dies."""
        worker = self._take()
        timer = Timer(max(0.0, deadline - self._clock()), worker.kill)
        timer.daemon = True
        timer.start()
        decoded = None
        try:
            decoded = worker.decode(content, enough)
        except (OSError, EOFError):
            pass
        finally:
            timer.cancel()
            timer.join()  # From now on, the timer cannot kill the worker.
        if decoded is not None and not worker.is_killed:
            self._give_back(worker)
            return decoded
        self._replace(worker)
        if worker.is_killed:
            raise _late()
        return None

    def _take(self) -> _Worker:
        with self._lock:
            if self._is_closed:
                raise NotDecodedError("the server is stopping")
            try:
                worker = self._idle.pop() if self._idle else _Worker(self._command())
            except OSError as error:
                raise NotDecodedError(f"cannot start a process to decode it: {error}") from None
            self._busy.add(worker)
            return worker

    def _give_back(self, worker: _Worker) -> None:
        with self._lock:
            self._busy.discard(worker)
            if not self._is_closed:
                self._idle.append(worker)
                return
        worker.end()

    def _replace(self, worker: _Worker) -> None:
        """Starts another worker at once, so that it is ready for the next picture."""
        worker.end()
        with self._lock:
            self._busy.discard(worker)
            if not self._is_closed:
                try:
                    self._idle.append(_Worker(self._command()))
                except OSError:  # The next picture tries again, and raises the error.
                    return

    def close(self) -> None:
        """Ends all workers, without waiting for their pictures."""
        with self._lock:
            self._is_closed = True
            for worker in self._busy:
                worker.kill()
        _end_all(self._idle)


def _late() -> NotDecodedError:
    return NotDecodedError("the time limit was exceeded")
