"""Which requests the guard of /__admin lets through (docs/security.md), sent over a socket as
browsers and tools send them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from tests.conftest import Running, Serve, Signed

Get = Callable[..., httpx.Response]


@pytest.fixture
def get() -> Get:
    def get_once(server: "Running", path: str = "/__admin/requests", **more: str) -> httpx.Response:
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        with httpx.Client(trust_env=False) as client:
            return client.get(server.url + path, headers=headers)

    return get_once


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8018",
        "127.0.0.1",
        "192.168.1.20:8018",
        "[::1]:8018",
        "[2001:db8::1]",
        "localhost:8018",
        "LOCALHOST",
        "mockocr:8018",
        "ocr.localhost",
        "machine.local",
        "host.docker.internal:8018",
        "ocr.test",
        "mockocr.default.svc",
        "mockocr.default.svc.",
    ],
)
def test_names_that_no_site_can_rebind_are_accepted(server: "Running", get: Get, host: str) -> None:
    assert get(server, Host=host).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example.com",
        "evil.example.com:8018",
        "127.0.0.1.nip.io",
        "localhost.evil.com",
        "evillocal.com",
        "evil.com.",
        "ocr.tencentcloudapi.com",
        "notlocalhost.org:8018",
        "[::1",
        "",
    ],
)
def test_a_rebound_name_is_refused_with_the_flag_to_allow_it(
    server: "Running", get: Get, host: str
) -> None:
    refused = get(server, Host=host)

    assert refused.status_code == 403
    assert "--admin-host" in refused.json()["error"]


@pytest.mark.parametrize(
    ("pattern", "host", "status"),
    [
        ("ocr.example.com", "ocr.example.com:8018", 200),
        ("ocr.example.com", "OCR.example.com", 200),
        ("OCR.Example.com", "ocr.example.com", 200),
        ("*.example.com", "a.b.example.com", 200),
        ("*.example.com", "example.com", 403),
        ("*.example.com", "a.example.com.evil.org", 403),
    ],
)
def test_a_further_name_can_be_allowed_by_a_pattern(
    serve: "Serve", get: Get, pattern: str, host: str, status: int
) -> None:
    assert get(serve(admin_host=("other.org", pattern)), Host=host).status_code == status


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example.com",
        "http://localhost:3000",
        "http://127.0.0.1",
        "null",
        "http://[",
        "",
    ],
)
def test_a_page_of_another_origin_is_refused(server: "Running", get: Get, origin: str) -> None:
    assert get(server, Host="127.0.0.1:8018", Origin=origin).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8018", "localhost:8018", "[::1]:8018"])
def test_a_page_of_its_own_origin_is_accepted(server: "Running", get: Get, host: str) -> None:
    reply = get(server, Host=host, Origin=f"http://{host}", Sec_Fetch_Site="same-origin")

    assert reply.status_code == 200


@pytest.mark.parametrize(
    ("site", "status"),
    [("none", 200), ("same-origin", 200), ("same-site", 403), ("cross-site", 403), ("x", 403)],
)
def test_the_fetch_site_header_of_a_browser_is_trusted(
    server: "Running", get: Get, site: str, status: int
) -> None:
    assert get(server, Sec_Fetch_Site=site).status_code == status


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ("Bearer geheim", 200),
        ("bearer geheim", 200),
        ("Bearer gehei", 401),
        ("Bearer geheim2", 401),
        ("Bearer Geheim", 401),
        ("Basic geheim", 401),
        ("geheim", 401),
        ("Bearer", 401),
        ("", 401),
    ],
)
def test_the_token_is_required_if_it_is_set(
    serve: "Serve", get: Get, authorization: str, status: int
) -> None:
    reply = get(serve(admin_token="geheim"), Authorization=authorization)

    assert reply.status_code == status
    assert ("www-authenticate" in reply.headers) is (status == 401)
    assert "geheim" not in reply.text


def test_a_token_can_have_any_letters(serve: "Serve") -> None:
    url = serve(admin_token="密码").url
    with httpx.Client(trust_env=False) as client:
        headers = {b"Authorization": "Bearer 密码".encode()}

        assert client.get(f"{url}/__admin/requests", headers=headers).status_code == 200


def test_the_token_does_not_allow_other_sites(serve: "Serve", get: Get) -> None:
    server = serve(admin_token="geheim")

    assert get(server, Authorization="Bearer geheim", Host="evil.com").status_code == 403


@pytest.mark.parametrize("path", ["/__admin", "/__admin/", "/__admin/requests", "/__admin/x"])
def test_every_path_of_the_admin_api_is_protected(serve: "Serve", get: Get, path: str) -> None:
    assert get(serve(admin_token="geheim"), path, Host="evil.com").status_code in (307, 403)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_needs_neither_name_nor_token(serve: "Serve", get: Get, path: str) -> None:
    server = serve(admin_token="geheim")

    assert (
        get(server, path, Host="evil.com", Origin="http://evil.com").json()["status"] == "healthy"
    )


def test_a_server_without_admin_api_still_answers_health(serve: "Serve", get: Get) -> None:
    server = serve(no_admin=True)

    assert get(server, "/__admin/requests").status_code == 404
    assert "there is nothing at /__admin/requests" in get(server, "/__admin/requests").text
    assert get(server, "/healthz").status_code == get(server, "/readyz").status_code == 200


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example.com"},
    {"Origin": "null"},
]


@pytest.mark.parametrize("foreign", FOREIGN)
@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_call_that_a_page_of_another_site_signs_is_refused(
    server: "Running", signed: "Signed", foreign: dict[str, str], is_chunked: bool
) -> None:
    body = b'{"ImageUrl": "https://xx/a.jpg"}'
    recorded = len(server.state.journal.newest_first())
    headers = signed(server.endpoint, body, more=foreign)
    with httpx.Client(trust_env=False) as client:
        sent = iter([body]) if is_chunked else body
        refused = client.post(server.url, content=sent, headers=headers)
        image = client.get(f"{server.url}/?Action=IDCardOCR", headers=foreign)

    for reply in (refused, image):
        assert reply.status_code == 403
        assert "the API refuses requests from pages of other" in reply.json()["error"]
    assert len(server.state.journal.newest_first()) == recorded


def test_a_call_of_a_page_of_this_server_is_answered(server: "Running", signed: "Signed") -> None:
    body = b'{"ImageUrl": "https://xx/a.jpg"}'
    own = {"Origin": server.url, "Sec-Fetch-Site": "same-origin"}
    headers = signed(server.endpoint, body, more=own)
    with httpx.Client(trust_env=False) as client:
        reply = client.post(server.url, content=body, headers=headers)

    assert reply.json()["Response"]["Name"]
