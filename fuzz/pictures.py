"""Pictures: specimens and others with flipped bits, missing parts and changed headers, and
decompression bombs. They are read with every flag of Config, within bounds of time and memory."""

import json
import resource
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from io import BytesIO
from random import Random

from PIL import Image

from fuzz.answers import Answer, outcome_of
from fuzz.bugs import Bugs, bugs_of_mockocr
from fuzz.changing import changed
from fuzz.memory import Bound
from fuzz.target import FoundError, Target
from mockocr.accounts.account import BUILT_IN, Accounts
from mockocr.actions.idcard.answer_spec import CardFields
from mockocr.actions.idcard.contract import contract_on
from mockocr.actions.idcard.making import make
from mockocr.journal.journal import Journal
from mockocr.pipeline.pipeline import Pipeline
from mockocr.pipeline.state import Defaults, State
from mockocr.scenario.call_counters import CallCounters
from mockocr.scenario.registry import ScenarioRegistry
from mockocr.specimens.card_data import Kind
from tests.requests import a_call
from tests.specimens.files import (
    bmp_of,
    bmp_that_says,
    jpeg_that_says,
    png_chunk,
    png_of,
    png_that_says,
)

MOST_GROWTH = 300 << 20
MOST_AT_ONCE = 700 << 20
"""The most growth of the process. A picture of 25 million pixels takes half of it."""
MOST_CPU_SECONDS = 20
"""The most CPU time for one picture: a hundred times that of a photo."""

