"""glibc keeps freed memory between pieces that are in use; the server returns it now and then."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from mockocr.server.server import _return_freed_memory


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.asyncio
async def test_freed_memory_between_pieces_in_use_is_returned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mockocr.server.server.TRIM_SECONDS", 0.001)
    pieces = [(b"x" * 100_000, bytes(1000)) for _ in range(1000)]
    in_use = [small for _, small in pieces]
    before = resident_bytes()
    del pieces

    trimming = asyncio.create_task(_return_freed_memory())
    for _ in range(1000):
        await asyncio.sleep(0.001)
        if before - resident_bytes() > 50_000_000:
            break
    trimming.cancel()

    assert before - resident_bytes() > 50_000_000
    assert len(in_use) == 1000
