"""The npm package starts the image if there is no command `mockocr`."""

import os
import shutil
import subprocess

import pytest

from tests.containers.conftest import DEADLINE_SECONDS, IMAGE, docker
from tests.test_docs import ROOT

PACKAGE = ROOT / "clients/node"
SCRIPT = """
import { start } from "mockocr";
const server = await start();
const account = await server.account();
console.log(account.secretId);
"""


@pytest.fixture
def environment() -> dict[str, str]:
    """Without a command `mockocr` on the PATH."""
    folders = os.environ["PATH"].split(os.pathsep)
    path = [each for each in folders if shutil.which("mockocr", path=each) is None]
    clean = {name: each for name, each in os.environ.items() if not name.startswith("MOCKOCR_")}
    return {**clean, "PATH": os.pathsep.join(path), "MOCKOCR_IMAGE": IMAGE}


@pytest.mark.parametrize("end", ["await server.stop()", "", "process.kill(process.pid, 'SIGKILL')"])
def test_the_container_ends_with_the_process(environment: dict[str, str], end: str) -> None:
    before = docker("ps", "--quiet")
    subprocess.run(["node", "build.mjs"], cwd=PACKAGE, check=True)
    command = ["node", "--input-type=module", "--eval", SCRIPT + end]
    done = subprocess.run(
        command,
        cwd=PACKAGE,
        env=environment,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
    )

    assert done.stdout.startswith("AKID"), done.stderr
    while docker("ps", "--quiet") != before:
        pass
