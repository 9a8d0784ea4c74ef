"""Counts of calls as Prometheus reads them."""

from typing import TYPE_CHECKING

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from mockocr.journal.metrics import BUCKETS_SECONDS
from tests.records import an_exchange

if TYPE_CHECKING:
    from tests.admin.conftest import OutcomeOf
    from tests.conftest import Running, Serve

Samples = dict[tuple[str, tuple[str, ...]], float]


def scraped(server: "Running") -> Samples:
    """Values by name and label values, as Prometheus' own parser reads them."""
    reply = httpx.get(f"{server.url}/metrics", trust_env=False)
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = text_string_to_metric_families(reply.text)
    samples = [sample for family in families for sample in family.samples]
    return {(each.name, tuple(each.labels.values())): each.value for each in samples}


def calls(samples: Samples) -> Samples:
    return {key: value for key, value in samples.items() if key[0] == "mockocr_calls_total"}


def test_calls_are_counted_by_account_action_and_outcome(
    serve: "Serve", outcome_of: "OutcomeOf"
) -> None:
    server = serve()
    assert calls(scraped(server)) == {}
    for parameters in ({}, {}, {"CardSide": "x"}, {"Action": "y"}):
        outcome_of(server, **parameters)
    outcome_of(server, {"SecretId": "AKIDnobody", "SecretKey": "x"})

    charge = {key[1]: value for key, value in calls(scraped(server)).items()}

    assert charge == {
        ("default", "IDCardOCR", "ok"): 2,
        ("default", "IDCardOCR", "InvalidParameterValue.InvalidParameterValueLimit"): 1,
        ("default", "IDCardOCR", "UnknownParameter"): 1,
        ("", "IDCardOCR", "AuthFailure.SecretIdNotFound"): 1,
    }


def test_durations_are_a_cumulative_histogram(serve: "Serve") -> None:
    server = serve()
    for milliseconds in (0.5, 0.6, 70, 2000):
        server.state.metrics.count_all([an_exchange(milliseconds=milliseconds)])

    samples = scraped(server)

    buckets = [samples["mockocr_call_seconds_bucket", (str(each),)] for each in BUCKETS_SECONDS]
    assert buckets == [1, 2, 2, 2, 2, 2, 2, 3, 3, 3]
    assert samples["mockocr_call_seconds_bucket", ("+Inf",)] == 4
    assert samples["mockocr_call_seconds_count", ()] == 4
    assert samples["mockocr_call_seconds_sum", ()] == pytest.approx(2.0711)


def test_the_size_of_the_journal_is_a_metric(serve: "Serve", outcome_of: "OutcomeOf") -> None:
    server = serve(journal_calls=2)
    for _ in range(3):
        outcome_of(server)

    samples = scraped(server)

    assert samples["mockocr_journal_calls", ()] == 2
    assert samples["mockocr_journal_bytes", ()] == server.state.journal.size().bytes > 2000


def test_any_account_name_is_one_label(serve: "Serve", outcome_of: "OutcomeOf") -> None:
    server = serve()
    name = 'a"b\\c\nd{}, 账户'
    url = f"{server.url}/__admin/accounts"
    made = httpx.post(url, json={"name": name}, trust_env=False).json()
    outcome_of(server, made["keys"][0])

    assert [key[1][0] for key in calls(scraped(server))] == [name]


def test_metrics_need_no_token_and_no_admin_api(serve: "Serve") -> None:
    assert scraped(serve(admin_token="geheim"))
    assert scraped(serve(no_admin=True))


def test_metrics_are_read_only(serve: "Serve") -> None:
    assert httpx.post(f"{serve().url}/metrics", trust_env=False).status_code == 405
