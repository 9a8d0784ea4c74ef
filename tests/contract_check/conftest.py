"""One server for all runs of this folder, which tests alter."""

import time
from collections.abc import Iterator
from datetime import date
from functools import partial

import pytest

from mockocr.client.client import Reply, ask
from mockocr.contract_check.call import Credentials, HttpCall, Moment
from mockocr.contract_check.cases import Case, read_cases
from mockocr.contract_check.pace import Pace
from mockocr.contract_check.run import Server
from mockocr.settings import Settings
from tests.conftest import BUILT_IN
from tests.contract_check.altered import UNALTERED, AlteredApp, altered_server

NEWEST = date(2026, 11, 30)
ALL = 1000
"""More calls than there are cases."""


class Altered:
    """The server, and how to check it."""

    def __init__(self, app: AlteredApp, url: str) -> None:
        self.app, self.url = app, url

    def server(self, keys: tuple[str, str] = BUILT_IN, pace: Pace | None = None) -> Server:
        return Server(self.url, Credentials(*keys), partial(send, self.url), moment, pace or Pace())


def send(url: str, call: HttpCall) -> Reply:
    target = f"{url}/?{call.query}" if call.query else f"{url}/"
    return ask(target, None, method=call.method, headers=call.headers, body=call.body)


def moment() -> Moment:
    return Moment(int(time.time()), time.time_ns() % 10**9)


@pytest.fixture(scope="session")
def _altered() -> Iterator[Altered]:
    # A short journal: the causes of forgotten calls are not searched for.
    with altered_server(Settings(rate=0, journal_calls=1)) as (app, url):
        yield Altered(app, url)


@pytest.fixture
def altered(_altered: Altered) -> Altered:
    """Unaltered until the test sets `app.alteration`."""
    _altered.app.alteration = UNALTERED
    _altered.app.calls.clear()
    return _altered


@pytest.fixture(scope="session")
def cases() -> list[Case]:
    """Those of the package, without those of megabytes."""
    return [case for case in read_cases() if case.spec.request.padding < 100_000]
