"""mockocr in a container, for tests with testcontainers. Copy this file into their folder.

with MockOCRContainer(seed="7").with_scenarios(Path("scenarios")) as ocr:
    profile = HttpProfile(protocol="http", endpoint=ocr.endpoint)
"""

from pathlib import Path
from typing import Self
from urllib.request import urlopen

from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

HTTP, HTTPS = 8018, 8019


class MockOCRContainer(DockerContainer):
    """Starts with the `with` block, is ready inside it, and is removed at its end."""

    def __init__(self, image: str = "mockocr", **settings: str) -> None:
        """settings: those of `mockocr serve`, as in `seed="7", contract="2026-03-13"`."""
        super().__init__(image)
        self.with_exposed_ports(HTTP, HTTPS)
        self.waiting_for(HttpWaitStrategy(HTTP, "/readyz"))
        # If the daemon is on another host (Docker in Docker), the certificate needs its name.
        named = {"tls_name": self.get_docker_client().host()}
        for name, value in {**named, **settings}.items():
            self.with_env(f"MOCKOCR_{name.upper()}", value)

    def with_scenarios(self, folder: Path) -> Self:
        """Plays the files of a folder. The container's user, 65532, must be able to read them."""
        return self.with_volume_mapping(str(folder.absolute()), "/scenarios", "ro")

    def with_pictures(self, folder: Path) -> Self:
        """Answers an ImageUrl with the file of this folder that its last segment names."""
        return self.with_volume_mapping(str(folder.absolute()), "/pictures", "ro")

    @property
    def endpoint(self) -> str:
        """host:port of http, as SDKs expect it."""
        return self._address(HTTP)

    @property
    def https_endpoint(self) -> str:
        return self._address(HTTPS)

    @property
    def url(self) -> str:
        """The http URL, also of the admin API."""
        return f"http://{self.endpoint}"

    def ca(self) -> str:
        """The CA certificate that https clients must trust, PEM."""
        with urlopen(f"{self.url}/__admin/ca.pem") as answer:  # noqa: S310 - http
            return str(answer.read().decode())

    def _address(self, port: int) -> str:
        return f"{self.get_container_host_ip()}:{self.get_exposed_port(port)}"
