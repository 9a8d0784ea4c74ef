"""What plays for whom, and what of an account's particulars it sets."""

import pytest

from mockocr.accounts.clock import Clock
from mockocr.accounts.conditions import Particulars, first_said
from mockocr.scenario.call_counters import Key, Turns
from mockocr.scenario.registry import ClashError, Stage
from mockocr.scenario.scenario import Scenario
from tests.scenario.scripts import a_scenario


def named(name: str, more: str = "seed: 1") -> Scenario:
    return a_scenario(f"name: {name}\n{more}\n")


def playing(stage: Stage, account: str) -> list[str]:
    return [scenario.name for scenario in stage.book(account).scenarios]


@pytest.fixture
def stage() -> Stage:
    stage = Stage(Turns(), [named("filed")])
    stage.play(named("given"))
    stage.play(named("own"), "alice")
    return stage


def test_scenarios_of_the_account_come_before_global_ones_and_files(stage: Stage) -> None:
    assert playing(stage, "alice") == ["own", "given", "filed"]
    assert playing(stage, "bob") == ["given", "filed"]


def test_a_global_scenario_played_later_applies_to_all_accounts(stage: Stage) -> None:
    stage.play(named("later"))

    assert playing(stage, "alice") == ["own", "given", "later", "filed"]


def test_a_scenario_of_the_same_name_replaces_the_earlier_one(stage: Stage) -> None:
    stage.play(named("second"), "alice")
    stage.play(named("own", "seed: 7"), "alice")

    assert playing(stage, "alice") == ["own", "second", "given", "filed"]
    assert stage.book("alice").particulars.seed == 7


def test_a_scenario_stops_where_it_was_played_and_nowhere_else(stage: Stage) -> None:
    stage.play(named("own"))

    assert stage.stop("own", "alice") == 1
    assert playing(stage, "alice") == ["given", "own", "filed"]
    assert stage.stop("own", "alice") == 0
    assert stage.stop() == 2
    assert playing(stage, "alice") == ["filed"]


def test_a_file_is_neither_replaced_nor_stopped(stage: Stage) -> None:
    with pytest.raises(ClashError, match="'filed' plays from a file: change the file"):
        stage.play(named("filed"))
    with pytest.raises(ClashError, match="'filed' plays from a file: take the file away"):
        stage.stop("filed")

    stage.play(named("filed"), "bob")
    assert playing(stage, "bob") == ["filed", "given", "filed"]


def test_an_accounts_own_scenarios_are_set_all_at_once_with_different_names(stage: Stage) -> None:
    stage.set_own("alice", [named("a"), named("b")])

    assert playing(stage, "alice") == ["a", "b", "given", "filed"]
    with pytest.raises(ClashError, match="two scenarios are called 'a'"):
        stage.set_own("alice", [named("a"), named("a")])
    assert [it.name for it in stage.own("alice")] == ["a", "b"]


def test_the_call_counters_of_a_stopped_scenario_are_forgotten() -> None:
    turns = Turns()
    stage = Stage(turns)
    before = named("own")
    stage.play(before, "alice")
    turns.take(Key("alice", before.edition, "rule"))

    stage.play(named("own"), "alice")

    assert turns.take(Key("alice", before.edition, "rule")) == 1


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("seed: 1", "seed: 2", "sets seed to 1, scenario.yaml to 2"),
        ("contract: 2024-05-01", "contract: 2024-06-19", "sets contract to 2024-05-01"),
        ("clock: {offset: +1s}", "clock: {offset: +2s}", "sets clock to"),
        ("account: {state: arrears}", "account: {state: ok}", "sets state to arrears"),
        ("account: {package: 1}", "account: {package: 2}", "sets package to 1"),
        ("account: {rate: 1}", "account: {rate: 2}", "sets rate to 1"),
    ],
)
def test_two_files_with_different_overrides_conflict(one: str, other: str, words: str) -> None:
    with pytest.raises(ClashError, match=words):
        Stage(Turns(), [named("a", one), named("b", other)])


def test_two_files_with_equal_or_unrelated_overrides_do_not_conflict() -> None:
    stage = Stage(Turns(), [named("a"), named("b"), named("c", "account: {rate: 2}")])

    assert stage.book("bob").particulars == Particulars(seed=1, rate=2)


def test_two_files_of_one_name_conflict() -> None:
    with pytest.raises(ClashError, match="are both called 'a'"):
        Stage(Turns(), [named("a"), named("a")])


def test_the_first_value_of_each_override_applies() -> None:
    clock = Clock()
    said = first_said(
        Particulars(rate=0), Particulars(rate=5, clock=clock), Particulars(clock=Clock(), seed=3)
    )

    assert said == Particulars(rate=0, clock=clock, seed=3)
