"""The CA of an installation: what it is, and what it may sign."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from mockocr.tls.errors import CertificateError, remedy
from mockocr.tls.names import Name, Subtree, subtree


@dataclass(frozen=True, slots=True)
class Authority:
    """A CA: PEM of certificate and key, what it may sign, and the folder it lives in or would."""

    folder: Path
    certificate: str
    key: str
    permitted: tuple[Subtree, ...]

    def permits(self, name: Name) -> bool:
        if isinstance(name, str):
            dotted = f".{subtree(name)}"
            return any(dotted.endswith(f".{around}") for around in self.permitted)
        return any(not isinstance(around, str) and name in around for around in self.permitted)

    def admit(self, insisted: list[Name], welcome: list[Name]) -> list[Name]:
        """All that are insisted on, in one order, and those of the welcome that are permitted."""
        for name in insisted:
            if not self.permits(name):
                raise CertificateError(
                    f"{name} is not permitted to the CA in {self.folder}, which may sign "
                    f"{', '.join(map(str, self.permitted))} only: {remedy(self.folder)}"
                )
        return sorted({*insisted, *filter(self.permits, welcome)}, key=str)

    def server_file(self, covered: list[Name]) -> Path:
        """Of a server certificate for these names, in the folder."""
        scope = "\n".join([self.certificate, *map(str, covered)])
        return self.folder / f"server-{sha256(scope.encode()).hexdigest()[:16]}.pem"
