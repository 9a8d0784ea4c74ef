"""Many calls and many tabs, in Chromium."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mockocr.settings import Settings
from tests.conftest import running
from tests.console.calling import call, call_often

if TYPE_CHECKING:
    from tests.conftest import Serve, Signed
    from tests.console.conftest import OpenConsole

MOST_ROWS = 60
HIDDEN = """
let hidden = true;
Object.defineProperty(document, "hidden", { get: () => hidden });
window.show = (visible) => {
  hidden = !visible;
  document.dispatchEvent(new Event("visibilitychange"));
};
"""
"""In a headless browser every tab is visible."""


def test_with_5000_calls_the_list_stays_small_and_usable(
    serve: "Serve", signed: "Signed", open_console: "OpenConsole"
) -> None:
    server = serve()
    console = open_console(server)
    page = console.page
    page.get_by_text("No calls yet").wait_for()
    call_often(server, signed, 5000)
    page.get_by_text("Calls: 5,000").wait_for()
    assert page.locator("a.row").count() < MOST_ROWS

    # Scrolled, the list does not move.
    page.locator(".scroll").evaluate("(box) => box.scrollTo(0, box.scrollHeight)")
    oldest = server.state.journal.newest_first()[-1].request_id
    console.row_of(oldest).wait_for()
    assert page.locator("a.row").count() < MOST_ROWS
    newest = call(server, signed, CardSide="BACK")
    page.get_by_role("button", name="1 new").click()
    console.row_of(newest).wait_for()
    page.get_by_role("searchbox").fill(oldest)
    page.get_by_text("Calls: 1 / 5,001").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.locator(".request-id", has_text=oldest).wait_for()


def test_each_of_eight_tabs_catches_up_when_it_is_visible(
    serve: "Serve", signed: "Signed", open_console: "OpenConsole"
) -> None:
    server = serve()
    console = open_console(server)
    context = console.page.context
    context.add_init_script(HIDDEN)
    pages = [context.new_page() for _ in range(8)]
    for page in pages:
        page.goto(f"{server.url}/__admin/console/")
        page.get_by_text("Paused").wait_for()
    request_id = call(server, signed, CardSide="SIDE")
    for page in pages:
        page.evaluate("show(true)")
        page.locator(f"[data-id='{request_id}']").wait_for()
        page.get_by_text("Live", exact=True).wait_for()
        page.evaluate("show(false)")
        page.get_by_text("Paused").wait_for()


def test_after_a_restart_only_the_calls_of_the_new_server_are_listed(
    state_dir: Path, signed: "Signed", open_console: "OpenConsole"
) -> None:
    settings = Settings(port=0, tls_port=0, rate=0)
    with running(settings, state_dir) as server:
        old = call(server, signed, CardSide="SIDE")
        console = open_console(server)
        console.row_of(old).wait_for()
    console.page.get_by_text("No connection").wait_for()
    port = urlsplit(server.url).port or 0
    with running(replace(settings, port=port), state_dir) as server:
        new = call(server, signed, CardSide="SIDE")
        console.row_of(new).wait_for()

        console.page.get_by_text("Calls: 1").wait_for()
        assert console.row_of(old).count() == 0
        console.page.close()
    console.faults.clear()
