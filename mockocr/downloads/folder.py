"""Reads files of the --pictures folder by name, and never a file outside of it."""

import os
import re
import stat
from pathlib import Path

from mockocr.downloads import hints
from mockocr.downloads.fetched import FetchError, TooLargeError

_FORBIDDEN_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\ud800-\udfff]|^\.|^$|[. ]$')
"""Refused on every system, so that tests behave alike: separators, drives and streams of Windows;
`.`, `..` and hidden files; and final dots and spaces, which Windows ignores."""

_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE
)
"""Names of devices, which exist in every folder of Windows, with any suffix."""

_MAX_NAME_BYTES = 255
"""The limit of Linux; that of macOS and Windows is similar."""


def read_file(folder: Path, name: str, most_bytes: int) -> bytes | None:
    """The content of a file; None if there is no such file.

    Raises FetchError if the file cannot be read, TooLargeError if it has more than `most_bytes`.
    """
    if not _is_plain(name):
        return None
    try:
        # Links within the folder are followed: in a Kubernetes volume, every file is a link.
        path = (folder / name).resolve(strict=True)
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return None
        if not path.is_relative_to(folder.resolve()):
            raise FetchError(
                "the file in the pictures folder is a link that leads out of it", hints.FILE
            )
        return _read_regular(path, mode, most_bytes)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except RuntimeError:
        raise FetchError(
            "the file in the pictures folder is a link to itself", hints.FILE
        ) from None
    except OSError as error:
        raise FetchError(
            f"cannot read the file in the pictures folder: {error.strerror}", hints.FILE
        ) from None


def _is_plain(name: str) -> bool:
    return (
        not _FORBIDDEN_NAME.search(name)
        and not _DEVICE.fullmatch(name)
        and len(name.encode()) <= _MAX_NAME_BYTES
    )


def _read_regular(path: Path, mode: int, most_bytes: int) -> bytes:
    # Checked before opening, which may affect a device, and after, in case the file was replaced.
    _require_file(mode)
    flags = os.O_RDONLY
    for name in ("O_BINARY", "O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY"):
        flags |= getattr(os, name, 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        _require_file(os.fstat(file.fileno()).st_mode)
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise TooLargeError(most_bytes)
    return content


def _require_file(mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise FetchError("the file in the pictures folder is not a regular file", hints.FILE)
