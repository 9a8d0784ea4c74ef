"""Libraries that freeze the time of a process freeze client and server together."""

import pytest

from tests.plugin_runs import Runs
from tests.plugin_runs import runs as runs

FROZEN = "2027-05-05"

TESTS = """
import {library}


@{library}.{function}("{day} 12:00:00+00:00", tick=False)
def test_a_call_is_valid_and_has_the_frozen_time(mockocr):
    assert outcome(mockocr) == "ok"
    assert [call.time[:10] for call in mockocr.requests] == ["{day}"]


@{library}.{function}("{day} 12:00:00+00:00", tick=False)
def test_the_clock_of_the_account_is_still_its_own(mockocr):
    with mockocr.clock.offset("+6m"):
        assert outcome(mockocr) == "AuthFailure.SignatureExpire"


def test_the_time_is_real_again(mockocr):
    assert outcome(mockocr) == "ok"
    assert mockocr.requests[0].time[:10] != "{day}"
"""


@pytest.mark.parametrize(
    ("library", "function"), [("freezegun", "freeze_time"), ("time_machine", "travel")]
)
def test_a_frozen_process_signs_calls_that_are_valid(
    runs: Runs, library: str, function: str
) -> None:
    result = runs(TESTS.format(library=library, function=function, day=FROZEN), "-p", "no:randomly")

    result.assert_outcomes(passed=3)
