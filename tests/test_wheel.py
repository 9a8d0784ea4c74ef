"""The built wheel, in an environment where nothing else is."""

import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ocr.v20181119 import models
from tencentcloud.ocr.v20181119.ocr_client import OcrClient

from mockocr.version import __version__

PROJECT = Path(__file__).parents[1]


def done(*command: str | Path, cwd: Path) -> str:
    """What a command prints. The environment has no more than a user's has."""
    kept = {name: value for name, value in os.environ.items() if "PYTHON" not in name}
    finished = subprocess.run(
        command, cwd=cwd, env=kept, capture_output=True, text=True, timeout=240
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.mark.timeout(300)
def test_the_wheel_in_an_empty_environment_serves_a_signed_call(tmp_path: Path) -> None:
    done(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=PROJECT)
    wheel = tmp_path / f"mockocr-{__version__}-py3-none-any.whl"
    inside = set(zipfile.ZipFile(wheel).namelist())
    assert {"mockocr/py.typed", "mockocr/shipped/scenarios/documented.yaml"} <= inside
    assert {
        "mockocr/shipped/scenarios/scenario.schema.json",
        "mockocr/pictures/font.woff2",
    } <= inside
    assert {
        f"mockocr-{__version__}.dist-info/licenses/{n}" for n in ("LICENSE", "NOTICE")
    } <= inside
    assert not [name for name in inside if not name.startswith(("mockocr/", "mockocr-"))]

    # The versions of the lock, so that a release of somebody's cannot fail this.
    lines = (PROJECT / "requirements.lock").read_text().splitlines()
    versions = tmp_path / "versions.txt"
    versions.write_text("\n".join(line.rstrip(" \\") for line in lines if "--hash" not in line))
    venv = tmp_path / "venv"
    done(sys.executable, "-m", "venv", "--without-pip", venv, cwd=tmp_path)
    python, command = venv / "bin" / "python", venv / "bin" / "mockocr"
    pip = (sys.executable, "-m", "pip", "--python", python)
    done(*pip, "install", "-q", "-c", versions, wheel, cwd=tmp_path)
    assert "Location: " + str(venv) in done(*pip, "show", "mockocr", cwd=tmp_path)

    empty = tmp_path / "empty"
    empty.mkdir()
    assert done(command, "version", cwd=empty) == f"mockocr {__version__}\n"
    assert done(command, "validate", "documented", cwd=empty).endswith(": ok, 4 rules\n")
    drawn = done(command, "card", "-o", "card.png", "--field", "Name=李明", cwd=tmp_path)
    assert drawn.startswith("card.png: 李明, ")
    named = done(command, "card", "--name", "li-ming", "-o", "li-ming.jpg", cwd=tmp_path)
    assert named.startswith("li-ming.jpg: ok. ")
    port_file = tmp_path / "ports.json"
    flags = ("--port=0", "--tls-port=0", "--scenarios=documented", f"--port-file={port_file}")
    environment = {"PATH": os.environ["PATH"], "MOCKOCR_STATE_DIR": str(tmp_path / "state")}
    with subprocess.Popen(
        [command, "serve", *flags], cwd=empty, env=environment, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            deadline = time.monotonic() + 60
            while not port_file.exists():
                assert server.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.02)
            answered = call(json.loads(port_file.read_text())["http"])
        finally:
            server.terminate()
        _, stderr = server.communicate(timeout=60)

    assert (answered.Name, answered.IdNum) == ("李明", "440524198701010014")
    assert server.returncode == 143
    assert "Traceback" not in stderr
    assert list(empty.iterdir()) == []


def call(url: str) -> models.IDCardOCRResponse:
    """The second example of the API page, by the SDK of this environment."""
    profile = HttpProfile(protocol="http", endpoint=url.removeprefix("http://"))
    client = OcrClient(Credential("AKIDMOCKOCR", "mockocr"), "", ClientProfile(httpProfile=profile))
    request = models.IDCardOCRRequest()
    request.ImageUrl, request.CardSide = "https://xx/a.jpg", "FRONT"
    return client.IDCardOCR(request)
