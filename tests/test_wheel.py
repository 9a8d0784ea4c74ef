"""The built wheel in an empty environment: the wheel that MOCKOCR_WHEEL names, which
scripts/release sets, otherwise one that is built here from the sdist."""

import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ocr.v20181119 import models
from tencentcloud.ocr.v20181119.ocr_client import OcrClient

from mockocr.version import __version__
from tests.test_docs import blocks

PROJECT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow


def done(*command: str | Path, cwd: Path) -> str:
    """The output of a command. The environment has only what a user's has."""
    kept = {name: value for name, value in os.environ.items() if "PYTHON" not in name}
    finished = subprocess.run(
        command, cwd=cwd, env=kept, capture_output=True, text=True, timeout=240
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if named := os.environ.get("MOCKOCR_WHEEL"):
        return Path(named).absolute()
    folder = tmp_path_factory.mktemp("wheel")
    build = (sys.executable, "-m", "hatchling", "build", "-d", folder)
    done(*build, "-t", "sdist", cwd=PROJECT)
    name = f"mockocr-{__version__}"
    done("tar", "-xzf", f"{name}.tar.gz", cwd=folder)
    done(*build, "-t", "wheel", cwd=folder / name)
    return folder / f"{name}-py3-none-any.whl"


def versions(folder: Path) -> Path:
    """The versions of the lock, as constraints, so that a new release of a package cannot fail
    this test."""
    lines = (PROJECT / "requirements" / "dev.txt").read_text().splitlines()
    file = folder / "versions.txt"
    file.write_text("\n".join(line.rstrip(" \\") for line in lines if "==" in line))
    return file


@dataclass(frozen=True, slots=True)
class Installed:
    """The built wheel in its own environment."""

    wheel: Path
    venv: Path

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    def install(self, *what: str) -> None:
        folder = self.venv.parent
        pip = (sys.executable, "-m", "pip", "--python", self.python)
        done(*pip, "install", "-q", "-c", versions(folder), *what, cwd=folder)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("environment")
    done(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    made = Installed(wheel, folder / "venv")
    made.install(str(made.wheel))
    return made


@pytest.mark.timeout(300)
def test_the_wheel_in_an_empty_environment_serves_a_signed_call(
    installed: Installed, tmp_path: Path
) -> None:
    inside = set(zipfile.ZipFile(installed.wheel).namelist())
    assert {"mockocr/py.typed", "mockocr/shipped/scenarios/documented.yaml"} <= inside
    assert {
        "mockocr/shipped/scenarios/scenario.schema.json",
        "mockocr/specimens/draw/font.woff2",
    } <= inside
    assert {
        f"mockocr-{__version__}.dist-info/licenses/{n}" for n in ("LICENSE", "NOTICE")
    } <= inside
    assert not [name for name in inside if not name.startswith(("mockocr/", "mockocr-"))]

    command = installed.venv / "bin" / "mockocr"
    where = (installed.python, "-c", "import mockocr; print(mockocr.__file__)")
    assert done(*where, cwd=tmp_path).startswith(str(installed.venv))

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
            url = json.loads(port_file.read_text())["http"]
            answered = call(url)
            check = ("contract", "check", "--against", url, "--case", "region-unknown")
            checked = done(command, *check, cwd=empty)
        finally:
            server.terminate()
        _, stderr = server.communicate(timeout=60)

    assert (answered.Name, answered.IdNum) == ("李明", "440524198701010014")
    assert checked.endswith("1 case: 1 same\n")
    assert server.returncode == 143
    assert "Traceback" not in stderr
    assert list(empty.iterdir()) == []


def call(url: str) -> models.IDCardOCRResponse:
    """The second example of the API page, called with the SDK of this environment."""
    profile = HttpProfile(protocol="http", endpoint=url.removeprefix("http://"))
    client = OcrClient(Credential("AKIDMOCKOCR", "mockocr"), "", ClientProfile(httpProfile=profile))
    request = models.IDCardOCRRequest()
    request.ImageUrl, request.CardSide = "https://xx/a.jpg", "FRONT"
    return client.IDCardOCR(request)


@pytest.mark.timeout(300)
def test_the_first_test_of_the_readme_passes_and_tells_why_a_wrong_key_fails(
    tmp_path: Path,
) -> None:
    """Installs by the README's commands, in an empty folder beside a copy of this checkout."""
    install, play = blocks("README.md", "sh")[1:3]
    test = blocks("README.md", "python")[0]
    folder = tmp_path / "kyc"
    folder.mkdir()
    shutil.copytree(
        PROJECT, tmp_path / "mockocr", ignore=shutil.ignore_patterns(".*", "node_modules")
    )
    environment = {
        "PATH": os.environ["PATH"],
        "MOCKOCR_STATE_DIR": str(tmp_path / "state"),
        "PIP_CONSTRAINT": str(versions(tmp_path)),
        "PIP_BUILD_CONSTRAINT": str(versions(tmp_path)),
    }

    def bash(command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-euc", command],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=240,
        )

    installed = bash(install)
    (folder / "test_kyc.py").write_text(test, encoding="utf-8")
    passed = bash(f". .venv/bin/activate; {play}")
    (folder / "test_kyc.py").write_text(
        test.replace("mockocr.secret_key)", '"mockocr")'), encoding="utf-8"
    )
    failed = bash(f". .venv/bin/activate; {play}")

    assert installed.returncode == 0, installed.stderr
    assert (passed.returncode, "1 passed" in passed.stdout) == (0, True), passed.stdout
    assert (failed.returncode, "1 failed" in failed.stdout) == (1, True), failed.stdout
    assert "key_of_another_account (proven)" in failed.stdout


@pytest.mark.timeout(300)
def test_the_wheel_with_the_pytest_extra_runs_the_first_test_of_the_docs(
    installed: Installed, tmp_path: Path
) -> None:
    installed.install(f"{installed.wheel}[pytest]", "tencentcloud-sdk-python-ocr")
    test = blocks("docs/pytest.md", "python")[0]
    (tmp_path / "test_kyc.py").write_text(test, encoding="utf-8")
    # What the SDK does on Python 3.12 and newer is not ours.
    sdk = "ignore:datetime.datetime.utcfromtimestamp:DeprecationWarning"
    pytest_ = (installed.python, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    run = (*pytest_, "-W", "error", "-W", sdk)
    environment = {"PATH": os.environ["PATH"], "MOCKOCR_STATE_DIR": str(tmp_path / "state")}

    passed = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, text=True)
    wrong = test.replace("mockocr.secret_key)", '"wrong")')
    (tmp_path / "test_kyc.py").write_text(wrong, encoding="utf-8")
    failed = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, text=True)

    assert (passed.returncode, "1 passed" in passed.stdout) == (0, True), passed.stdout
    assert (failed.returncode, "1 failed" in failed.stdout) == (1, True), failed.stdout
    assert "wrong_secret_key (likely, not proven)" in failed.stdout
