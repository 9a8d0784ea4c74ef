"""The helper of deploy/testcontainers, with containers that it starts."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tencentcloud.common.exception import TencentCloudSDKException

from deploy.testcontainers.mockocr_container import MockOCRContainer
from tests.containers.conftest import IMAGE, call, open_up
from tests.test_docs import ROOT, blocks


def test_a_container_answers_over_http_and_https(tmp_path: Path) -> None:
    with MockOCRContainer(IMAGE) as ocr:
        (tmp_path / "ca.pem").write_text(ocr.ca())

        over_http = call(ocr.endpoint)
        over_https = call(ocr.https_endpoint, ca=tmp_path / "ca.pem")

    assert over_http.Name
    assert over_http.Name == over_https.Name


def test_settings_and_folders_are_those_of_the_server(tmp_path: Path) -> None:
    open_up(tmp_path)
    rule = "{name: a, then: {error: FailedOperation.ImageBlur}}"
    (tmp_path / "blurred.yaml").write_text(f"name: blurred\nrules: [{rule}]\n")
    with (
        MockOCRContainer(IMAGE, auth="off", seed="7").with_scenarios(tmp_path) as ocr,
        pytest.raises(TencentCloudSDKException) as refused,
    ):
        call(ocr.endpoint)

    assert refused.value.code == "FailedOperation.ImageBlur"


def test_the_python_of_the_page_prints_endpoints_and_ca(tmp_path: Path) -> None:
    (code,) = blocks("docs/containers.md", "python")
    (tmp_path / "call.py").write_text(
        code.replace("MockOCRContainer(", f'MockOCRContainer("{IMAGE}", ')
    )
    shutil.copy(ROOT / "deploy/testcontainers/mockocr_container.py", tmp_path)
    (tmp_path / "scenarios").mkdir()
    open_up(tmp_path)
    done = subprocess.run(
        [sys.executable, "call.py"],
        cwd=tmp_path,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert "BEGIN CERTIFICATE" in done.stdout, done.stderr
