"""The language of mockocr's own texts: `--lang`, else Accept-Language, else English."""

import pytest
from starlette.requests import Request

from mockocr.admin.language import language_of
from mockocr.settings import Settings


def request(accept_language: str | None) -> Request:
    headers = []
    if accept_language is not None:
        headers.append((b"accept-language", accept_language.encode()))
    return Request({"type": "http", "headers": headers})


@pytest.mark.parametrize(
    ("accept_language", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US,en;q=0.9,zh-CN;q=0.8", "en"),
        ("de, ZH-Hant;q=0.5", "zh"),
        ("zh;q=0, en;q=0.1", "en"),
        ("zh;q=much", "zh"),
        ("zhang", "en"),
    ],
)
def test_the_preferred_language_is_used(accept_language: str | None, language: str) -> None:
    assert language_of(request(accept_language), Settings()) == language


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("accept_language", [None, "zh", "en"])
def test_a_server_with_a_language_uses_no_other(lang: str, accept_language: str | None) -> None:
    assert language_of(request(accept_language), Settings(lang=lang)) == lang  # type: ignore[arg-type]
