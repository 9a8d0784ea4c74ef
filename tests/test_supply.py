"""The SBOM of the image, and the digest of its base: scripts/make-sbom and scripts/pin-image."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.test_docs import ROOT

DIGEST = f"sha256:{'0123456789abcdef' * 4}"


# SBOM


def a_wheel(folder: Path, name: str, license_line: str = "") -> Path:
    file = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with ZipFile(file, "w") as archive:
        archive.writestr(f"{name}.py", "")
        head = f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n"
        archive.writestr(f"{info}/METADATA", head + license_line)
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return file


def sbom(*reports: Path) -> Mapping[str, Any]:
    command = [sys.executable, str(ROOT / "scripts/make-sbom"), *map(str, reports)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def test_the_sbom_lists_what_is_installed_with_the_hash_of_each_file(tmp_path: Path) -> None:
    wheels = [
        a_wheel(tmp_path, "mockocr"),
        a_wheel(tmp_path, "Some_Library", "License-Expression: MIT\n"),
    ]
    reports = []
    for wheel in wheels:
        reports.append(wheel.with_suffix(".json"))
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps"]
        target = ["--target", str(tmp_path / "installed"), "--report", str(reports[-1])]
        subprocess.run([*pip, *target, str(wheel)], check=True, capture_output=True, timeout=60)

    old = json.loads(reports[0].read_text())
    del old["install"][0]["download_info"]["archive_info"]["hashes"]
    (tmp_path / "old.json").write_text(json.dumps(old))

    document = sbom(*reports)

    assert sbom(tmp_path / "old.json", reports[1]) == document, "pip 23.0 writes no hashes"
    installed = list(distributions(path=[str(tmp_path / "installed")]))
    assert len(installed) == 2
    listed = {it["name"]: it for it in document["components"]}
    names = {re.sub(r"[-_.]+", "-", it.name).lower(): it.version for it in installed}
    assert {name: it["version"] for name, it in listed.items()} == names
    for name, wheel in zip(("mockocr", "some-library"), wheels, strict=True):
        content = sha256(wheel.read_bytes()).hexdigest()
        assert listed[name]["hashes"] == [{"alg": "SHA-256", "content": content}]
        assert listed[name]["purl"] == f"pkg:pypi/{name}@1.0"
    assert listed["mockocr"]["type"] == "application"
    assert listed["some-library"]["licenses"] == [{"expression": "MIT"}]
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")


def test_the_image_is_installed_with_hashes_and_reports_for_its_sbom() -> None:
    dockerfile = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text())
    installs = re.findall(r"pip .*?install [^&\n]*", dockerfile)

    assert len(installs) == 3
    for install in installs:
        assert "--no-deps" in install
        # The wheel is built here, from this source.
        assert "--require-hashes" in install or install.strip().endswith("/wheel/*.whl")
    reports = set(re.findall(r"--report (\S+)", dockerfile))
    (made,) = re.findall(r"make-sbom (.*?) >", dockerfile)
    assert set(made.split()) == reports
    assert len(reports) == 2


def test_the_action_installs_with_hashes() -> None:
    action = (ROOT / "action.yml").read_text()

    assert "--require-hashes -r" in action
    assert action.count("pip_install ") == 2
    assert 'pip_install --no-build-isolation "$SOURCE"' in action


# The base image


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    script = tmp_path / "scripts/pin-image"
    script.write_bytes((ROOT / "scripts/pin-image").read_bytes())
    script.chmod(0o755)
    (tmp_path / "Dockerfile").write_bytes((ROOT / "Dockerfile").read_bytes())
    return tmp_path


def pin(project: Path, pulled: str, code: int = 0) -> "subprocess.CompletedProcess[str]":
    """Runs the script where `docker pull` prints this."""
    docker = project / "docker"
    docker.write_text(f'#!/bin/sh\n[ "$1" = pull ] && cat <<END\n{pulled}\nEND\nexit {code}\n')
    docker.chmod(0o755)
    path = f"{project}:/usr/bin:/bin"
    return subprocess.run(
        ["scripts/pin-image"], cwd=project, env={"PATH": path}, capture_output=True, text=True
    )


def test_the_base_image_is_pinned_by_the_digest_that_was_pulled(project: Path) -> None:
    before = (project / "Dockerfile").read_text()
    for digest in (DIGEST, DIGEST.replace("0", "f")):
        done = pin(project, f"3.13-slim: Pulling from library/python\nDigest: {digest}\nStatus: ok")

        assert done.stdout == f"python:3.13-slim@{digest}\n"
        line = f"ARG PYTHON_IMAGE=python:3.13-slim@{digest}\n"
        after = (project / "Dockerfile").read_text()
        assert after == before.replace("ARG PYTHON_IMAGE=python:3.13-slim\n", line)


@pytest.mark.parametrize(
    ("pulled", "code"), [("Status: ok", 0), ("Digest: sha256:short", 0), (f"Digest: {DIGEST}", 1)]
)
def test_without_a_digest_the_dockerfile_stays_as_it_is(
    project: Path, pulled: str, code: int
) -> None:
    before = (project / "Dockerfile").read_text()

    done = pin(project, pulled, code)

    assert done.returncode == 1
    assert done.stderr.startswith("scripts/pin-image: ")
    assert (project / "Dockerfile").read_text() == before
