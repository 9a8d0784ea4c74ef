"""The cost of decoding is computed and bounded before it begins: pictures that are made to be
costly."""

import struct
import subprocess
import sys
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mockocr.images.cost import (
    MAX_CHUNKS,
    MAX_MEMORY_BYTES,
    MAX_SCANS,
    Outline,
)
from mockocr.images.decoding import Pixels, decode
from mockocr.images.exif import orientation
from mockocr.images.header import outline_of
from mockocr.images.image import ImageError
from tests.specimens.files import bmp_rle, jpeg_of, png_chunk, png_of

ENOUGH = 2_500_000
ALL, FIRST = (1, 2, 3), (1,)


def outline(content: bytes) -> Outline:
    found = outline_of(content)
    assert found is not None
    return found


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    image.save(buffer := BytesIO(), kind, **options)
    return buffer.getvalue()


ROWS = (b"\0" + bytes(90)) * 30
IHDR = struct.pack(">IIBBBBB", 30, 30, 8, 2, 0, 0, 0)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        # 166 bytes that took 600 MB: no scan has all components, so all coefficients are kept.
        (jpeg_of(9999, 9999, [(1,), (2,), (3,)]), "pixels to decode whole"),
        (jpeg_of(5000, 4999, [(1,), (2,), (3,)]), "bytes of memory"),
        # 30 KB that took 39 s, sequential and progressive.
        (jpeg_of(4000, 4000, [FIRST] * 2500), "scans of the picture, at most 100"),
        (jpeg_of(4000, 4000, [ALL] * 2500, progressive=True), "scans of the picture, at most 100"),
        (jpeg_of(4000, 4000, [ALL] * 60, progressive=True), "units of work"),
        (jpeg_of(4000, 4000, [FIRST, *[ALL] * 60]), "units of work"),
        # Markers may be filled up with as many bytes FF as one likes.
        (jpeg_of(4000, 4000, [FIRST] * 2500, filled=3), "scans of the picture, at most 100"),
        (jpeg_of(100, 100, [ALL], more=b"\xff\xfe\0\2" * MAX_CHUNKS), "chunks of the file"),
        (png_of(30, 30, rows=ROWS, more=png_chunk(b"IDAT", b"") * MAX_CHUNKS), "chunks of"),
        (png_of(5001, 5000, rows=b""), "pixels to decode whole"),
        (png_of(5000, 5000, depth=16, colour_type=6, rows=b""), "units of work"),
        (bmp_rle(4000, 4000, b"\0\0" * 4000), "units of work"),
        (bmp_rle(300, 300, b"\1\1" * 1_000_000), "units of work"),
    ],
)
def test_what_costs_too_much_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    assert decode(content, ENOUGH) is ImageError.TOO_LARGE
    assert reason in str(outline(content).cost.excess())


@pytest.mark.parametrize("name", [b"iCCP", b"zTXt", b"iTXt"])
def test_no_metadata_of_a_png_is_inflated(name: bytes) -> None:
    """5,000 profiles took 26 s of CPU."""
    inflated = zlib.compress(bytes(900_000))
    text = {b"iCCP": b"p\0\0", b"zTXt": b"p\0\0", b"iTXt": b"p\0\1\0\0\0"}[name] + inflated
    content = png_of(30, 30, rows=ROWS, more=png_chunk(name, text) * 5000)

    assert isinstance(decode(content, ENOUGH), Pixels)
    assert outline(content).decodable(content) == png_of(30, 30, rows=ROWS)


def test_no_directory_of_exif_is_read_but_for_the_orientation() -> None:
    """Each entry could name the whole segment: hundreds of MB from 64 KB."""
    entries = [struct.pack("<HHII", 0x8000 + at, 7, 60_000, 8) for at in range(4000)]
    entries.insert(0, struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0))
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + b"".join(entries)
    segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    plain = saved(Image.new("RGB", (60, 40)), "JPEG")
    content = plain[:2] + segment * 50 + plain[2:]

    pixels = decode(content, ENOUGH)

    assert isinstance(pixels, Pixels)
    assert pixels.image.size == (40, 60)
    assert b"Exif" not in outline(content).decodable(content)


