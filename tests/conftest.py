"""A server in this process, the command line, and a check that no test met a bug in mockocr."""

import hashlib
import hmac
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from mockocr.cli.main import main
from mockocr.pipeline.state import State
from mockocr.server.app import create_app
from mockocr.server.bootstrap import open_server
from mockocr.server.server import serve_in_thread
from mockocr.settings import Settings
from mockocr.tls import ca_path
from tests.processes import Process, Start

pytest_plugins = ["pytester"]

# A busy machine is no fault of the code: nothing here depends on time.
hypothesis_settings.register_profile(
    "mockocr", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("mockocr")


@dataclass(frozen=True, slots=True)
class Running:
    """A server in a thread of this process."""

    settings: Settings
    state: State
    url: str
    https_url: str
    ca: Path
    """The certificate that https clients must trust."""

    @property
    def endpoint(self) -> str:
        return self.url.removeprefix("http://")

    @property
    def https_endpoint(self) -> str:
        return self.https_url.removeprefix("https://")


BUILT_IN = ("AKIDMOCKOCR", "mockocr")
"""The key pair of a server without configured keys."""

Serve = Callable[..., Running]
"""Starts a server until the test ends: `serve(scenarios=("documented",))`."""

Signed = Callable[..., dict[str, str]]
"""The headers of a call: `signed(server.endpoint, body)`."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished command."""

    code: int
    stdout: str
    stderr: str


Run = Callable[..., Finished]
"""Runs a command in an empty folder: `run("validate", "documented", MOCKOCR_SEED="1")`."""


@contextmanager
def running(settings: Settings, state_dir: Path) -> Iterator[Running]:
    app = create_app(replace(settings, state_dir=state_dir))
    with open_server(app) as server, serve_in_thread(server):
        urls = server.urls
        yield Running(settings, app.state, urls["http"], urls["https"], ca_path(state_dir))


@pytest.fixture(scope="session")
def state_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One state directory for all servers, so that the CA is made once."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="session")
def server(state_dir: Path) -> Iterator[Running]:
    """One server for all tests that need no special settings. Its journal is short: the causes of
    forgotten calls are not searched for."""
    with running(Settings(port=0, tls_port=0, rate=0, journal_calls=10), state_dir) as started:
        yield started


@pytest.fixture
def serve(state_dir: Path) -> Iterator[Serve]:
    with ExitStack() as stack:

        def start(**settings: Any) -> Running:
            chosen = Settings(**{"port": 0, "tls_port": 0, "rate": 0, **settings})
            return stack.enter_context(running(chosen, state_dir))

        yield start


@pytest.fixture
def start(tmp_path: Path, state_dir: Path) -> Iterator[Start]:
    with ExitStack() as stack:

        def start_one(
            *flags: str, folder: Path = tmp_path, state_dir: Path = state_dir, **more: Any
        ) -> Process:
            process = Process(folder, state_dir, *flags, **more)
            stack.enter_context(process.popen)
            stack.callback(process.popen.kill)
            return process

        yield start_one


@pytest.fixture(scope="session")
def signed() -> Signed:
    """Signs as the vendor's signature page describes, without code of mockocr."""

    def sign(
        host: str,
        body: bytes,
        *,
        secret_id: str = BUILT_IN[0],
        secret_key: str = BUILT_IN[1],
        more: Mapping[str, str] | None = None,
    ) -> dict[str, str]:
        now = int(time.time())
        date = time.strftime("%Y-%m-%d", time.gmtime(now))
        scope = f"{date}/ocr/tc3_request"
        canonical = "\n".join(
            [
                "POST\n/\n",
                f"content-type:application/json\nhost:{host}\n",
                "content-type;host",
                hashlib.sha256(body).hexdigest(),
            ]
        )
        hashed = hashlib.sha256(canonical.encode()).hexdigest()
        key = f"TC3{secret_key}".encode()
        for part in (date, "ocr", "tc3_request", f"TC3-HMAC-SHA256\n{now}\n{scope}\n{hashed}"):
            key = hmac.digest(key, part.encode(), "sha256")
        return {
            "Host": host,
            "Content-Type": "application/json",
            "X-TC-Action": "IDCardOCR",
            "X-TC-Version": "2018-11-19",
            "X-TC-Timestamp": str(now),
            "Authorization": f"TC3-HMAC-SHA256 Credential={secret_id}/{scope},"
            f" SignedHeaders=content-type;host, Signature={key.hex()}",
            **(more or {}),
        }

    return sign


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_once(*arguments: str, **variables: str) -> Finished:
        with monkeypatch.context() as here:
            here.chdir(tmp_path)
            for name in os.environ:
                if name.startswith("MOCKOCR_"):
                    here.delenv(name)
            for name, value in {"COLUMNS": "200", **variables}.items():
                here.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main(arguments)
        out, err = capsys.readouterr()
        return Finished(int(ended.value.code or 0), out, err)

    return run_once


@pytest.fixture
def imported() -> Iterator[dict[str, ModuleType]]:
    """Runs a block after which only these modules stay imported."""
    modules: dict[str, ModuleType] = {}
    yield modules
    sys.modules.update(modules)


@pytest.fixture
def pytester(
    imported: dict[str, ModuleType], pytester: pytest.Pytester
) -> Iterator[pytest.Pytester]:
    """Without removing modules that were first imported during the test: a second import would
    mix with references to the first (classes of exceptions, C extensions)."""
    yield pytester
    imported.update(sys.modules)


class _Errors(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def bugs() -> Iterator[list[logging.LogRecord]]:
    """The logged errors. A test removes those that it expects; any other is a bug in mockocr."""
    errors = _Errors()
    loggers = [logging.getLogger(name) for name in ("mockocr", "uvicorn", "asyncio")]
    for logger in loggers:
        logger.addHandler(errors)

    yield errors.records

    for logger in loggers:
        logger.removeHandler(errors)
    format_record = logging.Formatter().format
    assert not errors.records, "\n".join(map(format_record, errors.records))
