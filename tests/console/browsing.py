"""A page of the console in Chromium. What it must never do is recorded: requests to other hosts,
violations of its Content-Security-Policy, errors in its console."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Route

from tests.conftest import Running
from tests.console.conftest import WIDE

LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "::1", "mockocr"}


@dataclass(slots=True)
class Console:
    """An open page."""

    server: Running
    page: Page
    faults: list[str] = field(default_factory=list)

    def open(self, address: str = "#/calls", host: str = "127.0.0.1") -> None:
        # A change of the fragment alone would not load the page again.
        self.page.goto("about:blank")
        url = self.server.url.replace("127.0.0.1", host)
        self.page.goto(f"{url}/__admin/console/{address}")
        self.page.locator("main").wait_for()

    def row(self, text: str) -> Locator:
        return self.page.locator("a.row", has_text=re.compile(re.escape(text))).first

    def row_of(self, request_id: str) -> Locator:
        return self.page.locator(f"a.row[data-id='{request_id}']")


def _watch(console: Console, context: BrowserContext) -> None:
    def keep_out(route: Route) -> None:
        if urlsplit(route.request.url).hostname in LOOPBACK:
            route.fallback()
        else:
            console.faults.append(f"request to {route.request.url}")
            route.abort()

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            console.faults.append(f"{message.type}: {message.text}")

    context.route(re.compile("^https?:"), keep_out)
    console.page.on("console", said)
    console.page.on("pageerror", lambda error: console.faults.append(f"exception: {error}"))


@contextmanager
def opened(browser: Browser, server: Running, **options: Any) -> Iterator[Console]:
    """A page that must end without faults."""
    options = {"viewport": WIDE, "locale": "en-US", **options}
    with browser.new_context(**options) as context:
        context.set_default_timeout(15_000)
        console = Console(server, context.new_page())
        _watch(console, context)
        yield console
    assert console.faults == [], console.faults
