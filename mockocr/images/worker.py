"""A process that decodes heavy pictures for a server, which may kill it at any time.

It reads requests from its standard input and writes a reply to each to its standard output. It ends
when the input ends, so it never outlives its server. `decoders.py` starts it.
"""

import contextlib
import os
import signal
import sys
from struct import Struct
from typing import BinaryIO

from mockocr.images.image import ImageError

REQUEST = Struct("!QQ")
"""The head of a request: how many pixels are enough, and the size in bytes of the picture that
follows."""
REPLY = Struct("!B4I")
"""The head of a reply: an index of RESULTS. If the result is None, also the width and height of the
picture, and those of the decoded image, which follows with PIXEL_BYTES for each pixel."""
RESULTS: tuple[ImageError | None, ...] = (None, *ImageError)
PIXEL_BYTES = 3

NICENESS = 5
"""The server gets the processor first."""

MAX_DATA_BYTES = 256 * 1024 * 1024
"""The memory that the process may allocate, where the system can limit it (Linux). Decoding a
picture takes 128 MiB at most; its bytes, the reply and the interpreter need the rest."""


def main() -> None:
    limit_memory()
    if sys.platform != "win32":  # pragma: no branch
        os.nice(NICENESS)
    # Ctrl-C reaches every process of a terminal, but only the server ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A server that was killed leaves a closed pipe.
    with contextlib.suppress(BrokenPipeError):
        serve(sys.stdin.buffer, sys.stdout.buffer)


def limit_memory() -> None:
    if sys.platform == "linux":  # pragma: no branch
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MAX_DATA_BYTES, MAX_DATA_BYTES))


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answers requests until the input ends."""
    # Before the first request: a process that was started early is ready when it is needed.
    from mockocr.images.decoding import Pixels, decode

    while len(head := requests.read(REQUEST.size)) == REQUEST.size:
        enough, size_bytes = REQUEST.unpack(head)
        decoded = decode(requests.read(size_bytes), enough)
        if isinstance(decoded, Pixels):
            replies.write(REPLY.pack(0, decoded.width, decoded.height, *decoded.image.size))
            replies.write(decoded.image.tobytes())
        else:
            replies.write(REPLY.pack(RESULTS.index(decoded), 0, 0, 0, 0))
        replies.flush()
        # The next request may need all of the memory.
        del decoded
