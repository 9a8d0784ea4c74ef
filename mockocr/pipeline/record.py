"""Records calls that were answered."""

import logging
from collections.abc import Sequence

from mockocr.journal.exchange import Exchange
from mockocr.pipeline.state import State, logger


def record(state: State, exchanges: Sequence[Exchange]) -> None:
    """Journals, counts, publishes and logs calls, in this order. Then continues the searches for
    the causes of refused ones."""
    state.journal.write_all(exchanges)
    state.metrics.count_all(exchanges)
    for exchange in exchanges if state.events.has_listeners else ():
        state.events.publish("call", exchange.summary)
    if exchanges and logger.isEnabledFor(logging.INFO):
        logger.info("call", extra={"exchanges": tuple(exchanges)})
    for exchange in exchanges:
        if exchange.search is not None:
            state.searches.add(exchange.request_id, exchange.search)
