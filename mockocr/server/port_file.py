"""The port file: the URLs of a running server, for the program that started it."""

import contextlib
import glob
import json
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path


class PortFileError(Exception):
    """The port file cannot be written: names the file, the reason and the remedy."""


class PortFile:
    """Exists only while the server is ready; replaced atomically, so never read half written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written: str | None = None

    def remove_stale(self) -> None:
        """Removes what a killed server left behind. Raises PortFileError for any other file."""
        try:
            self._refuse_others()
            self._path.unlink(missing_ok=True)
            for part in self._path.parent.glob(f"{glob.escape(self._path.name)}.*.part"):
                if _PART.search(part.name) and not part.is_symlink() and part.is_file():
                    part.unlink(missing_ok=True)
        except OSError as error:
            raise self._error(error) from None

    def write(self, urls: Mapping[str, str]) -> None:
        text = json.dumps({**urls, "pid": os.getpid()})
        part = self._path.with_name(f"{self._path.name}.{os.getpid()}.part")
        try:
            self._refuse_others()
            with part.open("x", encoding="utf-8") as file:
                file.write(text)
            part.replace(self._path)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink()
            raise self._error(error) from None
        self._written = text

    def remove(self) -> None:
        """Removes the file, unless another server has replaced it since."""
        with contextlib.suppress(OSError):
            if self._written is not None and self._written == _text(self._path):
                self._path.unlink()

    def _refuse_others(self) -> None:
        try:
            text = _text(self._path)
        except FileNotFoundError:
            return
        if not _is_of_a_server(text):
            raise PortFileError(
                f"--port-file: {self._path} exists and is not a port file, so it is not replaced;"
                " choose another path, or remove it"
            )

    def _error(self, error: OSError) -> PortFileError:
        return PortFileError(
            f"--port-file: cannot write {self._path} ({error.strerror}); choose another path"
        )


_PART = re.compile(r"\.[0-9]+\.part$")
_MAX_BYTES = 4096


def _text(path: Path) -> str | None:
    """None for a file that is not regular, or too long for a port file."""
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_BYTES:
        return None
    return path.read_text(encoding="utf-8", errors="replace")


def _is_of_a_server(text: str | None) -> bool:
    try:
        content = json.loads(text or "")
    except ValueError:
        return False
    return isinstance(content, dict) and isinstance(content.get("pid"), int)
