"""deploy/compose.yaml: a client with the name of the real host in its code."""

import json
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.containers.conftest import IMAGE, docker

FILE = Path(__file__).parents[2] / "deploy/compose.yaml"

SDK = ("tencentcloud", "requests", "certifi", "urllib3", "idna", "charset_normalizer")

CALL = """
from tencentcloud.common.credential import EnvironmentVariableCredential
from tencentcloud.ocr.v20181119.models import IDCardOCRRequest
from tencentcloud.ocr.v20181119.ocr_client import OcrClient

request = IDCardOCRRequest()
request.ImageUrl = "https://example.com/a.jpg"
credential = EnvironmentVariableCredential().get_credential()
print(OcrClient(credential, "").IDCardOCR(request).to_json_string())
"""

Compose = Callable[..., str]


@pytest.fixture
def compose(tmp_path: Path) -> Iterator[Compose]:
    """Runs Docker Compose with the file and others. Removes everything after the test."""
    plugin = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    program = ["docker", "compose"] if plugin.returncode == 0 else ["docker-compose"]
    files = [f"--file={FILE}"]

    def run(*arguments: str, override: str = "") -> str:
        if override:
            (tmp_path / "override.yaml").write_text(override)
            files.append(f"--file={tmp_path / 'override.yaml'}")
        done = subprocess.run(
            [*program, "--project-name=mockocr-test", *files, *arguments],
            env={**os.environ, "MOCKOCR_IMAGE": IMAGE},
            capture_output=True,
            text=True,
            timeout=100,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    yield run
    run("down", "--volumes")


def test_the_app_calls_the_real_name_over_https_as_soon_as_the_server_is_healthy(
    compose: Compose,
) -> None:
    printed = compose("up", "--no-build", "--no-color", "--exit-code-from=app")

    assert '"Name"' in printed


def test_the_unconfigured_sdk_calls_it_if_the_ca_is_in_certifi(
    compose: Compose, tmp_path: Path
) -> None:
    """The SDK of the tests' environment, for the Python of the image."""
    packages = tmp_path / "packages"
    for name in SDK:
        shutil.copytree(Path(sysconfig.get_path("purelib")) / name, packages / name)
    (packages / "call.py").write_text(CALL)
    trust = 'cat /state/ca/ca.pem >> "$$(python -m certifi)" && python /packages/call.py'
    app = {
        "entrypoint": ["sh", "-c"],
        "command": [trust],
        "user": "0:0",
        "environment": {"PYTHONPATH": "/packages"},
        "volumes": [f"{packages}:/packages"],
    }
    printed = compose(
        "up",
        "--no-build",
        "--no-color",
        "--exit-code-from=app",
        override=json.dumps({"services": {"app": app}}),
    )

    assert '"Name"' in printed
    assert docker("ps", "--quiet", "--filter=name=mockocr-test") == ""
