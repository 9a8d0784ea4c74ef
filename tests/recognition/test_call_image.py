from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mockocr.downloads.policy import read_policy
from mockocr.images.image import Base64Image, ImageAtUrl, ImageError, Picture
from mockocr.protocol.parameters import LongText
from mockocr.recognition.call_image import CallImage
from mockocr.recognition.crops import Crops
from mockocr.recognition.picture_cache import MAX_PICTURES, PictureCache, decode
from mockocr.specimens.draw.specimen import draw, encoded
from mockocr.specimens.finding import Finding
from tests.builders import a_picture, base64
from tests.specimens.people import LI_MING


def an_image(text: str, origin: str | None = None) -> Base64Image:
    """`origin`: as if the text was cut out of a body with a known hash."""
    content = memoryview(text.encode())
    return Base64Image(LongText(content, (origin, "ImageBase64") if origin else None))


def digests(pictures: PictureCache, origins: Iterable[str]) -> list[str]:
    return [CallImage(pictures, an_image("QUJD", origin)).digest() for origin in origins]


def hashed(content: bytes) -> str:
    return sha256(content).hexdigest()


@given(st.binary(), st.lists(st.tuples(st.integers(0), st.sampled_from(" \t\r\n")), max_size=5))
def test_base64_is_decoded_with_any_white_space(
    content: bytes, blanks: list[tuple[int, str]]
) -> None:
    text = base64(content)
    for place, blank in blanks:
        place %= len(text) + 1
        text = text[:place] + blank + text[place:]

    assert decode(LongText.of(text)) == content


@pytest.mark.parametrize(
    "text",
    [
        *("QUJDRA", "QUJDRA=", "QUJDRA===", "=QUJ", "QU=JD", "QQ==QQ==", "A"),
        *("QU JDR A", "QUJ\nDRA="),
        *("fake!", "你好", "-_-_", "data:image/png;base64,QUJD", "%2B%2F"),
    ],
)
def test_base64_of_another_alphabet_is_not_decoded(text: str) -> None:
    assert decode(LongText.of(text)) is None


def test_a_picture_is_examined_on_demand() -> None:
    content = a_picture(width=80, height=50)
    call_image = CallImage(PictureCache(), an_image(base64(content)))

    found = call_image.look()

    assert found == Picture("PNG", 80, 50, len(content), hashed(content))
    assert call_image.found == found


def test_a_picture_is_not_examined_until_needed() -> None:
    call_image = CallImage(PictureCache(), an_image(base64(a_picture())))

    call_image.digest()

    assert call_image.found is None


@pytest.mark.parametrize("text", ["fake!", base64(b"fake"), "data:image/png;base64,QUJD"])
def test_content_that_is_not_a_picture_is_undecodable(text: str) -> None:
    call_image = CallImage(PictureCache(), an_image(text))

    call_image.look()

    assert call_image.found is ImageError.UNDECODABLE


@pytest.mark.parametrize("url", ["http://xx/a.jpg", "https://xx/a.jpg", "HTTPS://XX/A.JPG"])
def test_a_picture_at_a_url_is_not_available(url: str) -> None:
    assert CallImage(PictureCache(), ImageAtUrl(url, 100)).look() is None


@pytest.mark.parametrize("url", ["ftp://xx/a.jpg", "file:///a.jpg", "a.jpg", "//xx/a.jpg", " ", ""])
def test_a_picture_is_available_from_no_other_url(url: str) -> None:
    assert CallImage(PictureCache(), ImageAtUrl(url, 100)).look() is ImageError.NOT_DOWNLOADABLE


def test_a_url_that_fetch_does_not_cover_is_not_looked_at() -> None:
    pictures = PictureCache(read_policy(["loopback"]))

    assert CallImage(pictures, ImageAtUrl("https://example.com/a.jpg", 100)).look() is None


def test_the_digest_is_that_of_the_picture_for_any_spelling_of_base64() -> None:
    content = a_picture()
    text = base64(content)

    written = [text, f"{text}\n", f" {text[:10]}\r\n{text[10:]}"]

    assert {CallImage(PictureCache(), an_image(one)).digest() for one in written} == {
        hashed(content)
    }


def test_the_digest_of_invalid_base64_is_that_of_its_text() -> None:
    assert CallImage(PictureCache(), an_image("fake!")).digest() == hashed(b"fake!")


@pytest.mark.parametrize("url", ["https://xx/a.jpg", "https://xx/李明.jpg", "\ud800"])
def test_the_digest_of_a_picture_at_a_url_is_that_of_the_url(url: str) -> None:
    digest = CallImage(PictureCache(), ImageAtUrl(url, 100)).digest()

    assert digest == hashed(url.encode(errors="surrogatepass"))


def test_a_text_of_known_origin_is_not_read_again() -> None:
    pictures = PictureCache()
    first = CallImage(pictures, an_image("QUJD", origin="body 1")).digest()

    again = CallImage(pictures, an_image("changed!", origin="body 1")).digest()

    assert again == first == hashed(b"ABC")


def test_a_text_without_origin_is_read_each_time() -> None:
    pictures = PictureCache()
    CallImage(pictures, an_image("QUJD")).digest()

    assert CallImage(pictures, an_image("changed!")).digest() == hashed(b"changed!")


def test_a_picture_is_examined_once() -> None:
    pictures, text = PictureCache(), base64(a_picture())
    first = CallImage(pictures, an_image(text, origin="body 1")).look()

    again = CallImage(pictures, an_image("changed!", origin="body 1")).look()

    assert again is first


def test_the_least_recently_used_picture_is_forgotten() -> None:
    pictures = PictureCache()
    digests(pictures, ["old", "used"])
    digests(pictures, (f"body {n}" for n in range(MAX_PICTURES - 2)))
    digests(pictures, ["used", "one too many"])

    old, used = [
        CallImage(pictures, an_image("changed!", origin)).digest() for origin in ("old", "used")
    ]

    assert old == hashed(b"changed!")
    assert used == hashed(b"ABC")


def crops_of(pictures: PictureCache, content: bytes) -> Crops:
    call_image = CallImage(pictures, an_image(base64(content)))
    finding = call_image.read()
    assert isinstance(finding, Finding)
    return call_image.cut(finding.sides[0])


def test_a_picture_read_earlier_gives_the_same_crop() -> None:
    pictures, content = PictureCache(), encoded(draw(LI_MING), "PNG")
    first = crops_of(pictures, content)

    again = crops_of(pictures, content)

    assert again == first


def test_a_card_is_cut_out_at_a_higher_resolution_than_it_is_read() -> None:
    crops = crops_of(PictureCache(), encoded(draw(LI_MING, (2400, 1600)), "JPEG"))

    with Image.open(BytesIO(crops.card)) as card:
        assert card.width > 1200


def test_concurrent_threads_find_the_right_content_of_every_picture() -> None:
    pictures = PictureCache()
    widths = [*range(20, 120), *range(10, 20)] * 4
    images = {width: an_image(base64(a_picture(width=width))) for width in widths}

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda width: CallImage(pictures, images[width]).look(), widths))

    for width, one in zip(widths, found, strict=True):
        assert one is ImageError.TOO_SMALL or (isinstance(one, Picture) and one.width == width)
        assert (one is ImageError.TOO_SMALL) == (width < 20)
