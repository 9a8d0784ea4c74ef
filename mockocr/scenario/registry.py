"""Which scenarios are active, and for which accounts."""

from collections.abc import Iterable, Mapping, Sequence
from threading import Lock

from mockocr.scenario.call_counters import CallCounters
from mockocr.scenario.rule import PatternSteps
from mockocr.scenario.rulebook import Rulebook
from mockocr.scenario.scenario import Scenario


class ClashError(Exception):
    """Two scenarios that cannot be active together; the message says why."""


class ScenarioRegistry:
    """The order for an account: its own scenarios, then those that were activated for all accounts
    while the server runs, then those from files. Forgets an account when it is removed."""

    def __init__(self, call_counters: CallCounters, from_files: Iterable[Scenario] = ()) -> None:
        """Raises ClashError."""
        self._lock = Lock()
        self.call_counters = call_counters
        self._own: dict[str, tuple[Scenario, ...]] = {}
        self._for_all: tuple[Scenario, ...] = ()
        self._from_files: tuple[Scenario, ...] = ()
        self._shared = Rulebook()
        self._rulebooks: dict[str, Rulebook] = {}
        self.refused: Mapping[str, str] = {}
        """Sources whose current content is refused, with the reasons. An earlier version of such a
        source may still be active."""
        self.pattern_steps = PatternSteps(0, 0)
        """The most steps that the rules of one account have."""
        self.set_from_files(from_files)

    def rulebook(self, account: str) -> Rulebook:
        return self._rulebooks.get(account, self._shared)

    def for_account(self, account: str) -> Sequence[Scenario]:
        return self._own.get(account, ())

    @property
    def for_all(self) -> Sequence[Scenario]:
        return self._for_all

    @property
    def from_files(self) -> Sequence[Scenario]:
        return self._from_files

    def shared_rulebook(self) -> Rulebook:
        """The rulebook of accounts without scenarios of their own."""
        return self._shared

    def used(self) -> list[Scenario]:
        """The scenarios that were activated for an account or for all; not those from files."""
        own = [scenario for scenarios in list(self._own.values()) for scenario in scenarios]
        return [*own, *self._for_all]

    def accounts(self) -> list[str]:
        """The names of the accounts that have scenarios of their own."""
        return list(self._own)

    def set_from_files(
        self, scenarios: Iterable[Scenario], refused: Mapping[str, str] | None = None
    ) -> None:
        """Replaces the scenarios from files. `refused` are sources and the reasons.

        Raises ClashError.
        """
        from_files = tuple(scenarios)
        check_clashes(from_files)
        with self._lock:
            self.refused = refused or {}
            gone = [each for each in self._from_files if each not in from_files]
            self._from_files = from_files
            self._rebuild()
        self._forget(gone)

    def play(self, scenario: Scenario, account: str | None = None, *, first: bool = False) -> None:
        """Activates a scenario for an account, or for all. It replaces one of the same name, else
        follows the others, or precedes them if `first` is set.

        Raises ClashError if a scenario from a file has the name.
        """
        if account is None and any(each.name == scenario.name for each in self._from_files):
            raise ClashError(f"{scenario.name!r} is active from a file; change the file")
        with self._lock:
            before = self._for_all if account is None else self._own.get(account, ())
            gone = [each for each in before if each.name == scenario.name]
            after = tuple(scenario if each.name == scenario.name else each for each in before)
            if not gone:
                after = (scenario, *before) if first else (*before, scenario)
            self._put(after, account)
        self._forget(gone)

    def replace(self, old: Scenario, new: Scenario) -> None:
        """Replaces a scenario with its new version, wherever it is in use."""

        def replaced(scenarios: tuple[Scenario, ...]) -> tuple[Scenario, ...]:
            # The new version may have the name of another one.
            kept = (each for each in scenarios if each is old or each.name != new.name)
            return tuple(new if each is old else each for each in kept)

        with self._lock:
            for account, own in self._own.items():
                if old in own:
                    self._own[account] = replaced(own)
            if old in self._for_all:
                self._for_all = replaced(self._for_all)
            self._rebuild()
        self._forget([old])

    def set_for_account(self, account: str, scenarios: Iterable[Scenario]) -> None:
        """Replaces the scenarios of an account. Raises ClashError for a duplicate name."""
        own = tuple(scenarios)
        names = [each.name for each in own]
        for name in names:
            if names.count(name) > 1:
                raise ClashError(f"duplicate scenario name {name!r}")
        with self._lock:
            gone = [each for each in self._own.get(account, ()) if each not in own]
            self._put(own, account)
        self._forget(gone)

    def stop(self, name: str | None = None, account: str | None = None) -> int:
        """Deactivates one scenario, or all, of an account, or of those for all accounts. Scenarios
        from files stay. Returns how many it deactivated.

        Raises ClashError if a scenario from a file has the name.
        """
        if name and account is None and any(each.name == name for each in self._from_files):
            raise ClashError(f"{name!r} is active from a file; remove the file")
        with self._lock:
            before = self._for_all if account is None else self._own.get(account, ())
            gone = [each for each in before if name in (None, each.name)]
            self._put(tuple(each for each in before if each not in gone), account)
        self._forget(gone)
        return len(gone)

    def _put(self, scenarios: tuple[Scenario, ...], account: str | None) -> None:
        if account is None:
            self._for_all = scenarios
            self._rebuild()
            return
        if scenarios:
            self._own[account] = scenarios
            self._rulebooks[account] = self._rulebook_of(account)
        else:
            self._own.pop(account, None)
            self._rulebooks.pop(account, None)
        self._count_steps()

    def _rebuild(self) -> None:
        self._shared = Rulebook((*self._for_all, *self._from_files))
        self._rulebooks = {account: self._rulebook_of(account) for account in self._own}
        self._count_steps()

    def _count_steps(self) -> None:
        steps = [it.pattern_steps for it in (self._shared, *self._rulebooks.values())]
        self.pattern_steps = PatternSteps(
            max(it.headers for it in steps), max(it.parameters for it in steps)
        )

    def _rulebook_of(self, account: str) -> Rulebook:
        return Rulebook((*self._own[account], *self._for_all, *self._from_files))

    def _forget(self, scenarios: Iterable[Scenario]) -> None:
        for scenario in scenarios:
            self.call_counters.forget(scenario.edition)


def check_clashes(scenarios: Sequence[Scenario]) -> None:
    """Raises ClashError if two scenarios from files have the same name, or set the same setting to
    different values (docs/scenarios.md)."""
    for index, later in enumerate(scenarios):
        for earlier in scenarios[:index]:
            if earlier.name == later.name:
                raise ClashError(
                    f"{earlier.source} and {later.source} have the same name {later.name!r}"
                )
            for setting, one, other in earlier.overrides.clashes(later.overrides):
                raise ClashError(
                    f"{earlier.source} sets {setting} to {one}, {later.source} to {other};"
                    " remove one of them"
                )
