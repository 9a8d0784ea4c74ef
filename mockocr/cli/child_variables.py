"""The environment of a command that `mockocr run` starts: URLs, keys, trust in the CA, no proxy."""

import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from mockocr.settings import PREFIX, SettingError

ONLY_CAS = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Clients trust only the CAs in these files: OpenSSL, httpx, Go, Ruby, PHP and .NET; requests; the
command curl."""
FURTHER_CAS = "NODE_EXTRA_CA_CERTS"
"""Node also trusts the CAs in this file."""


def child_variables(
    urls: Mapping[str, str],
    keys: tuple[str, str] | None,
    admin_token: str | None,
    ca: Path | None,
    folder: Path,
    environment: Mapping[str, str],
) -> dict[str, str]:
    """`environment` with the variables for a server. Files of CAs are written into `folder`.

    Raises SettingError for a file of CAs that cannot be read.
    """
    variables = {**environment, f"{PREFIX}URL": next(iter(urls.values()))}
    if "https" in urls:
        variables[f"{PREFIX}HTTPS_URL"] = urls["https"]
    if keys is not None:
        variables["TENCENTCLOUD_SECRET_ID"], variables["TENCENTCLOUD_SECRET_KEY"] = keys
    if admin_token is not None:
        variables[f"{PREFIX}ADMIN_TOKEN"] = admin_token
    if "https" in urls and ca is not None:
        variables |= _trusting(ca, folder, environment)
    return variables | _without_proxy(urls, environment)


def _trusting(ca: Path, folder: Path, environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    own = ca.read_text()
    for name in (*ONLY_CAS, FURTHER_CAS):
        if path := environment.get(name):
            try:
                others = Path(path).read_text()
            except (OSError, ValueError):
                raise SettingError(f"{name}: cannot read {path!r}") from None
        else:
            others = "" if name == FURTHER_CAS else "\n".join(_cas_of_this_machine())
        bundle = folder / f"{name}.pem"
        bundle.write_text(f"{others}\n{own}")
        yield name, str(bundle)


def _cas_of_this_machine() -> Iterator[str]:
    """In PEM: those that Python trusts."""
    for certificate in ssl.create_default_context().get_ca_certs(binary_form=True):
        yield ssl.DER_cert_to_PEM_cert(certificate)
    folder = ssl.get_default_verify_paths().capath
    # OpenSSL finds a CA in a folder by the name of its file.
    for file in sorted(Path(folder).glob("*.[0-9]")) if folder else ():
        yield file.read_text()


def _without_proxy(urls: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """Some clients compare the host with NO_PROXY, some the host and the port."""
    places = [urlsplit(url) for url in urls.values()]
    hosts = dict.fromkeys([*(it.hostname or "" for it in places), *(it.netloc for it in places)])
    before = environment.get("no_proxy") or environment.get("NO_PROXY")
    value = ",".join(filter(None, [before, *hosts]))
    return {"no_proxy": value, "NO_PROXY": value}
