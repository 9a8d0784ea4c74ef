"""Results of a benchmark run that never happened."""

from collections.abc import Mapping, Sequence

from bench.figure import Figure, Results
from bench.goals import GOALS, OURS
from bench.measures.memory import AFTER, CALLS, IDLE, PEAK
from bench.measures.pictures import P99_BESIDE
from bench.measures.speed import CELLS, p99_of, rate_of
from bench.measures.starts import STOP
from bench.servers import BASELINE, FLOOR

BASE = 100.0


def a_run(
    found: Mapping[tuple[str, str], Sequence[float]] | None = None,
    failed: Mapping[tuple[str, str], str] | None = None,
    absent: Mapping[str, str] | None = None,
) -> Results:
    """Results in which every server is as fast as the baseline, except for these: values, or the
    reason for missing ones, by figure and server."""
    places = {place for goal in GOALS for place in (goal.found, goal.against) if place}
    names = [IDLE, AFTER, PEAK, CALLS, STOP, P99_BESIDE]
    names += [name for cell in CELLS for name in (rate_of(cell), p99_of(cell))]
    places |= {
        (goal.again, of)
        for goal in GOALS
        for _, of in (goal.found, goal.against or goal.found)
        if goal.again
    }
    places |= {(name, of) for name in names for of in (OURS, BASELINE.name, FLOOR.name)}
    figures: dict[str, Figure] = {}
    for name, of in sorted(places):
        figures.setdefault(name, Figure(name)).found[of] = [BASE, BASE, BASE]
    for (name, of), values in (found or {}).items():
        figures[name].found[of] = list(values)
    for (name, of), why in (failed or {}).items():
        figures[name].failed[of] = why
    peers = sorted({of for _, of in [*(found or {}), *(failed or {})]} - {OURS, BASELINE.name})
    result = dict.fromkeys([*peers, *(absent or {})], "made up 1.0")
    return Results({"date": "2026-11-22"}, result, absent or {}, figures)
