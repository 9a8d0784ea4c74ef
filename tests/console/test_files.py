"""The static files of the console, as browsers load them."""

from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from tests.conftest import Running, Serve

LINKED = {
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}
"""What a browser sends for a link on a page of another site."""
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def get(server: "Running", path: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{server.url}{path}", headers=headers, trust_env=False)


def test_the_page_may_load_and_run_only_its_own_files(server: "Running") -> None:
    page = get(server, "/__admin/console/")

    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = page.headers["content-security-policy"]
    for rule in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"):
        assert f"{rule};" in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cross-origin-opener-policy"] == "same-origin"
    elsewhere = get(server, "/__admin/console/", Host="mockocr")
    assert "cross-origin-opener-policy" not in elsewhere.headers


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_an_unchanged_file_is_sent_once(server: "Running", encoding: str) -> None:
    sent = {"Accept-Encoding": encoding}
    first = get(server, "/__admin/console/index.html", **sent)
    again = get(server, "/__admin/console/", **sent, **{"If-None-Match": first.headers["etag"]})

    assert first.headers.get("content-encoding", "identity") == encoding
    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize(
    "path", ["missing.js", "../files.py", "..%2ffiles.py", "%2e%2e/%2e%2e/version.py", "a//b.js"]
)
def test_other_files_are_not_served(server: "Running", path: str) -> None:
    url = httpx.URL(server.url).copy_with(raw_path=f"/__admin/console/{path}".encode())

    assert httpx.get(url, trust_env=False).status_code == 404


def test_files_are_only_read(server: "Running") -> None:
    refused = httpx.post(f"{server.url}/__admin/console/", trust_env=False)

    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/__admin", "/__admin/", "/__admin/console"])
def test_the_short_addresses_lead_a_browser_to_the_page(server: "Running", path: str) -> None:
    url = f"{server.url}{path}"
    page = httpx.get(url, headers=BROWSER, trust_env=False, follow_redirects=True)

    assert (page.status_code, page.url.path) == (200, "/__admin/console/")


def test_the_query_of_a_link_is_kept(server: "Running") -> None:
    assert get(server, "/__admin/console?call=1").headers["location"] == (
        "/__admin/console/?call=1"
    )


def test_a_link_on_another_site_opens_the_page_and_never_data(server: "Running") -> None:
    framed = {**LINKED, "Sec-Fetch-Dest": "iframe"}
    script = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}

    assert get(server, "/__admin/console/", **LINKED).status_code == 200
    assert get(server, "/__admin/console/", **framed).status_code == 403
    assert get(server, "/__admin/console/", **script).status_code == 403
    assert get(server, "/__admin/requests", **LINKED).status_code == 403
    assert get(server, "/__admin/console/", **LINKED, Host="evil.example").status_code == 403


def test_the_page_needs_no_token(serve: "Serve") -> None:
    server = serve(admin_token="correct-horse")

    assert get(server, "/__admin/console/").status_code == 200
    assert get(server, "/__admin/", **BROWSER).headers["location"] == "/__admin/console/"
    assert get(server, "/__admin/info").status_code == 401


def test_without_the_admin_api_there_is_no_page(serve: "Serve") -> None:
    server = serve(no_admin=True)

    assert [
        get(server, path, **BROWSER).status_code for path in ("/__admin/", "/__admin/console/")
    ] == [404, 404]
