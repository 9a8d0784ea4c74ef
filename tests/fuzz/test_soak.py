"""A short soak, and a check that it finds the problems it is made for."""

from collections import Counter

import pytest

from fuzz.soak import Soak, main, soak

SECONDS = 6


@pytest.mark.slow
def test_a_short_soak_accounts_for_every_call_and_leaves_nothing() -> None:
    result = soak(SECONDS, 1)

    assert result.found == []
    outcomes = {outcome for _, outcome in result.clients}
    assert {"ok", "AuthFailure.SignatureFailure"} < outcomes
    assert any(outcome.startswith("fault:") for outcome in outcomes)
    assert result.clients == result.journal == result.metrics


def a_good_one() -> Soak:
    counts = Counter({("plain", "ok"): 7})
    memory = [100 << 20] * 9
    return Soak(Counter(counts), Counter(counts), Counter(counts), memory, (17, 17), 0.1)


def test_a_good_soak_finds_nothing() -> None:
    good = a_good_one()
    good.judge()

    assert good.found == []


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (
            lambda each: each.clients.update([("plain", "ok")]),
            "the journal lacks {('plain', 'ok'): 1}",
        ),
        (
            lambda each: each.metrics.update([("", "ok")]),
            "/metrics lacks {} and has {('', 'ok'): 1}",
        ),
        (lambda each: each.memory.extend([150 << 20] * 4), "memory grew from 100 to 150 MiB"),
        (lambda each: setattr(each, "files", (17, 18)), "17 files were open, and then 18"),
        (lambda each: setattr(each, "stop_seconds", 9.0), "it took 9.0 s to stop"),
    ],
)
def test_a_soak_finds_what_does_not_add_up(spoil: object, found: str) -> None:
    soaked = a_good_one()
    assert callable(spoil)
    spoil(soaked)
    soaked.judge()

    assert any(each.startswith(found) for each in soaked.found), soaked.found


def test_findings_are_printed_and_exit_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spoilt = a_good_one()
    spoilt.found.append("something")
    monkeypatch.setattr("fuzz.soak.soak", lambda seconds, seed: spoilt)

    assert main(["--seconds=0"]) == 1
    assert "found: something" in capsys.readouterr().out
