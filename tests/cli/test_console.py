import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Run, Running, Serve


def run_apart(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: Python reads BROWSER and PATH once to find a browser."""
    environment = {**os.environ, **variables}
    command = (sys.executable, "-m", "mockocr", "console", *arguments)
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_url_is_printed_and_opened_in_the_browser(server: "Running", tmp_path: Path) -> None:
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" >{opened}.new && mv {opened}.new {opened}\n')
    browser.chmod(0o700)
    url = f"{server.url}/__admin/console/"

    done = run_apart("--server", server.url, BROWSER=f"{browser} %s")

    assert (done.returncode, done.stdout, done.stderr) == (0, f"{url}\n", "")
    assert opened.read_text() == url


def test_without_a_browser_the_url_is_only_printed(run: "Run", server: "Running") -> None:
    done = run_apart("--server", server.url, PATH="", BROWSER="")
    quiet = run("console", "--server", server.url, "--no-browser")

    url = f"{server.url}/__admin/console/\n"
    assert (done.returncode, done.stdout) == (quiet.code, quiet.stdout) == (0, url)


def test_no_server_and_no_console_are_told_apart(run: "Run", serve: "Serve", nowhere: str) -> None:
    bare = serve(no_admin=True)

    assert "no server at" in run("console", "--server", nowhere).stderr
    refused = run("console", "--server", bare.url)
    assert (refused.code, "has no console (status 404)" in refused.stderr) == (1, True)
    assert run("console", "--server", "ftp://x").code == 2
