"""mockocr in a container, for tests with testcontainers. To be copied beside them.

with MockOCRContainer(seed="7").with_scenarios(Path("scenarios")) as ocr:
    profile = HttpProfile(protocol="http", endpoint=ocr.endpoint)
"""

from pathlib import Path
from typing import Self

from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

HTTP, HTTPS = 8018, 8019


class MockOCRContainer(DockerContainer):
    """Started when the `with` block begins, ready when it is entered, gone when it ends."""

    def __init__(self, image: str = "mockocr", **settings: str) -> None:
        """settings: those of `mockocr serve`, as in `seed="7", contract="2026-03-13"`."""
        super().__init__(image)
        self.with_exposed_ports(HTTP, HTTPS)
        self.waiting_for(HttpWaitStrategy(HTTP, "/readyz"))
        # Where the daemon is elsewhere (Docker in Docker), its name has to be in the certificate.
        named = {"tls_name": self.get_docker_client().host()}
        for name, value in {**named, **settings}.items():
            self.with_env(f"MOCKOCR_{name.upper()}", value)

    def with_scenarios(self, folder: Path) -> Self:
        """Its files play. The container's user, 65532, has to be able to read them."""
        return self.with_volume_mapping(str(folder.absolute()), "/scenarios", "ro")

    def with_pictures(self, folder: Path) -> Self:
        """An ImageUrl that ends in the name of a file here is that file."""
        return self.with_volume_mapping(str(folder.absolute()), "/pictures", "ro")

    @property
    def endpoint(self) -> str:
        """host:port of http, as SDKs want it."""
        return self._address(HTTP)

    @property
    def https_endpoint(self) -> str:
        return self._address(HTTPS)

    @property
    def url(self) -> str:
        """Of http; below it lies the admin API."""
        return f"http://{self.endpoint}"

    def ca(self) -> str:
        """The certificate that clients of https have to trust, PEM."""
        finished = self.exec(["mockocr", "ca", "export"])
        text = finished.output.decode()
        if finished.exit_code:
            raise RuntimeError(text)
        return text

    def _address(self, port: int) -> str:
        return f"{self.get_container_host_ip()}:{self.get_exposed_port(port)}"
