"""What plays for an account: the rules of its scenarios in their order, and the decision what
becomes of a call."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import count, islice, takewhile
from typing import NamedTuple, TypeAlias

from mockocr.accounts.call_settings import first_overrides
from mockocr.actions.action import AnyAction
from mockocr.actions.facts import Facts, Test
from mockocr.scenario.call_counters import CallCounters, Key
from mockocr.scenario.draws import Draws
from mockocr.scenario.outcomes import (
    ON_TIME,
    Choice,
    DelayOnly,
    FaultOutcome,
    Recognized,
    ResolvedOutcome,
    Step,
    Timing,
    perform,
)
from mockocr.scenario.rule import Difference, Rule
from mockocr.scenario.scenario import Chance, ChaosEntry, OutageWindow, Scenario


class Decision(NamedTuple):
    resolved: ResolvedOutcome
    rule: str | None = None
    """The rule that took the call, or the entry of `chaos` that struck it; None where neither did,
    and the picture decides."""
    scenario: str | None = None
    """Whose rule it is."""
    delayed_by: str | None = None
    """The entry of `chaos` that made the answer late, with the name of its scenario."""


class Caller(NamedTuple):
    """Of whose call it is, what the decision needs to know."""

    account: str
    seed: int
    now: datetime
    picture: Callable[[], str]
    """Its digest."""


Candidate: TypeAlias = tuple[Sequence[tuple[str, Test]], Rule, Scenario, Decision | None]
"""A rule: the facts that it asks about, each with its test; and what it decides where that is the
same for every call."""

SHORTLISTED = 64
"""So many rules a shortlist has at most: one is kept beside each body."""

_editions = count(1)


class Shortlist(NamedTuple):
    """The rules of a rulebook that a body does not rule out. Rules are asked in the same order and
    look up the same facts as without it."""

    candidates: Sequence[Candidate]
    asks_more: bool
    """Whether some rule of the rulebook asks about more than the body."""
    facts: Facts
    """Of the body, those that some rule asks about and that take little room."""


class Rulebook:
    """Immutable. Scenarios in their order: rules by priority, then by that order; of what is said
    of the account, the first that says it."""

    def __init__(self, scenarios: Iterable[Scenario] = ()) -> None:
        self.scenarios = tuple(scenarios)
        self.overrides = first_overrides(*(it.overrides for it in self.scenarios))
        placed = [(rule, it) for it in self.scenarios for rule in it.rules]
        self._rules = sorted(placed, key=lambda it: it[0].priority)
        self._candidates: dict[AnyAction, list[Candidate]] = {}
        self._asked: dict[AnyAction, frozenset[str]] = {}
        for rule, scenario in self._rules:
            tests = tuple((it.fact, it.test) for it in rule.conditions)
            candidate = tests, rule, scenario, _certain(rule, scenario)
            self._candidates.setdefault(rule.action, []).append(candidate)
            names = (fact for fact, _ in tests)
            self._asked[rule.action] = self._asked.get(rule.action, frozenset()).union(names)
        self.edition = next(_editions)
        """No two rulebooks of a process have the same."""
        self._with_chaos = [it for it in self.scenarios if it.chaos]
        self.has_rules = bool(self._rules)
        self.decides = bool(self._rules or self._with_chaos)
        """Whether anything but the picture may decide."""

    def asked(self, action: AnyAction) -> frozenset[str]:
        """The facts that some rule of the action asks about."""
        return self._asked.get(action, frozenset())

    def shortlist(self, action: AnyAction, facts: Facts) -> Shortlist:
        """`facts`: those of a body, and no others."""
        every, asked = self._candidates.get(action, ()), self.asked(action)
        candidates = list(islice(_not_ruled_out(every, facts), SHORTLISTED + 1))
        return Shortlist(
            candidates if len(candidates) <= SHORTLISTED else every,
            any(fact not in facts for fact in asked),
            facts.snapshot(asked),
        )

    def decide(
        self,
        action: AnyAction,
        facts: Facts,
        caller: Caller,
        call_counters: CallCounters,
        shortlist: Shortlist | None = None,
    ) -> Decision:
        """Chaos strikes first; then the first rule that takes the call decides. Of chaos, the first
        entry that has an outcome decides, and the first that only delays makes it late.

        `shortlist`: of the body that the facts are about; without one, every rule is asked."""
        candidates = shortlist.candidates if shortlist else self._candidates.get(action, ())
        if not self._with_chaos:
            return self._ruled(candidates, action, facts, caller, call_counters)
        struck = list(self._struck(action, caller, call_counters))
        timing, delayed_by = ON_TIME, None
        for strike, scenario, draws in struck:
            if isinstance(strike.step, DelayOnly):
                timing = strike.timing.settled(draws)
                delayed_by = f"{scenario.name}: {strike.name}"
                break
        for strike, scenario, draws in struck:
            if isinstance(strike.step, Step):
                resolved = perform(strike.step, draws, timing)
                return Decision(resolved, strike.name, scenario.name, delayed_by)
        decision = self._ruled(candidates, action, facts, caller, call_counters, timing)
        return decision._replace(delayed_by=delayed_by) if delayed_by else decision

    def _ruled(
        self,
        candidates: Sequence[Candidate],
        action: AnyAction,
        facts: Facts,
        caller: Caller,
        call_counters: CallCounters,
        timing: Timing = ON_TIME,
    ) -> Decision:
        for tests, rule, scenario, certain in candidates:
            # Here, and not in a method of the rule: with a thousand rules, a third of the time.
            for fact, holds in tests:
                if not holds(facts[fact]):
                    break
            else:
                picture = caller.picture() if rule.per == "picture" else None
                call_number = call_counters.take(
                    Key(caller.account, scenario.edition, rule.name, picture)
                )
                if certain and timing is ON_TIME:
                    return certain
                step = rule.step(call_number)
                if step is not None:
                    of_rule = f"{scenario.name}/{rule.name}/{picture or ''}"
                    draws = Draws(caller.seed, caller.account, of_rule, call_number)
                    return Decision(perform(step, draws, timing), rule.name, scenario.name)
        return undecided(action, timing)

    def _struck(
        self, action: AnyAction, caller: Caller, call_counters: CallCounters
    ) -> Iterator[tuple[ChaosEntry, Scenario, Draws]]:
        """Every call counts in every scenario, whichever entries strike it."""
        for scenario in self._with_chaos:
            calls = call_counters.take(Key(caller.account, scenario.edition, "chaos"))
            for strike in scenario.chaos:
                if strike.action not in (None, action):
                    continue
                of_strike = f"{scenario.name}/{strike.name}"
                draws = Draws(caller.seed, caller.account, of_strike, calls)
                key = Key(caller.account, scenario.edition, strike.name)
                if _strikes(strike.when, draws, key, caller.now, call_counters):
                    yield strike, scenario, draws

    def near_misses(
        self, action: AnyAction, facts: Facts, rule: str | None, scenario: str | None
    ) -> Iterator[tuple[Scenario, Rule, list[Difference]]]:
        """The rules that were asked before the one that decided (of this name, in the scenario of
        that name), each with why it did not; with no difference where its list was used up."""
        if any(it.name == scenario and rule in it.strikes() for it in self._with_chaos):
            return
        for asked, of in self._rules:
            if (asked.name, of.name) == (rule, scenario):
                return
            if asked.action is action:
                yield of, asked, asked.differences(facts)


def _not_ruled_out(candidates: Iterable[Candidate], facts: Facts) -> Iterator[Candidate]:
    for tests, rule, scenario, certain in candidates:
        # As far as a rule asks about the body before it asks about anything else: what is
        # looked up for one call, a picture for example, stays the same.
        of_body = list(takewhile(lambda it: it[0] in facts, tests))
        if all(holds(facts[fact]) for fact, holds in of_body):
            yield tests[len(of_body) :], rule, scenario, certain


def _certain(rule: Rule, scenario: Scenario) -> Decision | None:
    """What a rule decides that has one outcome for all calls, and leaves nothing to chance."""
    if len(rule.steps) != 1 or rule.after == "fall_through":
        return None
    (step,) = rule.steps
    if len(step.choices) != 1 or not step.timing == step.choices[0].timing == ON_TIME:
        return None
    outcome = step.choices[0].outcome
    if isinstance(outcome, FaultOutcome):
        return None
    return Decision(ResolvedOutcome(outcome), rule.name, scenario.name)


def undecided(action: AnyAction, timing: Timing = ON_TIME) -> Decision:
    """No rule took the call: the picture decides."""
    if timing is ON_TIME:
        return _on_time(action)
    return Decision(perform(_unscripted(action), Draws(0, "", "", 0), timing))


@cache
def _on_time(action: AnyAction) -> Decision:
    return Decision(ResolvedOutcome(_unscripted(action).choices[0].outcome))


@cache
def _unscripted(action: AnyAction) -> Step:
    return Step((Choice(Recognized(action.unscripted)),))


def _strikes(
    when: Chance | OutageWindow,
    draws: Draws,
    key: Key,
    now: datetime,
    call_counters: CallCounters,
) -> bool:
    if isinstance(when, Chance):
        return draws.number("strike") < when.probability
    if draws.n <= when.after_calls:
        return False
    if when.calls is not None:
        return draws.n <= when.after_calls + when.calls
    if when.seconds is not None:
        return now < call_counters.began(key, now) + timedelta(seconds=when.seconds)
    return True
