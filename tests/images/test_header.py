from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockocr.images.header import read_header
from mockocr.images.image import ImageError, Picture
from tests.builders import a_picture
from tests.memory import traced_memory
from tests.specimens.files import (
    PNG_MAGIC,
    bmp_that_says,
    jpeg_that_says,
    png_chunk,
    png_that_says,
)

KINDS = ["PNG", "JPEG", "BMP"]
MAGICS = [PNG_MAGIC, b"\xff\xd8\xff", b"BM"]
THAT_SAY = [png_that_says, jpeg_that_says, bmp_that_says]
CHUNKS = ["IHDR", "PLTE", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "pHYs", "zTXt", "tEXt"]
CHUNKS += ["iTXt", "eXIf", "acTL", "fcTL", "fdAT", "IDAT", "IEND", "xXxX"]


@pytest.mark.parametrize("kind", KINDS)
def test_format_and_dimensions_are_in_the_header(kind: str) -> None:
    content = a_picture(kind, width=80, height=50)

    found = read_header(content, "digest")

    assert found == Picture(kind, 80, 50, len(content), "digest")


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "TIFF", "ICO", "PPM", "TGA"])
def test_any_other_format_is_undecodable(kind: str) -> None:
    found = read_header(a_picture(kind), "")

    assert found is ImageError.UNDECODABLE


@pytest.mark.parametrize("content", [b"", b"fake", b"BM", b"\xff\xd8\xff", PNG_MAGIC, b"BMfake"])
def test_a_fragment_of_a_header_is_undecodable(content: bytes) -> None:
    assert read_header(content, "") is ImageError.UNDECODABLE


@pytest.mark.parametrize("that_says", THAT_SAY)
@pytest.mark.parametrize(
    ("width", "height", "image_error"),
    [
        (19, 100, ImageError.TOO_SMALL),
        (100, 19, ImageError.TOO_SMALL),
        (20, 20, None),
        (20, 10_000, None),
        (10_000, 10_000, None),
        (100, 10_001, ImageError.TOO_LARGE),
        (10_001, 100, ImageError.TOO_LARGE),
        (19, 10_001, ImageError.TOO_SMALL),
    ],
)
def test_a_picture_must_have_20_to_10_000_pixels_a_side(
    that_says: Callable[[int, int], bytes], width: int, height: int, image_error: ImageError | None
) -> None:
    content = that_says(width, height)

    found = read_header(content, "")

    assert found is image_error or (isinstance(found, Picture) and found.width == width)
    assert isinstance(found, Picture) == (image_error is None)


@pytest.mark.parametrize("content", [png_that_says(10_000, 10_000), bmp_that_says(10_000, 10_000)])
def test_declared_pixels_take_no_memory(content: bytes) -> None:
    read_header(content, "")

    with traced_memory() as memory:
        read_header(content, "")

    assert memory.peak_bytes < 100_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_truncated_anywhere_is_a_picture_or_an_image_error(kind: str) -> None:
    content = a_picture(kind)

    found = [read_header(content[:length], "") for length in range(200)]

    assert found[:24] == [ImageError.UNDECODABLE] * 24
    assert all(isinstance(one, Picture | ImageError) for one in found)


@given(st.sampled_from(MAGICS), st.binary())
def test_any_bytes_after_a_known_signature_are_a_picture_or_an_image_error(
    magic: bytes, rest: bytes
) -> None:
    assert isinstance(read_header(magic + rest, ""), Picture | ImageError)


@given(st.lists(st.tuples(st.sampled_from(CHUNKS), st.binary(max_size=40))))
def test_any_chunks_of_a_png_are_a_picture_or_an_image_error(
    chunks: list[tuple[str, bytes]],
) -> None:
    content = png_that_says(100, 100)[:33]
    content += b"".join(png_chunk(kind.encode(), rest) for kind, rest in chunks)

    assert isinstance(read_header(content, ""), Picture | ImageError)


@given(st.binary(min_size=40, max_size=40))
def test_any_header_of_a_bmp_is_a_picture_or_an_image_error(header: bytes) -> None:
    content = b"BM" + bytes(12) + b"\x28\0\0\0" + header + bytes(64)

    assert isinstance(read_header(content, ""), Picture | ImageError)
