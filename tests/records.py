"""Exchanges as the corridor fills them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from mockocr.journal import Exchange, exchange_of
from mockocr.protocol.wire import WireRequest

REQUEST = WireRequest(
    request_id="id-1",
    received_at=datetime(2026, 11, 22, 12, tzinfo=UTC),
    method="POST",
    path="/",
    query="",
    headers={"host": "localhost:8018"},
    body=b"{}",
)


def an_exchange(request_id: str = "id-1", **filled: Any) -> Exchange:
    exchange = exchange_of(replace(REQUEST, request_id=request_id))
    for name, value in filled.items():
        setattr(exchange, name, value)
    return exchange
