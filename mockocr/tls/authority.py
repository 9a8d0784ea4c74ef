"""The CA of an installation, and the names that it may sign."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from mockocr.tls.errors import CertificateError, remedy
from mockocr.tls.names import Name, Subtree, subtree


@dataclass(frozen=True, slots=True)
class Authority:
    """A CA: its folder, which may not exist yet, its certificate and key (PEM), and the names that
    it may sign."""

    folder: Path
    certificate: str
    key: str
    permitted: tuple[Subtree, ...]

    def permits(self, name: Name) -> bool:
        if isinstance(name, str):
            dotted = f".{subtree(name)}"
            return any(dotted.endswith(f".{around}") for around in self.permitted)
        return any(not isinstance(around, str) and name in around for around in self.permitted)

    def admit(self, required: list[Name], optional: list[Name]) -> list[Name]:
        """The names of a server certificate, sorted: the required ones, and the permitted ones
        among the optional. Raises CertificateError if a required name is not permitted."""
        for name in required:
            if not self.permits(name):
                raise CertificateError(
                    f"the CA in {self.folder} may not sign {name}, only "
                    f"{', '.join(map(str, self.permitted))}: {remedy(self.folder)}"
                )
        return sorted({*required, *filter(self.permits, optional)}, key=str)

    def server_file(self, covered: list[Name]) -> Path:
        """The path of the server certificate for these names."""
        scope = "\n".join([self.certificate, *map(str, covered)])
        return self.folder / f"server-{sha256(scope.encode()).hexdigest()[:16]}.pem"
