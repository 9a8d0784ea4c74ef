"""The folder of --pictures: a file of it by its name, and never anything outside of it."""

import os
import re
import stat
from pathlib import Path

from mockocr.downloads.fetched import FetchError, TooLargeError

_NO_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\ud800-\udfff]|^\.|^$|[. ]$')
"""Refused on every system, so that a test suite is the same on all of them: separators, drives and
streams of Windows; `.`, `..` and hidden files; and what Windows leaves out at the end of a name."""

_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE
)
"""Names of devices in every folder of Windows, whatever their suffix."""

_MAX_NAME_BYTES = 255
"""The same on Linux, macOS and Windows, or nearly so."""


def read_file(folder: Path, name: str, most_bytes: int) -> bytes | None:
    """None: there is no such file. FetchError: there is one that is not read, and why."""
    if not _is_plain(name):
        return None
    try:
        # Links within the folder are followed: Kubernetes makes every file of a volume one.
        path = (folder / name).resolve(strict=True)
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return None
        if not path.is_relative_to(folder.resolve()):
            raise FetchError("the file in the pictures folder is a link that leads out of it")
        return _read_regular(path, mode, most_bytes)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except RuntimeError:
        raise FetchError("the file in the pictures folder is a link that leads to itself") from None
    except OSError as error:
        raise FetchError(
            f"the file in the pictures folder cannot be read: {error.strerror}"
        ) from None


def _is_plain(name: str) -> bool:
    return (
        not _NO_NAME.search(name)
        and not _DEVICE.fullmatch(name)
        and len(name.encode()) <= _MAX_NAME_BYTES
    )


def _read_regular(path: Path, mode: int, most_bytes: int) -> bytes:
    # Asked before opening, which may do something to a device, and after: it may be another then.
    _insist_on_a_file(mode)
    flags = os.O_RDONLY
    for name in ("O_BINARY", "O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY"):
        flags |= getattr(os, name, 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        _insist_on_a_file(os.fstat(file.fileno()).st_mode)
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise TooLargeError(most_bytes)
    return content


def _insist_on_a_file(mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise FetchError("what has this name in the pictures folder is no file")
