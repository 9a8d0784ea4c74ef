"""What the console says about pasted texts, in Chromium."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ocr.v20181119 import models, ocr_client

from mockocr.settings import Settings
from tests.conftest import running
from tests.pasted import curl, hashed_again, raw, steps_of
from tests.requests import SECRET_ID, SECRET_KEY, a_call, with_header

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.conftest import Running
    from tests.console.conftest import OpenConsole

KEYS = (SECRET_ID, SECRET_KEY)
CHANGED = with_header(a_call(), content_type="application/json; charset=utf-8")


@pytest.fixture(scope="module")
def server(state_dir: Path) -> Iterator["Running"]:
    """With the key pair of tests/requests.py."""
    with running(Settings(port=0, tls_port=0, rate=0, keys=(KEYS,)), state_dir) as started:
        yield started


def wrong_steps() -> str:
    """The steps of a client that writes `host` before `content-type`."""
    canonical, text = steps_of(a_call())
    lines = canonical.split("\n")
    wrong = "\n".join([*lines[:3], lines[4], lines[3], "", "host;content-type", lines[-1]])
    return f"canonical request:\n{wrong}\n\nstring to sign:\n{hashed_again(wrong, text)}\n"


PASTED = {
    "raw": (raw(CHANGED, "\r\n"), "content_type_charset", "4", ";"),
    "curl": (curl(CHANGED), "content_type_charset", "4", ";"),
    "steps": (wrong_steps(), "signed_headers_order", "4", "c"),
}
"""The text, the cause, the number of the first line that differs, and its first byte that does, in
the right line."""


def the_difference(page: "Page") -> tuple[str, str]:
    """The number of the marked line, and the marked character of the right one."""
    row = page.locator(".step-row.differs").first
    number, _, right = row.locator("> *").all()
    return number.inner_text(), right.locator("mark").inner_text()


@pytest.mark.parametrize("form", PASTED)
def test_a_pasted_text_is_explained_in_the_paste_box_and_in_the_signature_tab(
    server: "Running", open_console: "OpenConsole", form: str
) -> None:
    text, cause, line, byte = PASTED[form]
    recorded = server.state.journal.size()
    page = open_console(server).page
    page.get_by_role("button", name="Explain text").click()
    page.get_by_role("textbox", name="Explain pasted text").fill(text)
    page.get_by_role("button", name="Explain", exact=True).click()

    page.locator("dialog .why code", has_text=cause).first.wait_for()
    assert page.locator("dialog .why .hint-text").inner_text() != ""
    assert the_difference(page) == (line, byte)

    page.keyboard.press("Escape")
    page.get_by_role("navigation").get_by_text("Signature").click()
    page.get_by_role("textbox", name="Your request or your steps").fill(text)
    page.get_by_role("button", name="Check").click()

    page.locator(".why code", has_text=cause).first.wait_for()
    assert the_difference(page) == (line, byte)
    assert server.state.journal.size() == recorded


def test_a_text_is_explained_when_it_is_pasted(
    server: "Running", open_console: "OpenConsole"
) -> None:
    page = open_console(server, "#/signature?lang=zh").page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("(text) => navigator.clipboard.writeText(text)", wrong_steps())
    page.get_by_role("textbox").focus()
    page.keyboard.press("Control+v")

    page.locator(".why code", has_text="signed_headers_order").first.wait_for()
    assert "首处差异：第 4 行" in page.locator(".difference").first.inner_text()


def test_an_sdks_error_opens_its_call_with_the_difference(
    server: "Running", open_console: "OpenConsole"
) -> None:
    credential = Credential(*KEYS)
    # The SDK refuses such a key in its constructor, but not if it is changed later.
    credential.secret_key += " "
    http = HttpProfile(protocol="http", endpoint=server.endpoint)
    client = ocr_client.OcrClient(credential, "", ClientProfile(httpProfile=http))
    with pytest.raises(TencentCloudSDKException) as caught:
        client.IDCardOCR(models.IDCardOCRRequest())
    page = open_console(server).page
    page.get_by_role("button", name="Explain text").click()
    page.get_by_role("textbox", name="Explain pasted text").fill(str(caught.value))
    page.get_by_role("button", name="Explain", exact=True).click()

    page.locator(".request-id", has_text=caught.value.requestId).wait_for()
    assert "secret_has_whitespace" in page.locator(".why").inner_text()
    request_id = caught.value.requestId
    page.evaluate(f"location.hash = '#/signature/{request_id}'")
    page.get_by_role("textbox", name="Your request or your steps").fill(wrong_steps())
    page.get_by_role("button", name="Check").click()

    page.locator(".step-row.differs").first.wait_for()
    assert server.endpoint in page.locator(".steps-table").first.inner_text()


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("hello", "expected a RequestId, an error"),
        ("code:FailedOperation.ImageBlur", "only the meaning of the code is known"),
        ("curl -s", "expected a curl command with a URL"),
    ],
)
def test_what_cannot_be_explained_is_told(
    server: "Running", open_console: "OpenConsole", text: str, answer: str
) -> None:
    page = open_console(server, "#/signature").page
    page.get_by_role("textbox", name="Your request or your steps").fill(text)
    page.get_by_role("button", name="Check").click()

    page.locator(".message.warning", has_text=answer).wait_for()


def test_right_steps_are_told_to_be_right(server: "Running", open_console: "OpenConsole") -> None:
    page = open_console(server, "#/signature").page
    page.get_by_role("textbox", name="Your request or your steps").fill(
        "\n".join(steps_of(a_call()))
    )
    page.get_by_role("button", name="Check").click()

    page.get_by_text("Your signature is right").wait_for()
    assert page.locator(".step-row").count() == 0
