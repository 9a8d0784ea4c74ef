"""One Chromium for the tests of the page."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.console.browsing import Console

AXE = Path(__file__).parents[2] / ".clients" / "axe" / "node_modules" / "axe-core" / "axe.min.js"

WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 360, "height": 740}

OpenConsole = Callable[..., "Console"]
"""Opens the page: `open_console(server, viewport=NARROW)`."""


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Of one module: while Playwright runs, no other event loop can run in this thread."""
    program = shutil.which("chromium")
    if program is None or not AXE.exists():
        if os.environ.get("CI"):
            pytest.fail("scripts/install-test-clients has not installed chromium and axe-core")
        pytest.skip("needs chromium and axe-core: run scripts/install-test-clients")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # As root, Chromium's sandbox does not start. mockocr is a name as in a network of Docker.
        mapped = "--host-resolver-rules=MAP mockocr 127.0.0.1"
        arguments = ["--no-sandbox", "--disable-gpu", mapped]
        with playwright.chromium.launch(executable_path=program, args=arguments) as started:
            yield started


@pytest.fixture
def open_console(browser: "Browser") -> Iterator[OpenConsole]:
    from tests.console.browsing import opened

    with ExitStack() as stack:

        def open_one(
            server: Any, address: str = "#/calls", host: str = "127.0.0.1", **options: Any
        ) -> "Console":
            console = stack.enter_context(opened(browser, server, **options))
            console.open(address, host)
            return console

        yield open_one
