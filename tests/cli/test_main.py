"""What all commands have in common: help, suggestions, exit codes, pipes."""

import argparse
import json
import os
import platform
import re
import shlex
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mockocr.cli.main import _parsed, _parser
from mockocr.cli.parser import Parser
from mockocr.version import __version__

if TYPE_CHECKING:
    from tests.conftest import Run

COMMANDS = (
    *("serve", "run", "validate", "scenarios", "play", "reset", "clock", "card", "call", "sign"),
    *("requests", "explain", "coverage", "contract", "record", "schema", "console", "ca"),
    *("health", "version"),
)


def test_the_help_lists_every_command(run: "Run") -> None:
    result = run("--help")

    assert (result.code, result.stderr) == (0, "")
    for command in COMMANDS:
        assert f"\n    {command} " in result.stdout


def parsers(parser: argparse.ArgumentParser) -> Iterator[Parser]:
    """A parser, and those of its commands."""
    assert isinstance(parser, Parser)
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from parsers(below)


def test_every_help_has_examples_that_are_valid_and_fits_80_columns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    top = _parser([])
    for parser in parsers(top):
        assert parser.examples, parser.prog
        for example in parser.examples:
            words = shlex.split(example.partition(" > ")[0])
            start = words.index("mockocr")
            assert words[start + 1 :][: parser.prog.count(" ")] == parser.prog.split()[1:]
            assert _parsed(words[start + 1 :]).run
            assert f"  {example}\n" in parser.format_help()
        lines = parser.format_help().splitlines()
        assert [line for line in lines if len(line) > 80] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_describes_it_and_each_argument(run: "Run", command: str) -> None:
    result = run(command, "--help")

    usage, description, *arguments = result.stdout.split("\n\n")
    flags = re.findall(r"^  (-.*)\n?(.*)", "\n".join(arguments), re.MULTILINE)
    assert result.code == 0
    assert usage.startswith(f"usage: mockocr {command} ")
    assert description.strip().endswith(".")
    assert flags
    for flag, below in flags:
        assert "  " in flag or below.startswith(" " * 10), f"no word about {flag}"


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        ([], "mockocr: COMMAND is missing\nRun `mockocr --help` for usage.\n"),
        (
            ["serv"],
            "mockocr: unknown command 'serv'; did you mean 'serve'?\n"
            "Run `mockocr --help` for usage.\n",
        ),
        (
            ["serve", "--prot", "1"],
            "mockocr serve: unknown argument '--prot'; did you mean '--port'?\n"
            "Run `mockocr serve --help` for usage.\n",
        ),
        (
            ["serve", "--tls_port=1"],
            "mockocr serve: unknown argument '--tls_port'; did you mean '--tls-port'?\n"
            "Run `mockocr serve --help` for usage.\n",
        ),
        (
            ["coverage", "--repport", "ctrf"],
            "mockocr coverage: unknown argument '--repport'; did you mean '--report'?\n"
            "Run `mockocr coverage --help` for usage.\n",
        ),
        (
            ["serve", "--port"],
            "mockocr serve: --port: expected one argument\nRun `mockocr serve --help` for usage.\n",
        ),
        (
            ["ca", "pth"],
            "mockocr ca: unknown command 'pth'; did you mean 'path'?\n"
            "Run `mockocr ca --help` for usage.\n",
        ),
        (
            ["ca", "zzz"],
            "mockocr ca: unknown command 'zzz'; expected one of path, export\n"
            "Run `mockocr ca --help` for usage.\n",
        ),
        (
            ["ca"],
            "mockocr ca: path|export is missing\nRun `mockocr ca --help` for usage.\n",
        ),
        (
            ["validate"],
            "mockocr validate: PATH|NAME is missing\nRun `mockocr validate --help` for usage.\n",
        ),
        (
            ["version", "zzz"],
            "mockocr version: unknown argument 'zzz'; expected one of -h, --help, --json\n"
            "Run `mockocr version --help` for usage.\n",
        ),
    ],
)
def test_wrong_usage_exits_with_2_and_a_remedy(
    run: "Run", arguments: list[str], result: str
) -> None:
    refused = run(*arguments)

    assert (refused.code, refused.stdout, refused.stderr) == (2, "", result)


def test_an_option_is_not_abbreviated(run: "Run") -> None:
    """An abbreviation of one option today may be ambiguous tomorrow."""
    assert "unknown argument '--js'; did you mean '--json'?" in run("version", "--js").stderr


@pytest.mark.parametrize("argument", ["version", "--version"])
def test_the_version_is_printed(run: "Run", argument: str) -> None:
    assert run(argument).stdout == f"mockocr {__version__}\n"


def test_the_version_as_json_includes_that_of_python(run: "Run") -> None:
    result = json.loads(run("version", "--json").stdout)

    assert result == {"mockocr": __version__, "python": platform.python_version()}


def test_the_installed_command_is_the_same_as_the_module() -> None:
    script = Path(sysconfig.get_path("scripts")) / "mockocr"
    helps = [
        subprocess.run([*command, "--help"], capture_output=True, text=True, check=True).stdout
        for command in ([sys.executable, "-m", "mockocr"], [script])
    ]

    assert helps[0] == helps[1]


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_writing_to_a_closed_pipe_is_not_an_error(stream: str) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    arguments = ["version"] if stream == "stdout" else ["validate", "no-such"]
    with subprocess.Popen(
        [sys.executable, "-m", "mockocr", *arguments],
        stdout=write_end if stream == "stdout" else subprocess.PIPE,
        stderr=write_end if stream == "stderr" else subprocess.PIPE,
        text=True,
    ) as process:
        os.close(write_end)
        out, err = process.communicate(timeout=60)

    assert (process.returncode, out or "", err or "") == (0, "", "")


@pytest.mark.parametrize("arguments", ["version", "card --name li-ming -o -"])
def test_a_full_disk_is_told_without_a_traceback(arguments: str) -> None:
    command = f"{sys.executable} -m mockocr {arguments} >/dev/full"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True)

    message = "mockocr: cannot write the output: no space left on the disk\n"
    assert (done.returncode, done.stderr) == (1, message)


def test_a_command_runs_with_its_output_closed() -> None:
    command = f"{sys.executable} -m mockocr version >&-"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


def test_an_output_encoding_without_chinese_gets_escapes(tmp_path: Path) -> None:
    (tmp_path / "规则.yaml").write_text("name: a\nrules: []\n")
    result = subprocess.run(
        [sys.executable, "-m", "mockocr", "validate", "规则.yaml"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
    )

    assert (result.returncode, result.stderr) == (0, "")
    assert "\\u89c4\\u5219.yaml: ok" in result.stdout
