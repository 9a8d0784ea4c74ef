"""Hostile texts, other sites, secrets and insecure origins, in Chromium."""

from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.console.calling import call
from tests.console.conftest import NARROW

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.conftest import Running, Serve, Signed
    from tests.console.conftest import OpenConsole

MARKUP = "<img src=x onerror=window.ran=1><script>window.ran=1</script>"
HOSTILE = f"{MARKUP}\u202egnp.exe\u0007\x1b[31m\u2028"
LONG = "x" * 1024 * 1024
PLANTED = {"Name": "种植人", "Address": "种植市种植路一号", "IdNum": "440524198701010014"}


def ran(page: "Page") -> bool:
    """Whether a text became markup."""
    return bool(
        page.evaluate("Boolean(window.ran) || document.querySelector('[onerror]') !== null")
    )


def hostile_scenario(text: str) -> dict[str, object]:
    rule = {"name": text, "when": {"CardSide": "FRONT"}, "then": {"card": "invented"}}
    return {"name": text, "description": text, "rules": [rule]}


def test_hostile_texts_are_only_text(
    serve: "Serve", signed: "Signed", open_console: "OpenConsole"
) -> None:
    server = serve()
    url = f"{server.url}/__admin"
    text = HOSTILE.replace("\u2028", "").replace("\u0007", "").replace("\x1b", "")
    account = {"name": "a", "scenarios": [hostile_scenario(text)]}
    for path, body in (("scenarios", hostile_scenario(text)), ("accounts", account)):
        assert (
            httpx.post(f"{url}/{path}", json=body, trust_env=False, timeout=60).status_code == 201
        )
    odd: dict[str, Any] = {HOSTILE: HOSTILE}
    ids = [
        call(server, signed, CardSide=HOSTILE, Config=HOSTILE, **odd),
        call(server, signed, ImageUrl=HOSTILE, ImageBase64=None, CardSide="FRONT"),
        call(
            server,
            signed,
            more={"User-Agent": MARKUP, "X-TC-Region": MARKUP, "X-TC-Language": MARKUP},
        ),
        call(
            server,
            signed,
            more={"X-TC-Action": MARKUP, "X-TC-Version": MARKUP, "X-TC-Token": MARKUP},
        ),
        call(server, signed, secret_key=HOSTILE),
    ]
    reply = httpx.get(
        f"{server.url}/?Action={MARKUP}&SecretId={MARKUP}&Signature=x", trust_env=False
    )
    ids.append(reply.json()["Response"]["RequestId"])
    page = open_console(server).page
    page.locator("a.row").first.wait_for()
    for request_id in ids:
        page.evaluate(f"location.hash = '#/calls/{request_id}'")
        page.locator(".call-body").get_by_text("Timing").wait_for()
        assert not ran(page), request_id
        assert "\u202e" not in page.locator("#page").inner_text()
    for place in ("scenarios", f"scenarios/{text}", "calls?view=groups", f"calls?q={text}"):
        page.evaluate("(place) => (location.hash = `#/${place}`)", place)
        page.locator("main > *").first.wait_for()
        assert not ran(page), place
    page.evaluate("location.hash = '#/signature'")
    for pasted in (
        f"POST /{MARKUP} HTTP/1.1\nHost: {HOSTILE}\n\n",
        f"POST\n/\n{MARKUP}\nhost:{MARKUP}\n",
    ):
        page.get_by_role("textbox").fill(pasted)
        page.get_by_role("button", name="Check").click()
        page.locator(".signature-result").wait_for()
        assert not ran(page), pasted


def test_a_megabyte_in_any_field_is_shown_in_part(
    serve: "Serve", signed: "Signed", open_console: "OpenConsole"
) -> None:
    server = serve()
    odd: dict[str, Any] = {LONG[:900_000]: "x"}
    ids = [
        call(server, signed, ImageUrl=LONG),
        call(server, signed, CardSide=LONG, Config=LONG),
        call(server, signed, more={"X-TC-Region": LONG[:60_000], "User-Agent": LONG[:3_000]}),
        call(server, signed, ImageBase64=LONG, **odd),
    ]
    page = open_console(server).page
    for request_id in ids:
        page.evaluate(f"location.hash = '#/calls/{request_id}'")
        page.locator(".call-body").get_by_text("Timing").wait_for()
        assert len(page.locator("main").inner_text()) < 40_000, request_id
        width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert width <= 0
    page.evaluate("location.hash = '#/signature'")
    page.get_by_role("textbox").fill(f"POST / HTTP/1.1\nHost: {LONG}\n\n")
    page.get_by_role("button", name="Check").click()
    page.locator(".signature-result").wait_for()
    assert len(page.locator(".signature-result").inner_text()) < 40_000


