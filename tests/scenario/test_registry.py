"""Which scenarios are active for which accounts, and which settings they override."""

import pytest

from mockocr.accounts.call_settings import Overrides, first_overrides
from mockocr.accounts.clock import Clock
from mockocr.scenario.call_counters import CallCounters, Key
from mockocr.scenario.registry import ClashError, ScenarioRegistry
from mockocr.scenario.scenario import Scenario
from tests.scenario.scripts import a_scenario


def named(name: str, more: str = "seed: 1") -> Scenario:
    return a_scenario(f"name: {name}\n{more}\n")


def active(registry: ScenarioRegistry, account: str) -> list[str]:
    return [scenario.name for scenario in registry.rulebook(account).scenarios]


@pytest.fixture
def registry() -> ScenarioRegistry:
    registry = ScenarioRegistry(CallCounters(), [named("filed")])
    registry.play(named("global"))
    registry.play(named("own"), "alice")
    return registry


def test_scenarios_of_the_account_come_before_global_ones_and_files(
    registry: ScenarioRegistry,
) -> None:
    assert active(registry, "alice") == ["own", "global", "filed"]
    assert active(registry, "bob") == ["global", "filed"]


def test_a_global_scenario_played_later_applies_to_all_accounts(registry: ScenarioRegistry) -> None:
    registry.play(named("later"))

    assert active(registry, "alice") == ["own", "global", "later", "filed"]


def test_a_scenario_of_the_same_name_replaces_the_earlier_one(registry: ScenarioRegistry) -> None:
    registry.play(named("second"), "alice")
    registry.play(named("own", "seed: 7"), "alice")

    assert active(registry, "alice") == ["own", "second", "global", "filed"]
    assert registry.rulebook("alice").overrides.seed == 7


def test_a_scenario_stops_where_it_was_played_and_nowhere_else(registry: ScenarioRegistry) -> None:
    registry.play(named("own"))

    assert registry.stop("own", "alice") == 1
    assert active(registry, "alice") == ["global", "own", "filed"]
    assert registry.stop("own", "alice") == 0
    assert registry.stop() == 2
    assert active(registry, "alice") == ["filed"]


def test_a_file_is_neither_replaced_nor_stopped(registry: ScenarioRegistry) -> None:
    with pytest.raises(ClashError, match="'filed' is active from a file; change the file"):
        registry.play(named("filed"))
    with pytest.raises(ClashError, match="'filed' is active from a file; remove the file"):
        registry.stop("filed")

    registry.play(named("filed"), "bob")
    assert active(registry, "bob") == ["filed", "global", "filed"]


def test_an_accounts_own_scenarios_are_set_all_at_once_with_different_names(
    registry: ScenarioRegistry,
) -> None:
    registry.set_for_account("alice", [named("a"), named("b")])

    assert active(registry, "alice") == ["a", "b", "global", "filed"]
    with pytest.raises(ClashError, match="duplicate scenario name 'a'"):
        registry.set_for_account("alice", [named("a"), named("a")])
    assert [each.name for each in registry.for_account("alice")] == ["a", "b"]


def test_the_call_counters_of_a_stopped_scenario_are_forgotten() -> None:
    call_counters = CallCounters()
    registry = ScenarioRegistry(call_counters)
    before = named("own")
    registry.play(before, "alice")
    call_counters.next_number(Key("alice", before.edition, "rule"))

    registry.play(named("own"), "alice")

    assert call_counters.next_number(Key("alice", before.edition, "rule")) == 1


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        ("seed: 1", "seed: 2", "sets seed to 1, scenario.yaml to 2"),
        ("contract: 2024-05-01", "contract: 2024-06-19", "sets contract to 2024-05-01"),
        ("clock: {offset: +1s}", "clock: {offset: +2s}", "sets clock to"),
        ("account: {state: arrears}", "account: {state: ok}", "sets state to arrears"),
        ("account: {package: 1}", "account: {package: 2}", "sets package to 1"),
        ("account: {rate: 1}", "account: {rate: 2}", "sets rate to 1"),
    ],
)
def test_two_files_with_different_overrides_conflict(one: str, other: str, message: str) -> None:
    with pytest.raises(ClashError, match=message):
        ScenarioRegistry(CallCounters(), [named("a", one), named("b", other)])


def test_two_files_with_equal_or_unrelated_overrides_do_not_conflict() -> None:
    registry = ScenarioRegistry(
        CallCounters(), [named("a"), named("b"), named("c", "account: {rate: 2}")]
    )

    assert registry.rulebook("bob").overrides == Overrides(seed=1, rate=2)


def test_two_files_of_one_name_conflict() -> None:
    with pytest.raises(ClashError, match="have the same name 'a'"):
        ScenarioRegistry(CallCounters(), [named("a"), named("a")])


def test_the_first_value_of_each_override_applies() -> None:
    clock = Clock()
    overrides = first_overrides(
        Overrides(rate=0), Overrides(rate=5, clock=clock), Overrides(clock=Clock(), seed=3)
    )

    assert overrides == Overrides(rate=0, clock=clock, seed=3)
