"""The sharpness of a text in a picture, compared with the drawn text: variance of the Laplacian."""

from PIL import Image, ImageFilter, ImageStat

_LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=4, offset=128)


def variance(image: Image.Image) -> float:
    """The variance of the Laplacian of a picture of mode L."""
    edges = image.filter(_LAPLACIAN)
    # Pillow does not filter the pixels at the edge.
    inner = edges.crop((1, 1, edges.width - 1, edges.height - 1))
    return float(ImageStat.Stat(inner).var[0])


def contrast(image: Image.Image) -> float:
    return float(ImageStat.Stat(image).stddev[0])


def sharpness(seen: Image.Image, patch: Image.Image | None, drawn: Image.Image) -> float:
    """From 0 for a blur to 1 for a text that is as sharp as its drawing. All images are of mode L
    and the same scale. The variance of the plain `patch` is noise, and is subtracted."""
    noise = variance(patch) if patch is not None else 0.0
    spread = contrast(seen)
    if spread < 1:
        return 0.0
    own = max(0.0, variance(seen) - noise) / spread**2
    return own / (variance(drawn) / contrast(drawn) ** 2)
