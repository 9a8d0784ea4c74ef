"""What plays for whom: scenarios of single accounts, and those of all."""

from collections.abc import Iterable, Mapping, Sequence
from threading import Lock

from mockocr.scenario.call_counters import CallCounters
from mockocr.scenario.rulebook import Rulebook
from mockocr.scenario.scenario import Scenario


class ClashError(Exception):
    """Two scenarios that cannot play together; says which, and why."""


class ScenarioRegistry:
    """For an account: its own scenarios, then those that everybody was given while the server
    runs, then those that it was started with. Forgets an account when it is removed."""

    def __init__(self, call_counters: CallCounters, started_with: Iterable[Scenario] = ()) -> None:
        """Raises ClashError."""
        self._lock = Lock()
        self.call_counters = call_counters
        self._own: dict[str, tuple[Scenario, ...]] = {}
        self._given: tuple[Scenario, ...] = ()
        self._filed: tuple[Scenario, ...] = ()
        self._everybodys = Rulebook()
        self._books: dict[str, Rulebook] = {}
        self.refused: Mapping[str, str] = {}
        """By source, why what is in it now does not play; what played before goes on."""
        self.set_from_files(started_with)

    def rulebook(self, account: str) -> Rulebook:
        return self._books.get(account, self._everybodys)

    def own(self, account: str) -> Sequence[Scenario]:
        return self._own.get(account, ())

    @property
    def given(self) -> Sequence[Scenario]:
        return self._given

    @property
    def from_files(self) -> Sequence[Scenario]:
        return self._filed

    def shared_rulebook(self) -> Rulebook:
        return self._everybodys

    def accounts(self) -> list[str]:
        """Those that have scenarios of their own."""
        return list(self._own)

    def set_from_files(
        self, scenarios: Iterable[Scenario], refused: Mapping[str, str] | None = None
    ) -> None:
        """Puts what the server was started with in the place of what it was.

        `refused`: by source, why what is in it now does not play. Raises ClashError.
        """
        from_files = tuple(scenarios)
        check_together(from_files)
        with self._lock:
            self.refused = refused or {}
            gone = [it for it in self._filed if it not in from_files]
            self._filed = from_files
            self._rebuild()
        self._forget(gone)

    def play(self, scenario: Scenario, account: str | None = None) -> None:
        """For an account, or for everybody; in the place of one of the same name, else last.

        Raises ClashError for the name of a scenario that the server was started with.
        """
        if account is None and any(it.name == scenario.name for it in self._filed):
            raise ClashError(f"{scenario.name!r} plays from a file: change the file")
        with self._lock:
            before = self._given if account is None else self._own.get(account, ())
            gone = [it for it in before if it.name == scenario.name]
            after = tuple(scenario if it.name == scenario.name else it for it in before)
            self._put(after if gone else (*after, scenario), account)
        self._forget(gone)

    def set_own(self, account: str, scenarios: Iterable[Scenario]) -> None:
        """Raises ClashError for two of one name."""
        own = tuple(scenarios)
        names = [it.name for it in own]
        for name in names:
            if names.count(name) > 1:
                raise ClashError(f"two scenarios are called {name!r}")
        with self._lock:
            gone = [it for it in self._own.get(account, ()) if it not in own]
            self._put(own, account)
        self._forget(gone)

    def stop(self, name: str | None = None, account: str | None = None) -> int:
        """One scenario, or all, of an account or of those that everybody was given; how many.

        Raises ClashError for one that the server was started with.
        """
        if name and account is None and any(it.name == name for it in self._filed):
            raise ClashError(f"{name!r} plays from a file: take the file away")
        with self._lock:
            before = self._given if account is None else self._own.get(account, ())
            gone = [it for it in before if name in (None, it.name)]
            self._put(tuple(it for it in before if it not in gone), account)
        self._forget(gone)
        return len(gone)

    def _put(self, scenarios: tuple[Scenario, ...], account: str | None) -> None:
        if account is None:
            self._given = scenarios
            self._rebuild()
        elif scenarios:
            self._own[account] = scenarios
            self._books[account] = self._book_of(account)
        else:
            self._own.pop(account, None)
            self._books.pop(account, None)

    def _rebuild(self) -> None:
        self._everybodys = Rulebook((*self._given, *self._filed))
        self._books = {account: self._book_of(account) for account in self._own}

    def _book_of(self, account: str) -> Rulebook:
        return Rulebook((*self._own[account], *self._given, *self._filed))

    def _forget(self, scenarios: Iterable[Scenario]) -> None:
        for scenario in scenarios:
            self.call_counters.forget(scenario.edition)


def check_together(scenarios: Sequence[Scenario]) -> None:
    """Files that a server starts with say of everybody: two that say different things of one
    matter, or bear one name, clash (docs/scenarios.md). Raises ClashError."""
    for index, later in enumerate(scenarios):
        for earlier in scenarios[:index]:
            if earlier.name == later.name:
                raise ClashError(
                    f"{earlier.source} and {later.source} are both called {later.name!r}"
                )
            for word, one, other in earlier.overrides.clashes(later.overrides):
                raise ClashError(
                    f"{earlier.source} sets {word} to {one}, {later.source} to {other}:"
                    " one of them has to give way"
                )
