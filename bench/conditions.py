"""When, where and with which versions a run was measured."""

import os
import platform
import re
import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from bench.servers import CLIENT_CORE, pin

PACKAGES = ("mockocr", "starlette", "uvicorn", "uvloop", "httptools", "pydantic", "pillow")
QUIET_LOAD = 1.5
"""A process that has ended still counts in the load for a minute or two."""


def conditions(*, quick: bool) -> Mapping[str, str]:
    """The conditions before a run. From now on, this process stays on its own core."""
    pinned = "" if pin(0, CLIENT_CORE) else "; not pinned: two cores of Linux are needed for that"
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return {
        "date": time.strftime("%Y-%m-%d") + (" (a quick run)" if quick else ""),
        "machine": f"{os.cpu_count()} x {_processor()}, {platform.system()} {platform.machine()}"
        f"{pinned}",
        "load before": _load(),
        "versions": f"Python {platform.python_version()}, {versions}",
    }


def _load() -> str:
    load = os.getloadavg()[0]
    note = " (others are at work on this machine: believe no figure)" if load > QUIET_LOAD else ""
    return f"{load:.1f}{note}"


def _processor() -> str:
    try:
        words = Path("/proc/cpuinfo").read_text()
    except OSError:
        words = ""
    found = re.search(r"^model name\s*: (.+)$", words, re.MULTILINE)
    return found[1] if found else platform.processor() or "processor"
