"""An account's clock."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from mockocr.accounts.clock import REAL_TIME, Clock
from mockocr.accounts.clock_spec import ClockSpec

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def time_of(spec: dict[str, object]) -> datetime:
    return ClockSpec.model_validate(spec).clock().at(NOW)


def test_an_empty_clock_is_real_time() -> None:
    assert time_of({}) == NOW
    assert REAL_TIME.at(NOW) == NOW


@pytest.mark.parametrize(
    "freeze",
    [
        1767225600,
        1767225600.0,
        "2026-01-01T00:00:00Z",
        "2026-01-01",
        "2026-01-01T08:00:00+08:00",
        "2026-01-01T00:00:00",
    ],
)
def test_a_frozen_clock_shows_one_moment(freeze: object) -> None:
    assert time_of({"freeze": freeze}) == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("offset", "moved"),
    [
        ("+400s", timedelta(seconds=400)),
        ("400s", timedelta(seconds=400)),
        ("-5m", timedelta(minutes=-5)),
        ("2h", timedelta(hours=2)),
        ("+30d", timedelta(days=30)),
    ],
)
def test_a_moved_clock_runs_on(offset: str, moved: timedelta) -> None:
    assert time_of({"offset": offset}) == NOW + moved


@pytest.mark.parametrize("offset", ["+999999999d", "-999999999d"])
def test_the_ends_of_the_calendar_stop_a_clock(offset: str) -> None:
    assert time_of({"offset": offset}).year in (1, 9999)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"freeze": "soon"}, "ISO 8601"),
        ({"freeze": 1e20}, "ISO 8601"),
        ({"freeze": True}, "freeze"),
        ({"offset": "400"}, "an offset such as"),
        ({"offset": "1w"}, "an offset such as"),
        ({"offset": 400}, "string"),
        ({"offset": "9999999999s"}, "an offset such as"),
        ({"freeze": 1, "offset": "1s"}, "got both"),
        ({"frozen": 1}, "frozen"),
    ],
)
def test_an_invalid_clock_is_refused_with_the_remedy(spec: object, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        ClockSpec.model_validate(spec)


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"offset": "+400s"},
        {"offset": "-60s"},
        {"offset": "+999999999s"},
        {"offset": "-999999999m"},
        {"offset": "+999999999h"},
        {"offset": "-999999999d"},
        {"freeze": "2026-01-01T00:00:00+00:00"},
    ],
)
def test_a_clock_is_shown_in_the_form_that_sets_it(spec: dict[str, object]) -> None:
    clock = ClockSpec.model_validate(spec).clock()

    assert ClockSpec.of(clock).model_dump(exclude_none=True) == spec
    assert isinstance(clock, Clock)