_CONFIG = json.dumps(dict.fromkeys(contract_on(date.max).flags, True))
_SIZES = (1, 19, 20, 21, 97, 300, 640, 3000, 9999, 10_001)
_WORDS = (
    *(b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"IHDR"),
    *(
        b"\xff\xda",
        b"\xff\xd9",
        b"\xff\xc2",
        b"\xff\xc0",
        b"\xff\xe1",
        b"\xff\xdb\0\x43",
        b"\0" * 64,
    ),
    *(b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\xff" * 64, b"Exif\0\0II*\0"),
)
_ORIENTATION = 0x0112


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    image.save(content := BytesIO(), kind, **options)
    return content.getvalue()


def _specimen(kind: Kind, seed: int, **defects: float) -> Image.Image:
    day = datetime(2026, 11, 22, tzinfo=UTC)
    size = (480, 640) if kind is Kind.BOTH else (480, 320)
    made = make(kind, CardFields(), seed, day, size, defects=defects)
    return Image.open(BytesIO(made.content))


def _drawn() -> Iterator[Image.Image]:
    for seed, kind in enumerate(Kind):
        yield _specimen(kind, seed)
    yield _specimen(Kind.FRONT, 9, reflection=1.0, border=0.5)
    yield _specimen(Kind.BACK, 9, occlusion=1.0, copy=1.0)


_DRAWN = tuple(_drawn())


def _seeds() -> Iterator[bytes]:
    exif = Image.Exif()
    exif[_ORIENTATION] = 6
    for image in _DRAWN:
        yield _saved(image, "JPEG", quality=80, exif=exif)
    front = _DRAWN[0]
    yield _saved(front, "JPEG", progressive=True)
    yield _saved(front.convert("CMYK"), "JPEG")
    small = front.resize((96, 64))
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        yield _saved(small.convert("L").convert(mode), "PNG", exif=exif)
    yield _saved(small.convert("P"), "PNG", transparency=3, interlace=1)
    yield _saved(small, "PNG", save_all=True, append_images=[front.resize((96, 64))] * 3)
    for mode in ("1", "L", "P", "RGB"):
        yield _saved(small.convert(mode), "BMP")
    yield from (_saved(small, "GIF"), _saved(small, "WEBP"), b"", b"BM", b"\xff\xd8\xff")
    for says in (png_that_says, bmp_that_says, jpeg_that_says):
        yield from (says(9999, 2400), says(65_535, 65_535), says(20, 1), says(0, 0))
    rows = (b"\0" + bytes(3 * 2500)) * 9999
    yield from (png_of(2500, 9999, rows=rows), bmp_of(64, 64, b"\1\2\3\0"))
    text = png_chunk(b"zTXt", b"a\0\0" + b"x\x9c" + bytes(2000))
    yield png_of(32, 32, rows=(b"\4" + bytes(96)) * 32, more=text)


def _changed(known: Sequence[bytes], random: Random) -> bytes:
    match random.randrange(4):
        case 0:
            return _distorted(random)
        case 1:
            return _rechunked(random.choice(known), known, random)
        case _:
            return changed(known, _WORDS, random)


def _distorted(random: Random) -> bytes:
    """A picture that can be decoded but hardly read."""
    image = random.choice(_DRAWN).convert("RGB")
    for _ in range(random.choice((1, 2, 3))):
        match random.randrange(6):
            case 0:
                size = random.choice(_SIZES[1:7]), random.choice(_SIZES[1:7])
                image = image.resize(size)
            case 1:
                sides = sorted(random.randrange(-50, image.width + 50) for _ in range(2))
                ends = sorted(random.randrange(-50, image.height + 50) for _ in range(2))
                image = image.crop((sides[0], ends[0], sides[1] + 1, ends[1] + 1))
            case 2:
                image = image.rotate(random.uniform(0, 360), expand=random.random() < 0.5)
            case 3:
                image.paste(random.choice(_DRAWN), (random.randrange(-400, 400), 0))
            case 4:
                noise = Image.effect_noise(image.size, random.choice((1, 30, 200))).convert("RGB")
                image = Image.blend(image, noise, random.random())
            case _:
                image = image.convert("L").convert("RGB").point(lambda each: each * 3 % 256)
    kind = random.choice(("JPEG", "PNG", "BMP"))
    return _saved(image, kind, **({"quality": random.randrange(1, 95)} if kind == "JPEG" else {}))


def _rechunked(content: bytes, known: Sequence[bytes], random: Random) -> bytes:
    """A PNG with changed chunks and right checksums, because chunks with wrong ones are not
    read."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return changed([content], _WORDS, random)
    chunks, at = [], 8
    while at + 8 <= len(content):
        length = int.from_bytes(content[at : at + 4])
        chunks.append((content[at + 4 : at + 8], content[at + 8 : at + 8 + length]))
        at += 12 + length
    for _ in range(random.choice((1, 1, 2, 3))):
        if not chunks:
            break
        place = random.randrange(len(chunks))
        kind, data = chunks[place]
        match random.randrange(4):
            case 0:
                del chunks[place]
            case 1:
                chunks.insert(random.randrange(len(chunks)), chunks[place])
            case 2:
                kinds = (b"IDAT", b"PLTE", b"tRNS", b"eXIf", b"iCCP", b"acTL", b"fcTL", b"fdAT")
                chunks[place] = random.choice(kinds), data
            case _:
                chunks[place] = kind, changed([data], _WORDS, random)
    return content[:8] + b"".join(png_chunk(kind[:4].ljust(4), data) for kind, data in chunks)


def _tried(pipeline: Pipeline, bugs: Bugs, content: bytes) -> str:
    peak, begun = _peak_bytes(), time.process_time()
    words = {"ImageBase64": b64encode(content).decode(), "Config": _CONFIG}
    with bugs.none():
        reply = pipeline.answer(a_call(words))
    seconds = time.process_time() - begun
    if seconds > MOST_CPU_SECONDS:
        raise FoundError(f"it took {seconds:.1f} seconds")
    if _peak_bytes() - peak > MOST_AT_ONCE:
        raise FoundError(f"it took {_peak_bytes() - peak >> 20} MiB")
    outcome = outcome_of(Answer(reply.status, {"content-type": reply.content_type}, reply.body))
    (exchange, *_) = pipeline.state.journal.newest_first()
    read = exchange.reading
    return f"{outcome}, {read['contents']}" if read else outcome


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@contextmanager
def target() -> Iterator[Target]:
    journal, defaults = Journal(10, 1 << 20), Defaults(auth="off", rate=0)
    state = State(Accounts([BUILT_IN]), ScenarioRegistry(CallCounters()), journal, defaults)
    with bugs_of_mockocr() as bugs:
        tried = partial(_tried, Pipeline(state), bugs)
        yield Target(list(_seeds()), _changed, tried, Bound(MOST_GROWTH).look)
