"""Inputs that have shown a bug or were used in an attack. They are always tried first."""

from collections.abc import Iterator
from pathlib import Path

_FOLDER = Path(__file__).with_name("inputs")


def corpus(name: str) -> Iterator[bytes]:
    """The inputs of one fuzzer."""
    for file in sorted((_FOLDER / name).iterdir()):
        yield file.read_bytes()
