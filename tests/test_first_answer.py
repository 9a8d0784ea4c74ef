"""The modules that a server has imported at its first answer: a start must be short."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Signed

TOO_SLOW = {
    "PIL",
    "cryptography",
    "faker",
    "pydantic",
    "starlette.routing",
    "yaml",
    "mockocr.actions.idcard.specimens.catalogue",
    "mockocr.explainer.explain",
    "mockocr.downloads",
    "mockocr.scenario.model",
}
"""Modules that take ten milliseconds or more. A first answer imports only those that it needs."""

CODE = """
import json, sys
from datetime import UTC, datetime
import mockocr.cli.serve
from mockocr.protocol.wire import WireRequest
from mockocr.settings import Settings
from mockocr.server.app import create_app

headers, body, scenarios = json.loads(sys.stdin.read())
pipeline = create_app(Settings(scenarios=tuple(scenarios))).api.pipeline
now = datetime.now(UTC)
request = WireRequest("a first call", now, "POST", "/", "", headers, body.encode())
print(json.dumps([json.loads(pipeline.answer(request).body), sorted(sys.modules)]))
"""


BODY = '{"ImageUrl": "https://example.com/a.jpg", "Config": "{\\"TempIdWarn\\": true}"}'


def answered(
    headers: dict[str, str], *scenarios: str, body: str = BODY
) -> tuple[dict[str, Any], set[str]]:
    """The Response of the first call of a process, and the slow modules that it imported."""
    sent = {name.lower(): value for name, value in headers.items()}
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        input=json.dumps([sent, body, scenarios]),
        capture_output=True,
        text=True,
        check=True,
    )
    reply, modules = json.loads(done.stdout)
    return reply["Response"], TOO_SLOW & set(modules)


def test_a_person_is_generated_without_slow_imports(signed: Signed) -> None:
    response, imported = answered(signed("x", BODY.encode()))

    assert response["Name"]
    assert imported == {"faker"}


def test_a_refusal_imports_only_the_explainer(signed: Signed) -> None:
    response, imported = answered(signed("x", BODY.encode(), secret_key="another"))

    assert response["Error"]["Code"] == "AuthFailure.SignatureFailure"
    assert imported == {"mockocr.explainer.explain"}


BACK = '{"ImageUrl": "https://example.com/a.jpg", "CardSide": "BACK"}'


@pytest.mark.parametrize(
    ("outcome", "body", "member"),
    [
        ("card: {Name: 李明}", BODY, "Name"),
        ("card: li-ming", BODY, "Name"),
        ("card: {Authority: 赵县公安局}", BACK, "Authority"),
        ("error: FailedOperation.ImageBlur", BODY, "Error"),
    ],
)
def test_a_scripted_answer_does_without_faker(
    signed: Signed, tmp_path: Path, outcome: str, body: str, member: str
) -> None:
    scenario = tmp_path / "scripted.yaml"
    scenario.write_text(
        f"name: scripted\nrules:\n  - {{name: all, then: {{{outcome}}}}}\n", encoding="utf-8"
    )

    response, imported = answered(signed("x", body.encode()), str(scenario), body=body)

    assert response[member]
    assert "faker" not in imported


@pytest.mark.parametrize("name", sorted(TOO_SLOW))
def test_every_module_called_slow_exists(name: str) -> None:
    assert find_spec(name)
