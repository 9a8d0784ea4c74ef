"""The CA certificate over HTTP, which clients fetch before they can use HTTPS."""

from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from tests.admin.conftest import AdminOf
    from tests.conftest import Serve


def test_the_ca_certificate_needs_no_token_but_the_rest_does(
    serve: "Serve", admin_of: "AdminOf"
) -> None:
    server = serve(admin_token="geheim")
    admin = admin_of(server)

    reply = admin.get("/ca.pem")

    assert (reply.status_code, reply.text) == (200, server.ca.read_text())
    assert "PRIVATE" not in reply.text
    assert admin.get("/info").status_code == 401
    assert admin.get("//ca.pem").status_code == 401
    document = admin.get("/openapi.json", headers={"Authorization": "Bearer geheim"}).json()
    assert document["paths"]["/ca.pem"]["get"]["security"] == []
    assert "401" not in document["paths"]["/ca.pem"]["get"]["responses"]


def test_the_ca_certificate_is_refused_to_pages_of_other_sites(serve: "Serve") -> None:
    url = f"{serve().url}/__admin/ca.pem"

    with httpx.Client(trust_env=False) as client:
        for headers in ({"Host": "evil.example.com"}, {"Origin": "https://evil.example.com"}):
            assert client.get(url, headers=headers).status_code == 403


def test_a_server_with_a_certificate_of_the_user_has_no_ca(
    serve: "Serve", admin_of: "AdminOf"
) -> None:
    pem = min(serve().ca.parent.glob("server-*.pem"))

    reply = admin_of(serve(tls_cert=pem, tls_key=pem)).get("/ca.pem")

    assert (reply.status_code, "this server has no CA" in reply.json()["error"]) == (404, True)
