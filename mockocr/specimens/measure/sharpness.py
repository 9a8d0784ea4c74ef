"""How sharp a text of a specimen is, held against the same text drawn: the Laplacian's variance."""

from PIL import Image, ImageFilter, ImageStat

_LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=4, offset=128)


def variance(image: Image.Image) -> float:
    """Of the Laplacian of a picture of mode L."""
    edges = image.filter(_LAPLACIAN)
    # Pillow leaves the pixels at the edge as they were.
    inner = edges.crop((1, 1, edges.width - 1, edges.height - 1))
    return float(ImageStat.Stat(inner).var[0])


def contrast(image: Image.Image) -> float:
    return float(ImageStat.Stat(image).stddev[0])


def sharpness(seen: Image.Image, patch: Image.Image | None, drawn: Image.Image) -> float:
    """1 is as sharp as it was drawn, 0 a blur. All of mode L, at one scale; what varies on the flat
    patch is noise, and no sharpness."""
    noise = variance(patch) if patch is not None else 0.0
    spread = contrast(seen)
    if spread < 1:
        return 0.0
    own = max(0.0, variance(seen) - noise) / spread**2
    return own / (variance(drawn) / contrast(drawn) ** 2)
