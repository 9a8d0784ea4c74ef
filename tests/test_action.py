"""action.yml, the GitHub Action: its steps, run like a runner does, in a temporary folder."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ocr.v20181119.models import IDCardOCRRequest
from tencentcloud.ocr.v20181119.ocr_client import OcrClient

from mockocr.documents.reading import read_document
from mockocr.settings import Settings

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow


@dataclass
class Runner:
    """Runs shell steps with the four contexts that the action uses."""

    folder: Path
    inputs: Mapping[str, str]
    outputs: dict[str, str] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)

    def expanded(self, text: str) -> str:
        values = {
            "github.action_path": str(ROOT),
            "runner.temp": str(self.folder),
            **{f"inputs.{name}": value for name, value in self.inputs.items()},
            **{f"steps.start.outputs.{name}": value for name, value in self.outputs.items()},
        }
        return re.sub(r"\$\{\{ (\S+) \}\}", lambda each: values[each[1]], text)

    def run(self, step: Mapping[str, Any]) -> str:
        output, path = self.folder / "output", self.folder / "path"
        output.write_text("")
        path.write_text("")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            env={name: value for name, value in os.environ.items() if "MOCKOCR" not in name}
            | {name: self.expanded(text) for name, text in step["env"].items()}
            | {"GITHUB_OUTPUT": str(output), "GITHUB_PATH": str(path)},
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=240,
        )
        self.outputs |= dict(line.split("=", 1) for line in output.read_text().splitlines())
        self.path += path.read_text().splitlines()
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def action() -> dict[str, Any]:
    data: dict[str, Any] = read_document(ROOT / "action.yml").data
    return data


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, action: Mapping[str, Any]) -> Path:
    """A runner's folder where the action is installed."""
    folder = tmp_path_factory.mktemp("runner")
    install, _ = action["runs"]["steps"]
    runner = Runner(folder, {})
    runner.run(install)
    (added,) = map(Path, runner.path)
    assert [each.name for each in added.iterdir()] == ["mockocr"]
    return folder


@pytest.fixture
def runner(folder: Path) -> Iterator[Runner]:
    runner = Runner(folder, {"port": "0", "tls-port": "0", "scenarios": ""})
    yield runner
    if "pid" in runner.outputs:
        os.kill(int(runner.outputs["pid"]), signal.SIGTERM)


def test_defaults_of_the_action_are_those_of_the_server(action: Mapping[str, Any]) -> None:
    defaults = {name: each["default"] for name, each in action["inputs"].items()}

    server = Settings()
    assert defaults == {"port": str(server.port), "tls-port": str(server.tls_port), "scenarios": ""}


@pytest.mark.timeout(300)
def test_outputs_of_the_action_are_enough_for_a_call(
    action: Mapping[str, Any], runner: Runner
) -> None:
    _, start = action["runs"]["steps"]
    assert "is healthy" in runner.run(start)

    result = {name: runner.expanded(each["value"]) for name, each in action["outputs"].items()}

    for name in ("url", "https-url"):
        scheme, _, endpoint = result[name].partition("://")
        http = HttpProfile(protocol=scheme, endpoint=endpoint, certification=result["ca-path"])
        credential = Credential(result["secret-id"], result["secret-key"])
        request = IDCardOCRRequest()
        request.ImageUrl = "https://example.com/a.jpg"
        client = OcrClient(credential, "", ClientProfile(httpProfile=http))
        assert client.IDCardOCR(request).Name
    assert '"outcome": "ok"' in Path(result["log"]).read_text()


@pytest.mark.timeout(300)
def test_given_scenarios_are_played(action: Mapping[str, Any], runner: Runner) -> None:
    _, start = action["runs"]["steps"]
    runner.inputs = {**runner.inputs, "scenarios": "error-image-blur"}
    runner.run(start)

    endpoint = runner.outputs["url"].partition("://")[2]
    profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=endpoint))
    request = IDCardOCRRequest()
    request.ImageUrl = "https://example.com/a.jpg"
    with pytest.raises(TencentCloudSDKException) as refused:
        OcrClient(Credential("AKIDMOCKOCR", "mockocr"), "", profile).IDCardOCR(request)
    assert refused.value.code == "FailedOperation.ImageBlur"


@pytest.mark.timeout(300)
def test_the_port_file_of_an_earlier_job_is_not_taken_for_its_own(
    action: Mapping[str, Any], runner: Runner
) -> None:
    _, start = action["runs"]["steps"]
    stale = runner.folder / "mockocr" / "ports.json"
    stale.write_text('{"http": "http://127.0.0.1:1"}')
    runner.run(start)

    assert json.loads(stale.read_text())["http"] == runner.outputs["url"]


@pytest.mark.timeout(300)
def test_a_server_that_cannot_start_fails_the_step_with_its_message(
    action: Mapping[str, Any], runner: Runner
) -> None:
    _, start = action["runs"]["steps"]
    runner.inputs = {**runner.inputs, "scenarios": "eror-image-blur"}

    with pytest.raises(AssertionError, match="did you mean 'error-image-blur'"):
        runner.run(start)
