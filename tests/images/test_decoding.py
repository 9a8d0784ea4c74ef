import zlib
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw

from mockocr.images.cost import MAX_WHOLE_PIXELS
from mockocr.images.decoding import Pixels, decode
from mockocr.images.image import ImageError
from tests.builders import a_picture
from tests.memory import traced_memory
from tests.specimens.files import (
    bmp_of,
    bmp_that_says,
    jpeg_that_says,
    png_chunk,
    png_of,
    png_that_says,
)

ENOUGH = 2_000_000
ORIENTATION = 0x0112


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def decoded(content: bytes, enough: int = ENOUGH) -> Pixels:
    pixels = decode(content, enough)
    assert isinstance(pixels, Pixels)
    assert pixels.image.mode == "RGB"
    return pixels


def a_flag(mode: str = "RGB", size: tuple[int, int] = (90, 60)) -> Image.Image:
    """Red on the left, blue on the right, and a white square in the top left."""
    image = Image.new("RGB", size, (200, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rectangle((size[0] // 2, 0, *size), (0, 0, 200))
    pen.rectangle((0, 0, size[0] // 6, size[1] // 4), (255, 255, 255))
    return image.convert(mode)


def is_a_flag(image: Image.Image) -> bool:
    """Whether a picture looks like `a_picture`, upright."""
    width, height = image.size
    corner = image.getpixel((width // 20, height // 20))
    left = image.getpixel((width // 4, height // 2))
    right = image.getpixel((width * 3 // 4, height // 2))
    assert isinstance(corner, tuple)
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    return (
        min(corner) > 200 and left[0] > 120 > 80 > left[2] and right[2] > 120 > 80 > right[0]
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP"])
def test_a_picture_is_decoded(kind: str) -> None:
    pixels = decoded(saved(a_flag(), kind))

    assert is_a_flag(pixels.image)
    assert (pixels.width, pixels.height) == pixels.image.size == (90, 60)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("CMYK", "JPEG"),
        ("YCbCr", "JPEG"),
        ("P", "PNG"),
        ("P", "BMP"),
        ("RGBA", "PNG"),
        ("RGBA", "BMP"),
    ],
)
def test_any_colours_are_decoded(mode: str, kind: str) -> None:
    assert is_a_flag(decoded(saved(a_flag(mode), kind)).image)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("L", "PNG"), ("L", "JPEG"), ("L", "BMP"), ("1", "PNG"), ("1", "BMP"), ("LA", "PNG")],
)
def test_grey_is_decoded(mode: str, kind: str) -> None:
    image = Image.new("L", (40, 40), 255)

    assert decoded(saved(image.convert(mode), kind)).image.getpixel((5, 5)) in {
        (255, 255, 255),
        (254, 254, 254),
    }


@pytest.mark.parametrize(("value", "shown"), [(0, 0), (128, 128), (255, 255)])
def test_16_bits_of_grey_are_decoded_and_not_cut_off(value: int, shown: int) -> None:
    rows = (b"\0" + bytes([value, 77]) * 30) * 30
    content = png_of(30, 30, depth=16, colour_type=0, rows=rows)

    assert decoded(content).image.getpixel((5, 5)) == (shown,) * 3


def test_16_bits_a_colour_are_decoded() -> None:
    rows = (b"\0" + bytes([200, 9, 0, 9, 100, 9]) * 30) * 30

    pixels = decoded(png_of(30, 30, depth=16, colour_type=2, rows=rows))

    assert pixels.image.getpixel((5, 5)) == (200, 0, 100)


def test_transparent_pixels_become_white() -> None:
    image = a_flag("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size).point(lambda v: 255 * (v > 127)))

    pixels = decoded(saved(image, "PNG"))

    assert pixels.image.getpixel((80, 5)) == (255, 255, 255)
    assert pixels.image.getpixel((80, 55)) == (0, 0, 200)


def test_a_transparent_colour_of_a_palette_is_white() -> None:
    image = Image.new("P", (30, 30), 1)
    image.putpalette([0, 0, 0, 0, 200, 0, 0, 0, 200])
    image.paste(2, (0, 0, 10, 30))

    pixels = decoded(saved(image, "PNG", transparency=2))

    assert pixels.image.getpixel((5, 5)) == (255, 255, 255)
    assert pixels.image.getpixel((20, 5)) == (0, 200, 0)


@pytest.mark.parametrize("alpha", [0, 128, 255])
def test_a_bmp_is_opaque_whatever_its_fourth_byte_is(alpha: int) -> None:
    content = bmp_of(30, 30, bytes([0, 100, 200, alpha]))

    assert decoded(content).image.getpixel((5, 5)) == (200, 100, 0)


def test_an_animated_png_is_decoded_as_its_default_image() -> None:
    frames = [Image.new("RGB", (90, 60), colour) for colour in ("black", "white", "red")]
    content = saved(a_flag(), "PNG", save_all=True, append_images=frames, duration=100)

    assert content.count(b"fcTL") == 4
    assert is_a_flag(decoded(content).image)


@pytest.mark.parametrize("orientation", range(9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("enough", [ENOUGH, 2000])
def test_a_picture_is_turned_upright_as_exif_says(orientation: int, kind: str, enough: int) -> None:
    call_counters: dict[int, list[Image.Transpose]] = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_90],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_270],
        8: [Image.Transpose.ROTATE_270],
    }
    image = a_flag()
    for call_number in call_counters.get(orientation, []):
        image = image.transpose(call_number)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation

    pixels = decoded(saved(image, kind, exif=exif), enough)

    assert is_a_flag(pixels.image)
    assert (pixels.width, pixels.height) == (90, 60)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # Pillow warns, and goes on
@pytest.mark.parametrize(
    "exif", [b"Exif\0\0", b"Exif\0\0MM\0*\0\0", b"Exif\0\0II*\0\xff\xff\xff\x7f", b"x" * 99]
)
def test_broken_exif_is_ignored(exif: bytes) -> None:
    assert is_a_flag(decoded(saved(a_flag(), "JPEG", exif=exif)).image)


def test_invalid_exif_of_a_png_is_ignored() -> None:
    content = png_of(
        30, 30, rows=(b"\0" + bytes(90)) * 30, more=png_chunk(b"eXIf", b"no tiff at all")
    )

    assert decoded(content).image.size == (30, 30)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP"])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_large_picture_is_reduced(kind: str, progressive: bool) -> None:
    content = saved(a_flag(size=(1001, 701)), kind, progressive=progressive)

    pixels = decoded(content, enough=100_000)

    assert is_a_flag(pixels.image)
    assert (pixels.width, pixels.height) == (1001, 701)
    assert pixels.image.width * pixels.image.height <= 100_000 * 1.05
    assert pixels.image.width > 200


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP"])
def test_a_truncated_file_is_undecodable_or_still_a_picture(kind: str) -> None:
    content = saved(a_flag(), kind)

    found = {length: decode(content[:length], ENOUGH) for length in range(0, len(content), 7)}

    assert found[7 * (len(content) // 14)] is ImageError.UNDECODABLE
    assert all(isinstance(one, Pixels | ImageError) for one in found.values())


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP"])
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_is_a_picture_or_an_image_error(kind: str, data: st.DataObject) -> None:
    content = bytearray(a_picture(kind))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    assert isinstance(decode(bytes(content), ENOUGH), Pixels | ImageError)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"fake",
        b"BM",
        b"\xff\xd8\xff",
        a_picture("GIF"),
        a_picture("WEBP"),
        b"GIF89a",
        b"%PDF-",
    ],
)
def test_a_file_of_another_format_is_undecodable(content: bytes) -> None:
    assert decode(content, ENOUGH) is ImageError.UNDECODABLE


@pytest.mark.parametrize(
    ("width", "height", "image_error"),
    [
        (19, 100, ImageError.TOO_SMALL),
        (100, 10_001, ImageError.TOO_LARGE),
        (5001, 5001, ImageError.TOO_LARGE),
    ],
)
def test_pictures_too_small_or_too_large_are_not_decoded(
    width: int, height: int, image_error: ImageError
) -> None:
    assert decode(png_that_says(width, height), ENOUGH) is image_error
    assert decode(bmp_that_says(width, height), ENOUGH) is image_error


@pytest.mark.parametrize(
    "content",
    [
        png_that_says(5000, 5000),
        bmp_that_says(5000, 5000),
        jpeg_that_says(9999, 9999),
        png_that_says(100, 100),
        png_of(100, 100, rows=b"\0" * 50),
        png_of(4000, 4000, rows=b"\7" * 500),
    ],
)
def test_a_header_that_declares_more_pixels_than_the_file_has_is_undecodable(
    content: bytes,
) -> None:
    assert decode(content, ENOUGH) is ImageError.UNDECODABLE


@pytest.mark.slow
def test_a_bomb_is_refused_and_takes_no_memory() -> None:
    rows = b"\0" * (1 + 9999 * 3)
    bomb = png_of(9999, 9999, rows=rows * 9999)

    with traced_memory() as memory:
        found = decode(bomb, ENOUGH)

    assert len(bomb) < 500_000
    assert found is ImageError.TOO_LARGE
    assert memory.peak_bytes < 1_000_000


def test_a_bomb_in_a_text_chunk_is_left_alone() -> None:
    text = png_chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * 50_000_000))
    content = png_of(30, 30, rows=(b"\0" + bytes(90)) * 30, more=text)

    assert decoded(content).image.size == (30, 30)


def test_a_large_progressive_jpeg_is_refused_and_a_plain_one_reduced() -> None:
    image = Image.new("RGB", (6000, 5000), (200, 0, 0))

    plain = decode(saved(image, "JPEG"), ENOUGH)
    progressive = decode(saved(image, "JPEG", progressive=True), ENOUGH)

    assert image.width * image.height > MAX_WHOLE_PIXELS
    assert isinstance(plain, Pixels)
    assert plain.image.size == (1500, 1250)
    assert progressive is ImageError.TOO_LARGE


def test_a_progressive_jpeg_of_endless_scans_is_too_large() -> None:
    content = saved(a_flag(), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    scan = content[last:-2]

    assert is_a_flag(decoded(content).image)
    assert decode(content[:-2] + scan * 200 + b"\xff\xd9", ENOUGH) is ImageError.TOO_LARGE


def test_a_colour_profile_is_ignored() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    assert is_a_flag(decoded(saved(a_flag(), "PNG", icc_profile=profile)).image)
    assert is_a_flag(decoded(saved(a_flag(), "JPEG", icc_profile=b"nonsense")).image)
