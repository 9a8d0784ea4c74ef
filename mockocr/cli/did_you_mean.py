"""An argparse parser that guesses what a misspelt option or command was meant to be."""

import argparse
import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn


class Parser(argparse.ArgumentParser):
    def __init__(self, **words: Any) -> None:
        super().__init__(**{**words, "allow_abbrev": False})

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """Refuses what it does not know itself, so that its own options can be guessed."""
        parsed, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"{unknown[0]} is not known here{self._guess(unknown[0])}")
        return parsed, unknown

    def error(self, message: str) -> NoReturn:
        if choice := re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message):
            known = re.findall(r"[\w-]+", choice[2])
            guess = _nearest(choice[1], known) or f"; known: {', '.join(known)}"
            message = f"{choice[1]!r} is not known here{guess}"
        elif missing := re.search(r"arguments are required: (.*)", message):
            message = f"{missing[1]} is missing"
        message = message.removeprefix("argument ")
        self.exit(2, f"{self.prog}: {message}\n`{self.prog} --help` tells what there is.\n")

    def _guess(self, option: str) -> str:
        return _nearest(option.partition("=")[0], self._option_string_actions)


def _nearest(found: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(found, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""
