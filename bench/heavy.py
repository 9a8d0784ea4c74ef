"""`python -m bench.heavy`: the memory of a server and its workers while eight costly pictures are
sent at once, for each kind of picture that costs as much as it may."""

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from random import Random

from PIL import Image

from bench.attack import Result, sampled, server_under_attack
from bench.attackers import picture_call, post
from bench.calls import small
from bench.report import table
from bench.servers import running
from tests.specimens.files import bmp_rle, jpeg_of, png_of

AT_ONCE = 8
ROUNDS = 3


def _photo() -> bytes:
    image = Image.effect_noise((4000, 3000), 30).convert("RGB")
    image.save(content := BytesIO(), "JPEG", quality=50)
    return content.getvalue()


def _bitmap() -> bytes:
    Image.new("RGB", (1300, 1300)).save(content := BytesIO(), "BMP")
    return content.getvalue()


PICTURES: Mapping[str, Callable[[], bytes]] = {
    "PNG, 25 megapixels": lambda: png_of(5000, 4999, rows=(b"\0" + bytes(15_000)) * 4999),
    "PNG, 16 bits, RGBA": lambda: png_of(
        3500, 3500, depth=16, colour_type=6, rows=(b"\1" + bytes(28_000)) * 3500
    ),
    "JPEG, a scan for each component": lambda: jpeg_of(4100, 4000, [(1,), (2,), (3,)]),
    "JPEG, 90 progressive scans": lambda: jpeg_of(1300, 1300, [(1, 2, 3)] * 90, progressive=True),
    "BMP, run lengths": lambda: bmp_rle(1900, 1900, b"\xff\1" * 100_000),
    "BMP, 5 MB": _bitmap,
    "JPEG of a camera, 12 megapixels": _photo,
    "specimen, 24 megapixels": lambda: _specimen((6000, 4000)),
}


def _specimen(size: tuple[int, int]) -> bytes:
    # Late: the other pictures need no drawing.
    from mockocr.specimens.draw.specimen import draw, encoded
    from tests.specimens.people import LI_MING

    return encoded(draw(LI_MING, size), "JPEG")


def main() -> int:
    rows = [_measured(name, make()) for name, make in PICTURES.items()]
    print(table(("eight at once", "memory in MiB", "workers", "s for all"), rows))
    return 0


def _measured(name: str, content: bytes) -> tuple[str, str, str, str]:
    result, random = Result(), Random(0)  # noqa: S311 - no secret
    calls = [picture_call(content + random.randbytes(8)) for _ in range(AT_ONCE * ROUNDS)]
    with tempfile.TemporaryDirectory() as folder:
        server, _ = server_under_attack(Path(folder))
        with (
            running(server, small()) as started,
            sampled(started, result),
            ThreadPoolExecutor(AT_ONCE) as clients,
        ):
            begun = time.perf_counter()
            list(clients.map(lambda call: post(started.port, call), calls))
            seconds = (time.perf_counter() - begun) / ROUNDS
    return name, f"{result.memory_bytes >> 20}", f"{result.workers}", f"{seconds:.1f}"


if __name__ == "__main__":
    sys.exit(main())
