"""Goals that are met or missed, and their tables."""

from dataclasses import replace

import pytest

from bench.goals import GOALS, OURS, Goal
from bench.measures.growth import RULE_COUNTS, RULES, named
from bench.measures.speed import rate_by_own_client, rate_of
from bench.report import BLOCKS, goals, number, peers, short, short_zh
from bench.servers import BASELINE
from tests.bench.runs import BASE, a_run

SMALL = rate_of(("240 B", 32))


def goal_of(figure: str) -> Goal:
    return next(goal for goal in GOALS if goal.found[0] == figure)


def line_of(table: str, start: str) -> str:
    return next(line for line in table.splitlines() if line.startswith(f"| {start}"))


@pytest.mark.parametrize(("rates", "met"), [([70, 90, 90], True), ([89, 89, 100], False)])
def test_a_goal_is_held_against_the_median_of_the_ratios(rates: list[float], met: bool) -> None:
    results = a_run({(SMALL, OURS): rates})

    goal = goal_of(SMALL)

    assert goal.is_met(goal.values(results.figures)) is met
    assert ("| met |" in line_of(goals(results), SMALL)) is met


@pytest.mark.parametrize(
    ("by_own_client", "cell"),
    [(80, "0.80"), (60, "0.60 (**differs by -40%**)"), (126, "1.26 (**differs by +26%**)")],
)
def test_two_clients_that_do_not_agree_are_told(by_own_client: float, cell: str) -> None:
    found = {(SMALL, OURS): [100.0], (rate_by_own_client(("240 B", 32)), OURS): [by_own_client]}

    line = line_of(goals(a_run(found)), SMALL)

    assert f"| met | {cell} |" in line


def test_a_goal_of_which_the_run_has_no_figure_is_not_met() -> None:
    run = a_run()
    figures = {name: figure for name, figure in run.figures.items() if name != SMALL}
    results = replace(run, figures=figures)

    assert not goal_of(SMALL).is_met(goal_of(SMALL).values(results.figures))
    assert "| not measured |" in line_of(goals(results), SMALL)


def test_rules_are_measured_by_what_each_of_them_adds() -> None:
    added = 0.5 * (RULE_COUNTS[-1] - RULE_COUNTS[0])
    results = a_run({(RULES, named(RULE_COUNTS[-1])): [BASE + added]})

    assert goal_of(RULES).values(results.figures) == [pytest.approx(0.5)]


def test_the_short_table_has_some_of_the_goals_with_what_was_found() -> None:
    table = short(a_run({(SMALL, OURS): [80, 90, 100]}))

    assert line_of(table, SMALL) == f"| {SMALL} | ≥ 0.9 of the baseline | **0.90** | met |"
    assert len(table.splitlines()) < len(goals(a_run()).splitlines())
    assert "2026-11-22" in table


def test_the_chinese_table_has_the_verdicts_of_the_short_one() -> None:
    results = a_run({(SMALL, OURS): [1, 1, 1]})

    english, chinese = (table(results).splitlines() for table in (short, short_zh))

    assert len(chinese) == len(english)
    for ours, theirs in zip(chinese, english, strict=True):
        assert ("**未达到**" in ours) == ("**missed**" in theirs)
        assert ("| 达到 |" in ours) == ("| met |" in theirs)


def test_a_peer_that_could_not_be_measured_is_in_the_table_and_the_reason_below() -> None:
    found = {(SMALL, "moto"): [3, 3], (SMALL, BASELINE.name): [100, 300, 300]}
    results = a_run(found, {(SMALL, "prism"): "prism answers 413"}, {"WireMock": "no java"})

    table = peers(results)

    assert "| 0.02 |" in line_of(table, "moto")
    assert set(line_of(table, "prism").split(" | ")[1:-1]) == {"–"}
    assert set(line_of(table, "WireMock").split(" | ")[1:-1]) == {"–"}
    assert f"- prism answers 413 ({SMALL})" in table
    assert "- WireMock: no java (all)" in table


@pytest.mark.parametrize("name", BLOCKS)
def test_every_table_has_rows_as_wide_as_its_head(name: str) -> None:
    lines = [line for line in BLOCKS[name](a_run()).splitlines() if line.startswith("|")]

    assert len({line.count("|") for line in lines}) <= (2 if name == "pictures" else 1)


def test_numbers_have_three_digits_or_all_before_the_point() -> None:
    assert [number(each) for each in (0.123, 1.5, 12.34, 1234.5)] == [
        "0.12",
        "1.50",
        "12.3",
        "1,234",
    ]