def test_planted_personal_data_are_in_no_document_storage_or_download(
    serve: "Serve", signed: "Signed", open_console: "OpenConsole"
) -> None:
    server = serve()
    scenario = {"name": "planted", "rules": [{"name": "r", "then": {"card": PLANTED}}]}
    url = f"{server.url}/__admin"
    httpx.post(f"{url}/scenarios", json=scenario, trust_env=False, timeout=60)
    picture = httpx.get(f"{url}/cards/draw", params=PLANTED, trust_env=False, timeout=60).content
    more = {"X-TC-Token": "planted-token", "Cookie": "planted-cookie", "X-Api-Key": "planted-key"}
    request_id = call(
        server,
        signed,
        ImageBase64=b64encode(picture).decode(),
        ImageUrl="https://planted-user:planted-word@xx/a.jpg?sign=planted-query",
        CardSide="FRONT",
        more=more,
    )
    console = open_console(server, f"#/calls/{request_id}")
    page = console.page
    page.locator(".call-body").get_by_text("Timing").wait_for()
    texts = [page.content()]
    for download in ("Export",):
        with page.expect_download() as got:
            page.get_by_role("button", name=download).click()
        texts.append(got.value.path().read_text(encoding="utf-8"))
    page.get_by_role("button", name="As code").click()
    for name in ("Python", "curl"):
        page.get_by_role("button", name=name, exact=True).click()
        page.locator(f"pre[aria-label='{name}']").wait_for()
        texts.append(page.content())
    page.evaluate("location.hash = '#/scenarios/planted'")
    page.locator(".cm-content").wait_for()
    texts.append(page.content() + page.locator(".cm-content").inner_text())
    with page.expect_download() as got:
        page.get_by_role("button", name="Export").click()
    texts.append(got.value.path().read_text(encoding="utf-8"))
    texts.append(page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])"))

    planted = [*PLANTED.values(), "planted-"]
    assert [text for text in planted if any(text in each for each in texts)] == []


def other_site(url: str, request_id: str) -> ThreadingHTTPServer:
    """A page of another site with a link to a call, which also tries to read the data."""
    text = f"""<!doctype html><a href="{url}/__admin/console/#/calls/{request_id}">the call</a>
<p></p><script>
fetch("{url}/__admin/requests", {{mode: "no-cors"}})
  .then((reply) => reply.text())
  .then((text) => (document.querySelector("p").textContent = `read ${{text.length}}`), (error) =>
    (document.querySelector("p").textContent = "refused"));
</script>"""

    class Page(BaseHTTPRequestHandler):
        timeout = 1  # for connections that a browser opens and does not use

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.daemon_threads = False
    return server


def test_a_page_of_another_site_may_link_to_a_call_and_reads_nothing(
    server: "Running", signed: "Signed", open_console: "OpenConsole"
) -> None:
    request_id = call(server, signed, CardSide="SIDE")
    other = other_site(server.url, request_id)
    with other:
        Thread(target=other.serve_forever, daemon=True).start()
        console = open_console(server)
        page = console.page
        # By name: another site than 127.0.0.1.
        page.goto(f"http://localhost:{other.server_port}/")
        page.locator("p", has_text="refused").or_(page.locator("p", has_text="read 0")).wait_for()
        page.get_by_text("the call").click()

        page.locator(".request-id", has_text=request_id).wait_for()
        other.shutdown()
    console.faults[:] = [fault for fault in console.faults if "403" not in fault]


IN_VIEW = """() => {
  const { top } = document.querySelector(".result-top").getBoundingClientRect();
  return top >= 0 && top < innerHeight;
}"""


def test_an_insecure_origin_can_try_and_copy_on_a_narrow_screen(
    serve: "Serve", open_console: "OpenConsole"
) -> None:
    server = serve()
    console = open_console(server, host="mockocr", address="#/try", viewport=NARROW)
    page = console.page
    has = "[isSecureContext, Boolean(navigator.clipboard), Boolean(crypto.subtle)]"
    assert page.evaluate(has) == [False, False, False]
    page.get_by_label("ImageUrl").fill("https://example.com/a.jpg")
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator(".result-top .outcome.ok").wait_for()
    page.wait_for_function(IN_VIEW)
    page.get_by_role("link", name="Open the call").click()
    page.get_by_role("button", name="Copy as curl").click()
    page.get_by_text("Copied").first.wait_for()
    page.keyboard.press("p")
    page.get_by_role("textbox").press("Control+v")

    pasted = page.get_by_role("textbox").input_value()
    assert f"http://mockocr:{server.url.rpartition(':')[2]}" in pasted


def test_a_wrong_token_gives_no_data_and_the_right_one_streams(
    serve: "Serve", signed: "Signed", open_console: "OpenConsole"
) -> None:
    server = serve(admin_token="t0ken·of·the·test")
    console = open_console(server)
    page = console.page
    request_id = call(server, signed, CardSide="SIDE")
    field = page.get_by_role("textbox", name="Admin token")
    field.fill("wrong")
    page.keyboard.press("Enter")
    page.get_by_text("The server refused this token.").wait_for()
    assert request_id not in page.content()
    field.fill("t0ken·of·the·test")
    page.keyboard.press("Enter")
    page.get_by_text("Live", exact=True).wait_for()
    newer = call(server, signed, CardSide="SIDE")

    console.row_of(newer).click()

    page.get_by_role("article").get_by_text("CardSide is case-sensitive").first.wait_for()
    for tab in ("try", "scenarios", "cards", "accounts", "signature"):
        page.evaluate(f"location.hash = '#/{tab}'")
        page.locator(f"main.view-{tab} > *").first.wait_for()
    stored = page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")
    entries = page.evaluate("JSON.stringify(performance.getEntries())")
    assert "t0ken" not in stored + entries + page.url + page.content()
    assert page.locator("dialog").count() == 0
    console.faults[:] = [fault for fault in console.faults if "401" not in fault]


@pytest.mark.parametrize("content", ["{", '{"format": "mockocr call", "call": {"RequestId": "x"}}'])
def test_a_file_that_is_no_call_is_refused(
    server: "Running", open_console: "OpenConsole", tmp_path: Path, content: str
) -> None:
    page = open_console(server).page
    page.get_by_role("button", name="Explain text").click()
    file = tmp_path / "call.json"
    file.write_text(content, encoding="utf-8")
    page.locator("dialog input[type=file]").set_input_files(file)

    page.locator("dialog .message").first.wait_for()
    page.keyboard.press("Escape")
    page.locator(".toolbar").wait_for()
