"""`python -m bench`: measures, prints a table in Markdown; with --check insists on the goals."""

import argparse
import os
import platform
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from statistics import median

from bench.load import NoWrkError, require_wrk
from bench.measures import FULL, QUICK, Measure, measure
from bench.servers import CLIENT_CORE, WrongAnswerError, pin


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--check", action="store_true", help="exit with 1 where a goal is missed")
    parser.add_argument("--quick", action="store_true", help="shorter, and less sure")
    given = parser.parse_args()
    try:
        require_wrk()
        print(_conditions())
        rows = list(measure(QUICK if given.quick else FULL))
    except (NoWrkError, WrongAnswerError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    print(_table(rows))
    return int(given.check and any(row.missed for row in rows))


def _conditions() -> str:
    packages = ("mockocr", "starlette", "uvicorn", "uvloop", "httptools", "pydantic")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    pinned = "" if pin(0, CLIENT_CORE) else "; not pinned: two cores of Linux are needed for that"
    return (
        f"{time.strftime('%Y-%m-%d %H:%M')}, Python {platform.python_version()}, {versions};"
        f" {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f} before{pinned}\n"
    )


def _table(rows: Sequence[Measure]) -> str:
    head = "| what | mockocr | against | ratio | spread | goal | |"
    return "\n".join([head, "|---|--:|--:|--:|--:|--:|---|", *map(_line, rows)])


def _line(row: Measure) -> str:
    ours, theirs = (f"{median(values):,.0f}{row.unit}" for values in zip(*row.found, strict=True))
    ratios = row.ratios()
    cells = (
        row.what,
        ours,
        f"{row.against.name} {theirs}",
        f"**{median(ratios):.2f}**",
        f"{min(ratios):.2f}-{max(ratios):.2f}",
        str(row.goal or "-"),
        "missed" if row.missed else "",
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
