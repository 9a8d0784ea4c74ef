"""scripts/audit, with a pip-audit that answers like the real one."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

AUDIT = Path(__file__).parents[1] / "scripts" / "audit"

SOUND = {"name": "sound", "version": "1.0", "vulns": []}
UNKNOWN = {"name": "unknown", "skip_reason": "Dependency not found on PyPI"}
VULNERABLE = {
    "name": "holey",
    "version": "2.0",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2.1"], "aliases": [], "description": ""}],
}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")


def audited(folder: Path, packages: list[Any] | None, stderr: str = "") -> tuple[int, str, str]:
    result = "" if packages is None else json.dumps({"dependencies": packages, "fixes": []})
    (folder / "told").write_text(result)
    (folder / "stderr").write_text(stderr)
    stand_in = folder / "pip-audit"
    stand_in.write_text(f'#!/bin/sh\ncat "{folder}/told"\ncat "{folder}/stderr" >&2\nexit 1\n')
    stand_in.chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, AUDIT], env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
    return done.returncode, done.stdout, done.stderr


def test_nothing_known_is_fine(tmp_path: Path) -> None:
    assert audited(tmp_path, [SOUND]) == (0, "1 packages audited, 0 vulnerabilities\n", "")


def test_a_vulnerability_fails_the_check_and_names_the_fix(tmp_path: Path) -> None:
    code, out, _ = audited(tmp_path, [SOUND, VULNERABLE])

    assert code == 1
    assert out.startswith("holey 2.0: PYSEC-2026-1, mended in 2.1\n2 packages audited")


def test_packages_that_the_service_does_not_know_are_not_called_audited(tmp_path: Path) -> None:
    code, out, err = audited(tmp_path, [SOUND, UNKNOWN])

    assert (code, out) == (0, "1 packages audited, 0 vulnerabilities\n")
    assert "NOT AUDITED" in err
    assert "1 of 2 packages are not known there: unknown" in err
    assert audited(tmp_path, [VULNERABLE, UNKNOWN])[0] == 1


def test_a_service_that_cannot_be_reached_is_a_loud_warning(tmp_path: Path) -> None:
    traceback = "Traceback (most recent call last):\nConnectionError: no such host\n"

    assert audited(tmp_path, None, traceback) == (
        0,
        "",
        "WARNING: NOT AUDITED, the service could not be asked: ConnectionError: no such host\n",
    )
