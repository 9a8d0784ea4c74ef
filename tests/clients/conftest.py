from collections.abc import Iterator
from pathlib import Path

import pytest

from mockocr.settings import Settings
from tests.conftest import Running, running


@pytest.fixture(scope="session")
def scenario_server(state_dir: Path) -> Iterator[Running]:
    """One server for all shipped scenarios, each played for an account of its own."""
    with running(Settings(port=0, tls_port=0, rate=0), state_dir) as started:
        yield started
