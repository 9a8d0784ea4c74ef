from collections.abc import Iterator
from pathlib import Path

import pytest

from mockocr.settings import Settings
from tests.conftest import Running, running


@pytest.fixture(scope="session")
def scenario_server(state_dir: Path) -> Iterator[Running]:
    """One server for all shipped scenarios. Each is played for its own account."""
    with running(Settings(port=0, tls_port=0, rate=0), state_dir) as started:
        yield started
