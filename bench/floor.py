"""The hashing floor, the lowest possible cost of verifying a signature: bare ASGI that hashes
the body as it arrives."""

import ctypes
import sys
from hashlib import sha256

import uvicorn
from starlette.types import Receive, Scope, Send

from bench.answer import ANSWER

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""A parameter of glibc's mallopt(3)."""


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    digest = sha256()
    more = True
    while more:
        message = await receive()
        digest.update(message.get("body", b""))
        more = message.get("more_body", False)
    digest.hexdigest()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(ANSWER)).encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": ANSWER})


def tune_allocator() -> None:
    libc = ctypes.CDLL(None)
    libc.mallopt(M_TRIM_THRESHOLD, 64 << 20)
    libc.mallopt(M_MMAP_THRESHOLD, 32 << 20)


if __name__ == "__main__":
    tune_allocator()
    uvicorn.run(
        app,
        port=int(sys.argv[-1]),
        loop="uvloop",
        http="httptools",
        lifespan="off",
        log_level="warning",
        access_log=False,
    )
