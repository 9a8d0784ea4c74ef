"""The clock of an account."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from mockocr import Account
from tests.testing.calling import call, outcome

if TYPE_CHECKING:
    pass


@pytest.mark.parametrize(
    ("delay", "seconds"),
    [
        ("250ms", 0.25),
        (0.004, 0.004),
        (timedelta(milliseconds=3), 0.003),
        ({"uniform": [timedelta(), 0.0]}, 0.0),
        ({"lognormal": {"median": 0.001, "sigma": 0.0, "max": timedelta(seconds=1)}}, 0.001),
    ],
)
def test_a_duration_is_a_text_a_number_of_seconds_or_a_timedelta(
    ocr: Account, delay: Any, seconds: float
) -> None:
    rule = ocr.respond(card="invented", delay=delay)
    call(ocr, CardSide="FRONT")

    assert rule.calls[0].details["delay_seconds"] == seconds


def test_a_moved_clock_moves_the_window_of_signatures(ocr: Account) -> None:
    ocr.clock.offset("+400s")
    moved = outcome(ocr)
    ocr.clock.offset(timedelta(seconds=-30))
    near = outcome(ocr)
    ocr.clock.freeze(datetime(2026, 1, 1, tzinfo=UTC))
    frozen = outcome(ocr)
    ocr.clock.offset(0)

    expired = "AuthFailure.SignatureExpire"
    assert [moved, near, frozen, outcome(ocr)] == [expired, "ok", expired, "ok"]


def test_a_clock_is_set_back_at_the_end_of_a_with_block(ocr: Account) -> None:
    def clock() -> Any:
        return ocr.server.admin.ask("GET", "accounts", ocr.name)["clock"]

    ocr.clock.offset("+5s")
    with ocr.clock.offset(400):
        expired = outcome(ocr)
        with ocr.clock.freeze(date(2026, 1, 1)):
            assert clock() == {"freeze": "2026-01-01T00:00:00+00:00"}

    assert (expired, outcome(ocr)) == ("AuthFailure.SignatureExpire", "ok")
    assert clock() == {"offset": "+5s"}
