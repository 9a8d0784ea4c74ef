"""Metrics for Prometheus; the only module that imports prometheus_client. The labels are account,
action and outcome."""

from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from mockocr.journal.metrics import BUCKETS_SECONDS
from mockocr.pipeline.state import State

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
"""Used for every Accept header, because every scraper can read it."""


def exposition(state: State) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Calls(state))
    return generate_latest(registry)


class _Calls(Collector):
    def __init__(self, state: State) -> None:
        self._state = state

    def describe(self) -> Iterator[Metric]:
        """Empty, so that registering does not collect."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        counts = self._state.metrics.counts()
        calls = CounterMetricFamily(
            "mockocr_calls",
            "Calls of the API; the outcome is ok, an error code, fault:NAME or http:STATUS.",
            labels=("account", "action", "outcome"),
        )
        for labels, number in sorted(counts.calls.items()):
            calls.add_metric(labels, number)
        yield calls
        bounds = (*map(str, BUCKETS_SECONDS), "+Inf")
        cumulative = accumulate(counts.durations)
        yield HistogramMetricFamily(
            "mockocr_call_seconds",
            "Time to answer a call, without scripted delays.",
            buckets=list(zip(bounds, cumulative, strict=True)),
            sum_value=counts.seconds,
        )
        yield CounterMetricFamily(
            "mockocr_log_lines_dropped",
            "Log lines dropped because stderr was not read fast enough.",
            value=counts.dropped_lines,
        )
        size = self._state.journal.size()
        yield GaugeMetricFamily("mockocr_journal_calls", "Calls in the journal.", value=size.calls)
        yield GaugeMetricFamily(
            "mockocr_journal_bytes", "Approximate size of the journal in bytes.", value=size.bytes
        )
