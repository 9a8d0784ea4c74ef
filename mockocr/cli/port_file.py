"""The port file: the URLs of a running server, for the program that started it."""

import contextlib
import glob
import json
import os
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
        """Removes what a killed server left behind."""
        try:
            self._path.unlink(missing_ok=True)
            for part in self._path.parent.glob(f"{glob.escape(self._path.name)}.*.part"):
                part.unlink(missing_ok=True)
        except OSError as error:
            raise self._error(error) from None

    def write(self, urls: Mapping[str, str]) -> None:
        text = json.dumps({**urls, "pid": os.getpid()})
        part = self._path.with_name(f"{self._path.name}.{os.getpid()}.part")
        try:
            part.write_text(text, encoding="utf-8")
            part.replace(self._path)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink()
            raise self._error(error) from None
        self._written = text

    def remove(self) -> None:
        """Removes the file, unless another server has replaced it since."""
        with contextlib.suppress(OSError):
            if self._written == self._path.read_text(encoding="utf-8"):
                self._path.unlink()

    def _error(self, error: OSError) -> PortFileError:
        return PortFileError(
            f"--port-file: cannot write {self._path} ({error.strerror}); choose another path"
        )