def test_what_follows_a_picture_is_not_decoded() -> None:
    """Phones put a second picture or a video there."""
    picture = saved(Image.new("RGB", (60, 40)), "JPEG", progressive=True)

    found = outline(picture + picture * 200)

    assert found.cost.scans == outline(picture).cost.scans > 1
    assert found.decodable(picture + picture * 200)[-2:] == b"\xff\xd9"


@pytest.mark.parametrize("ending", ["\xff\xd9 in a table", "none"])
def test_no_scan_is_hidden_from_the_count(ending: str) -> None:
    """Bytes like an end marker in a segment between scans also end the part that the decoder
    gets."""
    scans = jpeg_of(1000, 1000, [FIRST] * 200)
    hidden = b"\xff\xfe\0\4\xff\xd9" if ending != "none" else b""
    second = scans.index(b"\xff\xda", scans.index(b"\xff\xda") + 2)
    content = scans[:second] + hidden + scans[second:-2]

    found = outline(content)

    assert found.decodable(content).count(b"\xff\xda") == found.cost.scans


CHEAP = """
import resource, sys
from mockocr.images.decoding import decode
content = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF)
print(decode(content, 2_500_000))
after = resource.getrusage(resource.RUSAGE_SELF)
print((after.ru_maxrss - before.ru_maxrss) << 10, after.ru_utime - before.ru_utime)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in other units elsewhere")
@pytest.mark.parametrize(
    "content",
    [
        jpeg_of(4000, 4000, [FIRST, *[ALL] * 10]),
        jpeg_of(4000, 4000, [ALL] * 10, progressive=True),
        jpeg_of(9999, 9999, [ALL]),
        png_of(5000, 5000, rows=(b"\0" + bytes(15_000)) * 5000),
        bmp_rle(1500, 1500, b"\0\0" * 1500),
    ],
)
def test_what_is_decoded_takes_no_more_than_the_bound(content: bytes) -> None:
    found = outline(content)
    assert found.cost.excess() is None
    run = subprocess.run(
        [sys.executable, "-c", CHEAP], input=content, stdout=subprocess.PIPE, check=True
    )

    grown, _ = run.stdout.splitlines()[-1].split()

    assert int(grown) <= MAX_MEMORY_BYTES + (48 << 20)  # and what every decoding takes besides


@pytest.mark.parametrize(
    ("kind", "options"),
    [("JPEG", {}), ("JPEG", {"progressive": True, "subsampling": 0}), ("PNG", {})],
)
def test_pictures_of_a_camera_are_decoded(kind: str, options: dict[str, object]) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera"
    image = Image.radial_gradient("L").resize((4000, 3000)).convert("RGB")

    pixels = decode(saved(image, kind, exif=exif, icc_profile=bytes(3000), **options), ENOUGH)

    assert isinstance(pixels, Pixels)
    assert (pixels.width, pixels.height) == (3000, 4000)


def test_scans_are_counted_up_to_the_bound() -> None:
    most = jpeg_of(32, 32, [FIRST] * MAX_SCANS)
    more = jpeg_of(32, 32, [FIRST] * (MAX_SCANS + 1))

    assert outline(most).cost.excess() is None
    assert outline(more).cost.excess() == "101 scans of the picture, at most 100"


@pytest.mark.parametrize("sampling", [0x11, 0x22, 0x41, 0x14, 0x44, 0x12])
def test_components_count_as_they_are_sampled(sampling: int) -> None:
    whole = outline(jpeg_of(640, 640, [ALL], sampling=(0x11, 0x11, 0x11))).cost.work
    found = outline(jpeg_of(640, 640, [ALL], sampling=(sampling, 0x11, 0x11))).cost.work

    assert whole == 3 * 640 * 640
    assert found == pytest.approx(640 * 640 * (1 + 2 / ((sampling >> 4) * (sampling & 15))))


@pytest.mark.parametrize(
    "content",
    [
        jpeg_of(100, 100, [ALL], frame=0xC3),  # lossless
        jpeg_of(100, 100, [ALL], frame=0xC9),  # arithmetic
        jpeg_of(100, 100, [ALL], more=b"\xff\xd8"),  # a second beginning
        jpeg_of(100, 100, [ALL], more=b"\xff\xd9"),  # an end before there is anything
        jpeg_of(100, 100, [ALL], more=b"\xff\x02\0\2"),  # reserved
        jpeg_of(100, 100, [ALL], bits=12),
        jpeg_of(100, 100, [ALL], sampling=(0x51, 0x11, 0x11)),
        jpeg_of(100, 100, [ALL], sampling=(0x10, 0x11, 0x11)),
        jpeg_of(100, 100, [ALL]).replace(
            b"\xff\xda", b"\xff\xc0\0\x0b\x08\0\x64\0\x64\1\1\x11\0\xff\xda"
        ),
        b"\xff\xd8\xff\xc0\0\4\x08\0",
        b"\xff\xd8\xff\xc0\0\x0a\x08\0\x64\0\x64\3\1\x11\0",
        b"\xff\xd8\xff\xda\0\2",
        b"\xff\xd8" + b"\xff" * 1_000_000,
        b"\xff\xd8" + b"\xff\0" * 1_000_000,
        png_of(30, 30, depth=3, rows=ROWS),
        png_of(30, 30, colour_type=5, rows=ROWS),
        png_of(30, 30, rows=ROWS).replace(b"IHDR", b"JHDR"),
        png_of(30, 30, rows=ROWS).replace(IHDR, IHDR[::-1]),
        b"BM" + bytes(12) + b"\x28\0\0\0" + bytes(36),
        b"BM" + bytes(12) + b"\x29\0\0\0" + bytes(60),
        bmp_rle(30, 30, b"", packing=4),
    ],
)
def test_what_no_decoder_takes_has_no_outline(content: bytes) -> None:
    assert outline_of(content) is None
    assert decode(content, ENOUGH) is ImageError.UNDECODABLE


def test_bytes_between_segments_are_skipped() -> None:
    plain = saved(Image.new("RGB", (60, 40), "red"), "JPEG")
    content = plain[:2] + b"\xff\1\xff\xd0\0\7junk" + plain[2:]

    assert isinstance(decode(content, ENOUGH), Pixels)
    assert outline(content).decodable(content) == outline(plain).decodable(plain)


def test_a_bmp_of_os2_is_decoded() -> None:
    header = struct.pack("<IHHHH", 12, 40, 30, 1, 24)
    content = b"BM" + struct.pack("<IHHI", 26 + 3600, 0, 0, 26) + header + bytes(120 * 30)

    pixels = decode(content, ENOUGH)

    assert isinstance(pixels, Pixels)
    assert (pixels.width, pixels.height) == (40, 30)


@pytest.mark.parametrize(
    ("exif", "message"),
    [
        (b"", 1),
        (b"II*\0", 1),
        (b"no tiff at all", 1),
        (b"II*\0\xff\xff\xff\xff", 1),
        (b"II*\0\x08\0\0\0\xff\xff", 1),
        (b"II*\0\x08\0\0\0\1\0" + struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0), 6),
        (b"MM\0*\0\0\0\x08\0\1" + struct.pack(">HHIHH", 0x0112, 3, 1, 8, 0), 8),
        (b"II*\0\x08\0\0\0\1\0" + struct.pack("<HHIHH", 0x0112, 4, 1, 6, 0), 1),
        (b"II*\0\x08\0\0\0\1\0" + struct.pack("<HHIHH", 0x0111, 3, 1, 6, 0), 1),
        (b"II*\0\x08\0\0\0\2\0" + struct.pack("<HHIHH", 0x0111, 3, 1, 6, 0) + b"\x12\1", 1),
    ],
)
def test_the_orientation_is_what_the_first_directory_says(exif: bytes, message: int) -> None:
    assert orientation(exif) == message


@given(st.binary())
def test_any_bytes_have_an_orientation(exif: bytes) -> None:
    assert isinstance(orientation(b"II*\0" + exif), int)


@pytest.mark.parametrize("interlaced", [0, 1])
def test_the_work_of_a_png_is_that_of_its_rows(interlaced: int) -> None:
    plain = png_of(100, 50, rows=b"", interlaced=interlaced)

    assert outline(plain).cost.work >= 5 * 50 * 301
    assert outline(plain).cost.work <= 5 * 50 * 301 * (1 + interlaced)
