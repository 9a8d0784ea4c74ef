"""An argparse parser that suggests a similar command, option or value for an unknown one."""

import argparse
import re
import sys
from collections.abc import Sequence
from itertools import takewhile
from typing import Any, NoReturn

from mockocr.suggestions import unknown
from mockocr.terminal import printable


class Parser(argparse.ArgumentParser):
    def __init__(self, *, examples: Sequence[str] = (), **arguments: Any) -> None:
        """`examples`: commands for the end of --help."""
        super().__init__(**{**arguments, "allow_abbrev": False})
        self.examples = examples
        # An offset such as -400s is a value, not an option; no option begins with a digit.
        self._negative_number_matcher = re.compile(r"-\d")

    def format_help(self) -> str:
        lines = "".join(f"  {example}\n" for example in self.examples)
        return super().format_help() + (f"\nexamples:\n{lines}" if lines else "")

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """Refuses unknown arguments itself: the top parser would suggest its own options."""
        self._given = sys.argv[1:] if args is None else list(args)
        parsed, extra = super().parse_known_args(args, namespace)
        if extra:
            self.error(self._unknown_argument(extra[0]))
        return parsed, extra

    def _unknown_argument(self, argument: str) -> str:
        name = argument.partition("=")[0]
        return unknown("argument", name, self._option_string_actions)

    def _unknown_option(self, command: str) -> str | None:
        """The message for an unknown option before a word that was taken for a command: the word
        may be its value."""
        options = self._option_string_actions
        for word in takewhile(lambda word: word != command, self._given):
            if word.startswith("--") and word.partition("=")[0] not in options:
                return self._unknown_argument(word)
        return None

    def error(self, message: str) -> NoReturn:
        if choice := re.match(r"argument (.*): invalid choice: '(.*)' \(choose (.*)\)", message):
            option, name, choices = choice.groups()
            names = re.findall(r"[\w-]+", choices.removeprefix("from"))
            if option.startswith("-"):
                message = f"{option}: {unknown('value', name, names)}"
            else:
                message = self._unknown_option(name) or unknown("command", name, names)
        elif number := re.match(r"argument (.*): invalid int value: (.*)", message):
            message = f"{number[1]}: expected a whole number, got {number[2]}"
        elif missing := re.search(r"arguments are required: (.*)", message):
            message = f"{missing[1]} is missing"
        message = message.removeprefix("argument ")
        self.exit(2, f"{self.prog}: {printable(message)}\nRun `{self.prog} --help` for usage.\n")
