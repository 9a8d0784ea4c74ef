"""A peer: its package, its configuration and its command."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bench.calls import Call, Request
from bench.servers import Server, always_the_same

FOLDER = Path(__file__).parents[1] / ".peers"
"""Where peers are installed, each in its own folder. Git ignores it."""

NODE_MODULES = "node_modules"
PYTHON_BIN = "venv/bin"


@dataclass(frozen=True, slots=True)
class Peer:
    """All paths are below the peer's own folder, in which it is started."""

    name: str
    registry: Literal["npm", "PyPI"]
    package: str
    version: str
    command: tuple[str, ...]
    """Like `Server.command`. A program that is in the folder is used from there."""
    remark: str
    """How it answers, for readers of the table."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Its configuration files: content by path."""
    needs: str = ""
    """A program that must be installed, in addition to node for packages of npm."""
    extra: str = ""
    """The extra of a package of PyPI, in brackets."""
    request: Callable[[Call], Request] = Call.signed
    is_right: Callable[[Call, bytes], bool] = always_the_same

    @property
    def folder(self) -> Path:
        return FOLDER / self.name

    @property
    def installed(self) -> str:
        """The content of the file that records the installed version."""
        return f"{self.package}{self.extra} {self.version} from {self.registry}"

    @property
    def stamp(self) -> Path:
        return self.folder / "installed"

    @property
    def failure(self) -> Path:
        """The file with the reason why it could not be installed."""
        return self.folder / "failure"

    def server(self) -> Server:
        """Raises NotThereError if it is not installed, or could not be."""
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
    """A peer cannot be measured here; the message says why."""


def pretty(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)
