"""An upstream full of personal data: one for all tests, with an account for each."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from mockocr.scenario.library import Library
from mockocr.settings import Settings
from tests.conftest import Running, running
from tests.record.recording_servers import UPSTREAM_KEYS, recording, upstream_scenario

Record = Callable[..., Running]
"""Starts a server that records until the test ends: `record(upstream.url, path, mode="all")`."""


@pytest.fixture(scope="module")
def upstream_server(state_dir: Path) -> Iterator[Running]:
    with running(Settings(port=0, tls_port=0, rate=0, keys=(UPSTREAM_KEYS,)), state_dir) as started:
        yield started


@pytest.fixture
def upstream(upstream_server: Running) -> Running:
    """Its rules begin anew, and its journal is empty."""
    state = upstream_server.state
    state.reset(UPSTREAM_KEYS[0])
    state.journal.reset()
    state.registry.set_for_account(UPSTREAM_KEYS[0], [Library().inline(upstream_scenario())])
    return upstream_server


@pytest.fixture
def record(state_dir: Path) -> Iterator[Record]:
    with ExitStack() as stack:

        def start(upstream: str | None, path: Path | None, *more: Any, **settings: Any) -> Running:
            return stack.enter_context(recording(upstream, path, state_dir, *more, **settings))

        yield start


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kyc.yaml"
