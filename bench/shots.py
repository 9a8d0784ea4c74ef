"""Distortions of a picture of a specimen, each a function from a shot to a shot."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from math import cos, pi, radians, sin

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

from mockocr.images.geometry import Point, Quad, homography, moved, quad_of


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture, and the corners of all cards in it."""

    image: Image.Image
    cards: tuple[Quad, ...]

    def moved(self, image: Image.Image, move: Callable[[Point], tuple[float, float]]) -> "Shot":
        cards = []
        for card in self.cards:
            one, two, three, four = (Point(*move(corner)) for corner in card)
            cards.append((one, two, three, four))
        return Shot(image, tuple(cards))


Distortion = Callable[[Shot, random.Random], Shot]


def in_turn(*distortions: Distortion) -> Distortion:
    def all_of_them(shot: Shot, chance: random.Random) -> Shot:
        for distortion in distortions:
            shot = distortion(shot, chance)
        return shot

    return all_of_them


def clean(shot: Shot, chance: random.Random) -> Shot:
    return shot


def pixels(change: Callable[[Image.Image], Image.Image]) -> Distortion:
    """A distortion that moves nothing."""
    return lambda shot, chance: replace(shot, image=change(shot.image))


def jpeg(quality: int) -> Distortion:
    def saved(image: Image.Image) -> Image.Image:
        buffer = BytesIO()
        image.save(buffer, "JPEG", quality=quality)
        return Image.open(buffer).convert("RGB")

    return pixels(saved)


def webp(quality: int) -> Distortion:
    def saved(image: Image.Image) -> Image.Image:
        buffer = BytesIO()
        image.save(buffer, "WEBP", quality=quality)
        return Image.open(buffer).convert("RGB")

    return pixels(saved)


def resized(factor: float, how: Image.Resampling = Image.Resampling.BICUBIC) -> Distortion:
    def resize(shot: Shot, chance: random.Random) -> Shot:
        width, height = round(shot.image.width * factor), round(shot.image.height * factor)
        across, down = width / shot.image.width, height / shot.image.height
        return shot.moved(
            shot.image.resize((width, height), how), lambda p: (p.x * across, p.y * down)
        )

    return resize


def rotated(degrees: float) -> Distortion:
    """Rotates counterclockwise and enlarges the picture to fit."""

    def rotate(shot: Shot, chance: random.Random) -> Shot:
        image = shot.image.rotate(
            degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=(90, 84, 78)
        )
        turn = radians(-degrees)
        x0, y0 = shot.image.width / 2, shot.image.height / 2

        def move(p: Point) -> tuple[float, float]:
            x, y = p.x - x0, p.y - y0
            return (
                x * cos(turn) - y * sin(turn) + image.width / 2,
                x * sin(turn) + y * cos(turn) + image.height / 2,
            )

        return shot.moved(image, move)

    return rotate


def mirrored(shot: Shot, chance: random.Random) -> Shot:
    image = shot.image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return shot.moved(image, lambda p: (image.width - p.x, p.y))


def perspective(strength: float) -> Distortion:
    """Moves each corner of the picture inwards by up to this share of the sides."""

    def tilt(shot: Shot, chance: random.Random) -> Shot:
        width, height = shot.image.size
        corners = quad_of(0, 0, width, height)
        ways = ((1, 1), (-1, 1), (-1, -1), (1, -1))
        seen = [
            (
                corner.x + way[0] * chance.random() * strength * width,
                corner.y + way[1] * chance.random() * strength * height,
            )
            for corner, way in zip(corners, ways, strict=True)
        ]
        return _warped(shot, corners, seen)

    return tilt


def _warped(shot: Shot, sources: Sequence[Point], targets: Sequence[tuple[float, float]]) -> Shot:
    forth, back = homography(sources, targets), homography(targets, sources)
    assert forth
    assert back
    image = shot.image.transform(
        shot.image.size,
        Image.Transform.PERSPECTIVE,
        back,
        Image.Resampling.BICUBIC,
        fillcolor=(90, 84, 78),
    )
    return shot.moved(image, lambda p: moved(forth, p))


def blurred(radius: float) -> Distortion:
    return pixels(lambda image: image.filter(ImageFilter.GaussianBlur(radius)))


