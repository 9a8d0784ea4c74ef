"""What a server would record of a saved request, at the time of its signature."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime

from mockocr.accounts.account import Account, Accounts
from mockocr.accounts.clock import Clock
from mockocr.journal.exchange import Exchange
from mockocr.journal.journal import Journal
from mockocr.pipeline.pipeline import Pipeline
from mockocr.pipeline.state import Defaults, State
from mockocr.protocol.call import read_call
from mockocr.protocol.errors import ApiError
from mockocr.protocol.wire import WireRequest
from mockocr.recognition.picture_cache import PictureCache
from mockocr.scenario.call_counters import CallCounters
from mockocr.scenario.registry import ScenarioRegistry


def record_of(
    request: WireRequest, accounts: Iterable[Account], own_ports: Collection[int] = ()
) -> Exchange:
    """The record, with its final cause. Nothing is counted or journaled. `own_ports`: of the
    server."""
    try:
        timestamp = read_call(request).timestamp
    except ApiError:
        timestamp = 0
    clock = Clock(frozen_at=datetime.fromtimestamp(timestamp, UTC))
    pictures = PictureCache()
    pictures.own_ports.update(own_ports)
    state = State(
        Accounts([replace(account, clock=clock) for account in accounts]),
        ScenarioRegistry(CallCounters()),
        Journal(max_calls=0, max_bytes=0),
        Defaults(),
        pictures,
    )
    try:
        exchange = Pipeline(state).reply(request)[1]
        if exchange.search is not None:
            exchange.cause = exchange.search.finish()
    finally:
        state.close()
    return exchange
