"""Hides the developer's own environment from commands, and gives a port on which nothing
listens."""

from contextlib import closing

import pytest

from mockocr.server.ports import bind


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def nowhere() -> str:
    with closing(bind("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"
