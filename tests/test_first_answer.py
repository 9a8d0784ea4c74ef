"""What a server has imported when it gives its first answer: a start is to be short."""

import json
import subprocess
import sys
from importlib.util import find_spec
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
    "mockocr.actions.idcard.catalogue",
    "mockocr.explainer.explain",
    "mockocr.pictures.fetching",
    "mockocr.scenario.model",
}
"""Each takes ten milliseconds and more, and none has a part in a first answer."""

CODE = """
import json, sys
from datetime import UTC, datetime
import mockocr.cli.serve
from mockocr.protocol.wire import WireRequest
from mockocr.settings import Settings
from mockocr.web.app import create_app, create_service

settings = Settings()
service = create_service(settings)
create_app(service, settings)
headers, body = json.loads(sys.stdin.read())
now = datetime.now(UTC)
request = WireRequest("a first call", now, "POST", "/", "", headers, body.encode())
print(json.dumps([json.loads(service.answer(request).body), sorted(sys.modules)]))
"""


BODY = '{"ImageUrl": "https://example.com/a.jpg", "Config": "{\\"TempIdWarn\\": true}"}'


def answered(headers: dict[str, str]) -> tuple[dict[str, Any], set[str]]:
    """The Response of the first call of a process, and what was imported for it that is slow."""
    sent = {name.lower(): value for name, value in headers.items()}
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        input=json.dumps([sent, BODY]),
        capture_output=True,
        text=True,
        check=True,
    )
    reply, modules = json.loads(done.stdout)
    return reply["Response"], TOO_SLOW & set(modules)


def test_a_person_is_generated_without_slow_imports(signed: Signed) -> None:
    response, imported = answered(signed("x", BODY.encode()))

    assert response["Name"]
    assert imported == set()


def test_a_refusal_imports_only_the_explainer(signed: Signed) -> None:
    response, imported = answered(signed("x", BODY.encode(), secret_key="another"))

    assert response["Error"]["Code"] == "AuthFailure.SignatureFailure"
    assert imported == {"mockocr.explainer.explain"}


@pytest.mark.parametrize("name", sorted(TOO_SLOW))
def test_every_module_called_slow_exists(name: str) -> None:
    assert find_spec(name)
