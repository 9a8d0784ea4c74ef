"""Servers in processes, and calls at a steady rate."""

import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bench import own_client
from bench.calls import Request, recognized, small, specimen
from bench.servers import BASELINE, Running, Server, WrongAnswerError, mockocr, running
from bench.steady import p99_milliseconds, percentile_99


@pytest.fixture
def baseline() -> Iterator[Running]:
    with running(BASELINE, small()) as started:
        yield started


def test_a_server_is_there_while_the_block_runs_and_then_is_not() -> None:
    with running(mockocr(), small()) as started:
        started.ask(recognized(specimen(0)))
        assert 0 < started.memory_bytes() <= started.peak_memory_bytes()
        assert started.cpu_seconds() > 0

    assert started.process.poll() is not None


def test_a_server_that_ends_at_once_is_reported_with_its_last_words() -> None:
    broken = Server("broken", (sys.executable, "-c", "raise SystemExit('no such port')"))

    with (
        pytest.raises(WrongAnswerError, match="broken does not start: no such port"),
        running(broken, small()),
    ):
        pass


def test_a_program_that_is_not_there_is_reported() -> None:
    with (
        pytest.raises(WrongAnswerError, match="cannot be started"),
        running(Server("broken", ("/nowhere",)), small()),
    ):
        pass


def test_an_answer_that_is_not_the_right_one_is_reported() -> None:
    picky = replace(BASELINE, is_right=lambda call, body: body == b"{}")

    with pytest.raises(WrongAnswerError, match="answers 200"), running(picky, small()):
        pass


def test_calls_at_a_steady_rate_are_all_answered(baseline: Running) -> None:
    assert p99_milliseconds(baseline, small(), rate=1000, seconds=1) > 0


def test_an_error_at_a_steady_rate_is_reported(baseline: Running) -> None:
    requests = iter([small().signed(), Request({"no header": "x"}, b"")])
    server = replace(baseline.server, request=lambda call: next(requests))

    with pytest.raises(WrongAnswerError, match=r"100 calls a second: .*status 400"):
        p99_milliseconds(replace(baseline, server=server), small(), rate=100, seconds=1)


def test_the_p99_is_that_of_the_values() -> None:
    assert percentile_99([float(each) for each in range(101)]) == 99


@pytest.mark.parametrize("connections", [1, 3])
def test_our_own_client_counts_whole_answers(connections: int) -> None:
    with running(mockocr(), small()) as started:
        assert own_client.rate(started, small(), connections, 1) > 0


def test_our_own_client_takes_no_wrong_answer(baseline: Running) -> None:
    requests = iter([small().signed(), Request({"no header": "x"}, b"")])
    server = replace(baseline.server, request=lambda call: next(requests))

    with pytest.raises(WrongAnswerError, match=r"baseline answers .*400"):
        own_client.rate(replace(baseline, server=server), small(), 1, 1)
