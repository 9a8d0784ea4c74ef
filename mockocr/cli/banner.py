"""The text that a server prints when it is ready: its URLs, its keys, and a call to try."""

import json
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mockocr.version import __version__

CONSOLE_PATH = "/__admin/console/"
PICTURE = "https://example.com/li-ming.jpg"
DOCS = Path(__file__).parents[2] / "docs"
"""Next to the package in a checkout; a wheel has none."""


def banner(facts: Mapping[str, Any]) -> str:
    """`facts`: as in the JSON log."""
    keys = [
        f"SecretId {secret_id}, SecretKey {secret_key} (built in)"
        for secret_id, secret_key in facts["keys"].items()
    ]
    shown = {
        "http": facts.get("http"),
        "https": facts.get("https"),
        "console": facts["console"],
        "CA": facts["ca"] and f"{facts['ca']} (HTTPS clients must trust it)",
        "keys": ", ".join(keys),
        "active": ", ".join(facts["scenarios"]) or "no scenario",
        "docs": facts["docs"],
    }
    lines = [f"mockocr {__version__} is listening", ""]
    lines += [f"  {name:<7} {value}" for name, value in shown.items() if value]
    lines += ["", "Try it:", "", f"  {facts['try']}", ""]
    lines += ["The same with the official SDK (pip install tencentcloud-sdk-python-ocr):", ""]
    return "\n".join([*lines, facts["python"], ""])


def docs() -> str:
    readme = DOCS / "README.md"
    return str(readme) if readme.exists() else "docs/README.md in the repository of mockocr"


def command_line(url: str, keys: tuple[str, str] | None, ca: Path | None) -> str:
    """A `mockocr` command that makes one call. `keys`: if they are not the built-in pair."""
    words = ["mockocr", "call", "--image", PICTURE]
    if url != "http://127.0.0.1:8018":
        words += ["--server", url]
    if ca and url.startswith("https:"):
        words += ["--ca", str(ca)]
    if keys:
        words += ["--secret-id", keys[0], "--secret-key", keys[1]]
    return shlex.join(words)


def python_line(url: str, secret_id: str, secret_key: str, ca: Path | None) -> str:
    """A shell command that makes one call with the official Python SDK."""
    scheme, _, endpoint = url.partition("://")
    trust = f", certification={json.dumps(str(ca))}" if ca and scheme == "https" else ""
    code = (
        "from tencentcloud.common import common_client as c, credential;"
        " from tencentcloud.common.profile import client_profile as p, http_profile as h;"
        f' print(c.CommonClient("ocr", "2018-11-19", credential.Credential("{secret_id}",'
        f' "{secret_key}"), "", p.ClientProfile(httpProfile=h.HttpProfile(protocol="{scheme}",'
        f' endpoint="{endpoint}"{trust}))).call_json("IDCardOCR",'
        f' {{"ImageUrl": "{PICTURE}"}}))'
    )
    # Debian has no `python`, Windows no `python3`.
    return f"{'python' if sys.platform == 'win32' else 'python3'} -c {shlex.quote(code)}"
