"""The key pair of the upstream, from the environment."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from mockocr.client.client import header_text
from mockocr.settings import PREFIX, SettingError

UPSTREAM = f"{PREFIX}UPSTREAM_"
"""The prefix of variables for the upstream alone. Without them, those of the official SDKs are
used, which may be set to the key pair of this server."""
SDK = "TENCENTCLOUD_"


class UpstreamKeys(NamedTuple):
    secret_id: str
    secret_key: str
    token: str | None
    """Of a temporary key pair."""
    prefix: str
    """Of the variables that they are from."""

    def __repr__(self) -> str:
        return "UpstreamKeys(***)"


def read_upstream_keys(environment: Mapping[str, str], own: Collection[str]) -> UpstreamKeys:
    """`own`: the SecretIds of this server. Raises SettingError, which quotes no value."""
    for prefix in (UPSTREAM, SDK):
        values = [environment.get(prefix + name, "") for name in ("SECRET_ID", "SECRET_KEY")]
        if any(values):
            break
    else:
        raise SettingError(
            f"the key pair of the upstream is missing: set {UPSTREAM}SECRET_ID and"
            f" {UPSTREAM}SECRET_KEY, or {SDK}SECRET_ID and {SDK}SECRET_KEY"
        )
    for name, value in zip(("SECRET_ID", "SECRET_KEY"), values, strict=True):
        if not value:
            raise SettingError(f"{prefix}{name} is not set; set both, or neither")
    secret_id, secret_key = values
    if prefix == SDK and secret_id in own:
        raise SettingError(
            f"{SDK}SECRET_ID is a SecretId of this server, which the upstream does not know; set"
            f" {UPSTREAM}SECRET_ID and {UPSTREAM}SECRET_KEY to the key pair of the upstream"
        )
    token = environment.get(f"{prefix}TOKEN") or None
    return UpstreamKeys(
        header_text(secret_id, f"{prefix}SECRET_ID"),
        secret_key,
        token and header_text(token, f"{prefix}TOKEN"),
        prefix,
    )
