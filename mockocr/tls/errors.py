"""What can be wrong with certificates, said to people; and the remedy for a CA that is no use."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class CertificateError(Exception):
    """A certificate, key or name that cannot be used: which one, what is wrong, what would do."""


@contextmanager
def usable(path: Path) -> Iterator[Path]:
    """Tells of what makes a file of the kept CA useless to everybody; never replaces it."""
    try:
        yield path
    except (FileNotFoundError, TypeError, ValueError) as error:
        raise CertificateError(f"{path} is damaged ({error}): {remedy(path.parent)}") from error


def remedy(folder: Path) -> str:
    return f"delete the folder {folder}, start mockocr again, and trust the new CA"
