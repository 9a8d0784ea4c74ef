"""Values by round, and the order in which servers are measured."""

from collections.abc import Sequence

import pytest

from bench.figure import Figure, Results, alternate, ratios
from bench.servers import Server, WrongAnswerError
from tests.bench.runs import a_run

OURS, THEIRS, PEER = (Server(name, ()) for name in ("ours", "theirs", "peer"))


def test_ratios_are_taken_round_by_round_as_far_as_both_go() -> None:
    assert ratios([10, 40], [20, 20, 1]) == [0.5, 2.0]


def test_who_goes_first_changes_from_round_to_round() -> None:
    asked = []

    def find(server: Server) -> Sequence[float]:
        asked.append(server.name)
        return (1.0,)

    alternate([Figure("speed")], find, 3, [OURS, THEIRS], [PEER], peer_rounds=1)

    assert asked == ["ours", "theirs", "peer", "theirs", "ours", "ours", "theirs"]


def test_a_peer_that_fails_is_recorded_and_not_measured_again() -> None:
    figure, other = Figure("speed"), Figure("memory")
    asked = []

    def find(server: Server) -> Sequence[float]:
        asked.append(server.name)
        if server is PEER and asked.count("peer") == 2:
            raise WrongAnswerError("peer answers 413")
        return 1.0, 2.0

    alternate([figure, other], find, 4, [OURS], [PEER], peer_rounds=4)

    assert asked.count("peer") == 2
    assert figure.failed == other.failed == {"peer": "peer answers 413"}
    assert figure.found == {"ours": [1.0] * 4}
    assert other.found == {"ours": [2.0] * 4}


def test_a_server_of_ours_may_not_fail() -> None:
    def find(server: Server) -> Sequence[float]:
        raise WrongAnswerError("ours answers 500")

    with pytest.raises(WrongAnswerError, match="ours answers 500"):
        alternate([Figure("speed")], find, 1, [OURS], [PEER])


def test_results_that_are_kept_are_the_same_when_they_are_read() -> None:
    results = a_run({("stop", "moto"): [1 / 3, 2.0]}, {("stop", "prism"): "it says 413"})

    assert Results.of_lines(results.as_lines()) == results