def shaken(length: int) -> Distortion:
    """Blurs along a line, like a moving hand."""

    def shake(image: Image.Image) -> Image.Image:
        whole = image
        for step in range(1, length):
            whole = Image.blend(whole, ImageChops.offset(image, step, step // 2), 1 / (step + 1))
        return whole

    return pixels(shake)


def grey(shot: Shot, chance: random.Random) -> Shot:
    return replace(shot, image=shot.image.convert("L").convert("RGB"))


def few_colours(number: int) -> Distortion:
    return pixels(lambda image: image.quantize(number).convert("RGB"))


def noisy(sigma: float) -> Distortion:
    def spoil(image: Image.Image) -> Image.Image:
        bands = [
            ImageChops.add(band, Image.effect_noise(image.size, sigma), offset=-128)
            for band in image.split()
        ]
        return Image.merge("RGB", bands)

    return pixels(spoil)


def lit(factor: float) -> Distortion:
    return pixels(lambda image: ImageEnhance.Brightness(image).enhance(factor))


def contrasted(factor: float) -> Distortion:
    return pixels(lambda image: ImageEnhance.Contrast(image).enhance(factor))


def shadowed(shot: Shot, chance: random.Random) -> Shot:
    """Light that falls to a quarter from one side to the other."""
    slope = Image.linear_gradient("L").rotate(chance.choice((0, 90, 180, 270)))
    light = slope.resize(shot.image.size).point(lambda value: 64 + value * 3 // 4)
    return replace(shot, image=ImageChops.multiply(shot.image, Image.merge("RGB", [light] * 3)))


def moire(shot: Shot, chance: random.Random) -> Shot:
    stripes = _stripes(shot.image.size, 3.3, 2.7)
    return replace(shot, image=ImageChops.multiply(shot.image, Image.merge("RGB", [stripes] * 3)))


@lru_cache(maxsize=4)
def _stripes(size: tuple[int, int], across: float, down: float) -> Image.Image:
    """Light and dark bands with these periods in pixels, like a photographed screen."""
    width, height = size
    wave = bytes(round(215 + 40 * sin(2 * pi * step / 64)) for step in range(64))
    rows = []
    for y in range(height):
        begin = y * 64 / down + y * 0.9
        rows.append(bytes(wave[int(begin + x * 64 / across) & 63] for x in range(width)))
    return Image.frombytes("L", size, b"".join(rows))


def spot(
    at: tuple[float, float], radius: float, colour: tuple[int, int, int], soft: float
) -> Distortion:
    """A round spot on each card: glare, or a finger. `at` and `radius` in widths of the card."""

    def lay(shot: Shot, chance: random.Random) -> Shot:
        mask = Image.new("L", shot.image.size)
        pen = ImageDraw.Draw(mask)
        for card in shot.cards:
            place = homography(quad_of(0, 0, 1, 54 / 85.6), card)
            assert place
            pen.polygon(
                [
                    moved(
                        place,
                        (
                            at[0] + radius * cos(turn / 9),
                            at[1] + radius * sin(turn / 9),
                        ),
                    )
                    for turn in range(57)
                ],
                255,
            )
        if soft:
            mask = mask.filter(ImageFilter.GaussianBlur(soft))
        image = shot.image.copy()
        image.paste(colour, mask=mask)
        return replace(shot, image=image)

    return lay


def cropped(margin: float) -> Distortion:
    """Crops to the cards with a margin, in widths of the first card. A negative margin cuts into
    the cards."""

    def crop(shot: Shot, chance: random.Random) -> Shot:
        corners = [corner for card in shot.cards for corner in card]
        room = margin * (shot.cards[0][1].x - shot.cards[0][0].x)
        left, top = min(p.x for p in corners) - room, min(p.y for p in corners) - room
        right, bottom = max(p.x for p in corners) + room, max(p.y for p in corners) + room
        box = (round(left), round(top), round(right), round(bottom))
        return shot.moved(shot.image.crop(box), lambda p: (p.x - box[0], p.y - box[1]))

    return crop


def on_a_desk(factor: float) -> Distortion:
    """Puts the picture among other things, in one that is `times` as wide."""

    def put(shot: Shot, chance: random.Random) -> Shot:
        width, height = shot.image.size
        size = (round(width * factor), round(height * factor))
        desk = Image.effect_noise((size[0] // 8, size[1] // 8), 40).resize(size).convert("RGB")
        pen = ImageDraw.Draw(desk)
        for _ in range(12):
            x, y = chance.random() * size[0], chance.random() * size[1]
            colour = (chance.randrange(256), chance.randrange(256), chance.randrange(256))
            pen.rectangle((x, y, x + size[0] * 0.2, y + size[1] * 0.1), colour)
        left, top = chance.randrange(size[0] - width), chance.randrange(size[1] - height)
        desk.paste(shot.image, (left, top))
        return shot.moved(desk, lambda p: (p.x + left, p.y + top))

    return put


def cut_left(share: float) -> Distortion:
    """The width of the first card."""

    def cut(shot: Shot, chance: random.Random) -> Shot:
        left = shot.cards[0][0].x
        at = round(left + share * (shot.cards[0][1].x - left))
        image = shot.image.crop((at, 0, *shot.image.size))
        return shot.moved(image, lambda p: (p.x - at, p.y))

    return cut
