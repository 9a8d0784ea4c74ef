"""The code of a call, copied from the console."""

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from mockocr.code_samples.languages import LANGUAGES
from tests.conftest import BUILT_IN

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.conftest import Running, Serve
    from tests.console.conftest import OpenConsole

NAMES = {
    "curl": "curl",
    "tccli": "tccli",
    "python": "Python",
    "node": "Node.js",
    "go": "Go",
    "java": "Java",
    "php": "PHP",
    "csharp": "C#",
    "cpp": "C++",
    "ruby": "Ruby",
    "pytest": "pytest",
}
FORM = {
    "ImageUrl": "https://example.com/" + "a" * 3000 + '.jpg?name=O\'Neil "x" $HOME',
    "CardSide": "BACK",
    "EnableReflectDetail": True,
    "Config": '{"CropIdCard":true}',
}


COPIED = "(code) => navigator.clipboard.readText().then((text) => text === code)"


def copy(page: "Page", language: str, code: str) -> None:
    """Copies the code of a language, which must be this one."""
    group = page.get_by_role("group", name="Language of the code")
    group.get_by_role("button", name=NAMES[language], exact=True).click()
    shown = page.locator(f".code:has(pre[aria-label='{NAMES[language]}'])")
    shown.get_by_role("button", name="Copy").click()
    page.wait_for_function(COPIED, arg=code)


def run_python(code: str, folder: Path) -> None:
    (folder / "call.py").write_text(code, encoding="utf-8")
    keys = dict(zip(("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"), BUILT_IN, strict=True))
    subprocess.run([sys.executable, "call.py"], cwd=folder, env={**os.environ, **keys}, check=True)


def fill(page: "Page") -> None:
    page.get_by_label("ImageUrl").fill(str(FORM["ImageUrl"]))
    page.get_by_label("CardSide").select_option("BACK")
    page.get_by_role("checkbox", name="CropIdCard").check()
    page.get_by_label("EnableReflectDetail").select_option("true")
    page.locator(".try-form summary").click()
    page.get_by_label("Region").select_option("ap-beijing")


def test_the_copied_code_makes_the_call_of_the_form(
    serve: "Serve", open_console: "OpenConsole", tmp_path: Path
) -> None:
    server = serve()
    page = open_console(server, "#/try").page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    fill(page)
    page.locator(".try-result summary").click()
    spec = {"parameters": FORM, "region": "ap-beijing"}
    assert set(NAMES) == set(LANGUAGES)
    written = {}
    for language in NAMES:
        url = f"{server.url}/__admin/code?language={language}"
        written[language] = httpx.post(url, json=spec, trust_env=False, timeout=60).json()["code"]
        copy(page, language, written[language])
    run_python(written["python"], tmp_path)

    made = server.state.journal.newest_first()[0]
    assert made.outcome == "ok"
    assert made.headers["x-tc-region"] == "ap-beijing"
    shown = {**FORM, "ImageUrl": str(FORM["ImageUrl"]).partition("?")[0] + "?***"}
    assert made.parameters == shown


def test_a_recorded_call_is_repeated_by_its_code_and_refills_the_form(
    serve: "Serve", open_console: "OpenConsole", tmp_path: Path
) -> None:
    server = serve()
    parameters = {"ImageUrl": "https://xx/a.jpg", "CardSide": "SIDE", "Config": '{"Quality": 1}'}
    spec = {"parameters": parameters}
    tried = httpx.post(f"{server.url}/__admin/try", json=spec, trust_env=False, timeout=60).json()
    page = open_console(server, f"#/calls/{tried['RequestId']}").page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="As code").click()
    written = {}
    for language in NAMES:
        url = f"{server.url}/__admin/requests/{tried['RequestId']}/code?language={language}"
        written[language] = httpx.get(url, trust_env=False, timeout=60).json()["code"]
        copy(page, language, written[language])
    with pytest.raises(subprocess.CalledProcessError):
        run_python(written["python"], tmp_path)
    assert server.state.journal.newest_first()[0].parameters == parameters

    page.keyboard.press("Escape")
    page.get_by_role("link", name="Open in Try").click()
    page.get_by_label("ImageUrl").wait_for()
    assert page.get_by_label("CardSide").input_value() == "SIDE"
    assert page.get_by_label("Config").input_value() == '{"Quality": 1}'
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator(".result-top", has_text="InvalidParameterValue").wait_for()
    assert server.state.journal.newest_first()[0].parameters == parameters


def test_two_calls_of_the_history_are_compared(
    server: "Running", open_console: "OpenConsole"
) -> None:
    page = open_console(server, "#/try").page
    page.get_by_label("ImageUrl").fill("https://example.com/a.jpg")
    for side in ("FRONT", "BACK"):
        page.get_by_label("CardSide").select_option(side)
        page.get_by_role("button", name="Send", exact=True).click()
        page.locator(".history li", has_text=side).wait_for()
    for box in page.get_by_role("checkbox", name="Compare").all():
        box.check()

    removed, added = ".diff .removed", ".diff .added"
    page.locator(removed, has_text='"CardSide": "FRONT"').wait_for()
    assert page.locator(added, has_text='"CardSide": "BACK"').count() == 1
    page.locator(".history button").last.click()
    assert page.get_by_label("CardSide").input_value() == "FRONT"
