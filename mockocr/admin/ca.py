"""The endpoint of the CA certificate, which clients fetch before they can use HTTPS."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from mockocr.admin.endpoint import Endpoint
from mockocr.admin.guard import CA_PATH


class PemDocument(Response):
    """A certificate, PEM."""

    media_type = "application/x-pem-file"


def ca_endpoint(certificate: str | None) -> Endpoint:
    async def show_ca_certificate(request: Request) -> PemDocument:
        if certificate is None:
            raise HTTPException(
                404,
                "this server has no CA: https is off, or uses the certificate of --tls-cert"
                " (MOCKOCR_TLS_CERT)",
            )
        return PemDocument(certificate)

    return Endpoint(
        "GET",
        CA_PATH,
        "Show the CA certificate that HTTPS clients must trust, PEM; needs no token",
        show_ca_certificate,
        statuses={
            200: "The certificate.",
            404: "HTTPS is off, or its certificate is that of --tls-cert.",
        },
    )
