"""The text that a server prints when it is ready: its URLs, its keys, and a call to try."""

import json
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from mockocr.version import __version__

CONSOLE_PATH = "/__admin/console/"


def banner(
    urls: Mapping[str, str],
    keys: Mapping[str, str],
    ca: Path | None,
    console: str | None,
    call: str,
) -> str:
    lines = [f"mockocr {__version__} is listening", ""]
    lines += [f"  {scheme:<7} {url}" for scheme, url in urls.items()]
    if console:
        lines.append(f"  console {console}")
    if ca:
        lines.append(f"  CA      {ca} (HTTPS clients must trust it)")
    for secret_id, secret_key in keys.items():
        lines.append(f"  keys    SecretId {secret_id}, SecretKey {secret_key} (built in)")
    lines += ["", "A call with the official SDK (pip install tencentcloud-sdk-python-ocr):", ""]
    return "\n".join([*lines, call, ""])


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
        ' {"ImageUrl": "https://xx/a.jpg"}))'
    )
    # Debian has no `python`, Windows no `python3`.
    return f"{'python' if sys.platform == 'win32' else 'python3'} -c {shlex.quote(code)}"
