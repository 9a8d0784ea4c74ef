"""Tests of the image and of deploy/, with a Docker daemon. `scripts/image` runs them: it names
the image in MOCKOCR_IMAGE. Without this variable they are not collected."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ocr.v20181119.models import IDCardOCRRequest, IDCardOCRResponse
from tencentcloud.ocr.v20181119.ocr_client import OcrClient

IMAGE = os.environ.get("MOCKOCR_IMAGE", "")

collect_ignore_glob = [] if IMAGE else ["test_*.py"]

DEADLINE_SECONDS = 60
"""A timeout against hangs."""


def docker(*arguments: str | Path) -> str:
    done = subprocess.run(
        ["docker", *arguments], capture_output=True, text=True, timeout=DEADLINE_SECONDS
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def inspected(name: str) -> Any:
    """What Docker reports about an image or a container."""
    (found,) = json.loads(docker("inspect", name))
    return found


@dataclass(frozen=True, slots=True)
class Container:
    name: str

    @property
    def endpoint(self) -> str:
        """The port of http on this machine."""
        return docker("port", self.name, "8018/tcp").splitlines()[0]

    @property
    def https_endpoint(self) -> str:
        return docker("port", self.name, "8019/tcp").splitlines()[0]

    def ca(self) -> str:
        return docker("exec", self.name, "mockocr", "ca", "export")

    def log(self) -> str:
        done = subprocess.run(["docker", "logs", self.name], capture_output=True, text=True)
        return done.stdout + done.stderr

    def until_healthy(self) -> None:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while (state := inspected(self.name)["State"])["Health"]["Status"] != "healthy":
            assert state["Running"], self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.1)


Started = Callable[..., Container]
"""Runs the image until the test ends, and waits until it is healthy: `started("--read-only")`."""


@pytest.fixture
def started() -> Iterator[Started]:
    with ExitStack() as stack:

        def start(*options: str) -> Container:
            ports = ("-p", "127.0.0.1:0:8018", "-p", "127.0.0.1:0:8019")
            name = docker("run", "-d", "--health-interval=1s", *ports, *options, IMAGE).strip()
            stack.callback(docker, "rm", "--force", "--volumes", name)
            container = Container(name)
            container.until_healthy()
            return container

        yield start


def call(endpoint: str, url: str = "https://xx/a.jpg", ca: Path | None = None) -> IDCardOCRResponse:
    """The official SDK's answer; over https with a CA, else over http."""
    http = HttpProfile(
        protocol="https" if ca else "http", endpoint=endpoint, certification=ca and str(ca)
    )
    profile = ClientProfile(httpProfile=http)
    request = IDCardOCRRequest()
    request.ImageUrl = url
    return OcrClient(Credential("AKIDMOCKOCR", "mockocr"), "", profile).IDCardOCR(request)


def open_up(folder: Path) -> None:
    """Lets the user of the image read a folder, because pytest makes it private."""
    for each in (folder, folder.parent, folder.parent.parent):
        each.chmod(0o755)
