"""The helper of deploy/testcontainers, with containers of its own."""

from pathlib import Path

import pytest
from tencentcloud.common.exception import TencentCloudSDKException

from deploy.testcontainers.mockocr_container import MockOCRContainer
from tests.containers.conftest import IMAGE, call, open_up


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
