"""Inner runs of pytest, with tests that use the plugin."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes import Start

CALLING = Path(__file__).parent / "testing" / "calling.py"

WITHOUT = " ".join(
    f"-p no:{name}"
    for name in ("cacheprovider", "faker", "hypothesispytest", "platformdirs", "pytest_cov")
)
"""Plugins that load slowly and are not tested here."""

Runs = Callable[..., pytest.RunResult]
"""A run of a file with these tests: `runs(source, "-k", "front", ini="mockocr_seed = 7")`."""

TOLD_TO_PYTEST = ("CI", "BUILD_NUMBER", "FORCE_COLOR", "NO_COLOR", "PYTEST_ADDOPTS")
"""Variables of CI machines that change the output of pytest: with `CI` it truncates nothing."""

PREAMBLE = "import pytest\nfrom calling import call, outcome\n\n"


@pytest.fixture
def runs(pytester: pytest.Pytester, state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    for name in list(os.environ):
        if name.startswith(("MOCKOCR_", "TENCENTCLOUD_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name in TOLD_TO_PYTEST:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MOCKOCR_STATE_DIR", str(state_dir))
    monkeypatch.setenv("COLUMNS", "200")
    (pytester.path / "calling.py").write_text(CALLING.read_text(encoding="utf-8"), encoding="utf-8")

    def run(source: str, *arguments: str, ini: str = "") -> pytest.RunResult:
        (pytester.path / "pytest.ini").write_text(
            f"[pytest]\naddopts = --strict-markers --strict-config {WITHOUT}\n"
            "asyncio_default_fixture_loop_scope = function\nfilterwarnings = error\n"
            f"pythonpath = .\n{ini}\n",
            encoding="utf-8",
        )
        (pytester.path / "test_it.py").write_text(PREAMBLE + source, encoding="utf-8")
        return pytester.runpytest_subprocess(*arguments)

    return run


def started(start: Start, *flags: str) -> str:
    """The URL of a server in another process than the run of pytest."""
    return str(start("--log-level=warning", *flags).ready()["http"])


def text(result: pytest.RunResult) -> str:
    return "\n".join(result.outlines)


SIDES = """
SIDES = '''
name: sides
rules:
  - name: front
    when: {CardSide: FRONT}
    then: {card: {Name: 李明}}
  - name: temporary back
    when: {CardSide: BACK, Config: {TempIdWarn: true}}
    then: {card: invented}
'''
"""
