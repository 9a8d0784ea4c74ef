"""Creates accounts over the admin API."""

from typing import Any

import httpx

BUILT_IN_PAIR = {"SecretId": "AKIDMOCKOCR", "SecretKey": "mockocr"}


def fresh(admin: httpx.Client, **settings: Any) -> dict[str, Any]:
    """A new account with these settings, as the reply shows it."""
    reply = admin.post("/accounts", json=settings)
    assert reply.status_code == 201, reply.text
    return dict(reply.json())
