"""What there is to know of a peer: what to install, what to tell it, how to start it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bench.calls import Call, Request
from bench.servers import Server, always_the_same

FOLDER = Path(__file__).parents[1] / ".peers"
"""Where they are installed, each in a folder of its own; not in the repository."""

NODE_MODULES = "node_modules"
PYTHON_BIN = "venv/bin"


@dataclass(frozen=True, slots=True)
class Peer:
    """Paths are below the peer's own folder, where it is started too."""

    name: str
    registry: Literal["npm", "PyPI"]
    package: str
    version: str
    command: tuple[str, ...]
    """As that of `Server`; a program that is in the folder is taken from there."""
    remark: str
    """How it is told to answer, for whoever compares."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Its configuration: contents by path."""
    needs: str = ""
    """A program that has to be on the machine, besides node for those of npm."""
    extra: str = ""
    """Of a package of PyPI, in brackets."""
    request: Callable[[Call], Request] = Call.signed
    is_right: Callable[[Call, bytes], bool] = always_the_same

    @property
    def folder(self) -> Path:
        return FOLDER / self.name

    @property
    def installed(self) -> str:
        """Written where it was installed, so that a change of version is noticed."""
        return f"{self.package}{self.extra} {self.version} from {self.registry}"

    @property
    def stamp(self) -> Path:
        return self.folder / "installed"

    @property
    def failure(self) -> Path:
        """Why it could not be installed, where it could not."""
        return self.folder / "failure"

    def server(self) -> Server:
        """Raises NotThereError where it has to be installed first, or could not be."""
        if self.failure.exists():
            raise NotThereError(f"cannot be installed: {self.failure.read_text()}")
        if not self.stamp.exists() or self.stamp.read_text() != self.installed:
            raise NotThereError("not installed: python -m bench.peers")
        for path, content in self.files.items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
        program, *arguments = self.command
        own = self.folder / program
        command = (str(own) if own.exists() else program, *arguments)
        return Server(self.name, command, self.folder, self.request, self.is_right)


class NotThereError(Exception):
    """A peer that cannot be measured here; says why."""


def pretty(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)
