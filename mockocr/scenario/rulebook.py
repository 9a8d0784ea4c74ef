"""The rulebook of an account: the rules and chaos of its active scenarios, and the decision on each
call."""

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
    resolve,
)
from mockocr.scenario.rule import Alternatives, Difference, Negation, PatternSteps, Rule
from mockocr.scenario.scenario import Chance, ChaosEntry, OutageWindow, Scenario


class Decision(NamedTuple):
    resolved: ResolvedOutcome
    rule: str | None = None
    """The rule that matched, or the chaos entry that applied. None: the picture decides."""
    scenario: str | None = None
    """The scenario of the rule."""
    delayed_by: str | None = None
    """The chaos entry that delayed the answer, as `scenario: entry`."""


class Caller(NamedTuple):
    """What the decision needs to know about the account and the call."""

    account: str
    seed: int
    now: datetime
    picture: Callable[[], str]
    """Returns the digest of the picture."""


Candidate: TypeAlias = tuple[Sequence[tuple[str, Test]], Rule, Scenario, Decision | None]
"""The tests of a rule, each with its fact; the rule; its scenario; its decision if that is the same
for every call."""

MAX_SHORTLIST = 64
"""Rules in a shortlist. The body cache stores one with each body."""

_editions = count(1)


class Shortlist(NamedTuple):
    """The rules of one action that a body does not rule out. The decision with a shortlist is the
    same as without: same order of rules, same facts looked up."""

    candidates: Sequence[Candidate]
    needs_more: bool
    """Whether a rule of the action tests facts that are not in the body."""
    facts: Facts
    """The small facts of the body that a rule tests."""


class Rulebook:
    """Immutable. Rules are tried by priority, then in the order of the scenarios. A setting is that
    of the first scenario that sets it."""

    def __init__(self, scenarios: Iterable[Scenario] = ()) -> None:
        self.scenarios = tuple(scenarios)
        self.overrides = first_overrides(*(scenario.overrides for scenario in self.scenarios))
        rules = [(rule, scenario) for scenario in self.scenarios for rule in scenario.rules]
        self._rules = sorted(rules, key=lambda entry: entry[0].priority)
        self._candidates: dict[AnyAction, list[Candidate]] = {}
        self._tested_facts: dict[AnyAction, frozenset[str]] = {}
        for rule, scenario in self._rules:
            tests = tuple((condition.fact, condition.test) for condition in rule.conditions)
            candidate = tests, rule, scenario, _certain(rule, scenario)
            self._candidates.setdefault(rule.action, []).append(candidate)
            names = (leaf.fact for leaf in rule.leaves())
            self._tested_facts[rule.action] = self._tested_facts.get(
                rule.action, frozenset()
            ).union(names)
        self.tests_clock = any(
            fact.startswith("clock.") for facts in self._tested_facts.values() for fact in facts
        )
        """Whether a rule tests the time of day."""
        self.edition = next(_editions)
        """Unique in the process."""
        self._with_chaos = [scenario for scenario in self.scenarios if scenario.chaos]
        self.has_rules = bool(self._rules)
        steps = [rule.pattern_steps() for rule, _ in self._rules]
        self.pattern_steps = PatternSteps(
            sum(it.headers for it in steps), sum(it.parameters for it in steps)
        )
        """The steps of all rules."""
        self.decides = bool(self._rules or self._with_chaos)
        """Whether rules or chaos may decide a call."""

    def tested_facts(self, action: AnyAction) -> frozenset[str]:
        """The facts that a rule of the action tests."""
        return self._tested_facts.get(action, frozenset())

    def shortlist(self, action: AnyAction, facts: Facts) -> Shortlist:
        """`facts` are those of a body, and no others."""
        every, tested = self._candidates.get(action, ()), self.tested_facts(action)
        candidates = list(islice(_not_ruled_out(every, facts), MAX_SHORTLIST + 1))
        return Shortlist(
            candidates if len(candidates) <= MAX_SHORTLIST else every,
            any(fact not in facts for fact in tested),
            facts.snapshot(tested),
        )

    def decide(
        self,
        action: AnyAction,
        facts: Facts,
        caller: Caller,
        call_counters: CallCounters,
        shortlist: Shortlist | None = None,
    ) -> Decision:
        """The first chaos entry that applies and has an outcome decides, else the first rule that
        matches, else the picture. The first chaos entry that applies and has only a delay delays
        the answer.

        `shortlist` is that of the call's body; without it, every rule is tried."""
        candidates = shortlist.candidates if shortlist else self._candidates.get(action, ())
        if not self._with_chaos:
            return self._decide_by_rules(candidates, action, facts, caller, call_counters)
        struck = list(self._striking(action, caller, call_counters))
        timing, delayed_by = ON_TIME, None
        for entry, scenario, draws in struck:
            if isinstance(entry.step, DelayOnly):
                timing = entry.timing.drawn(draws)
                delayed_by = f"{scenario.name}: {entry.name}"
                break
        for entry, scenario, draws in struck:
            if isinstance(entry.step, Step):
                resolved = resolve(entry.step, draws, timing)
                return Decision(resolved, entry.name, scenario.name, delayed_by)
        decision = self._decide_by_rules(candidates, action, facts, caller, call_counters, timing)
        return decision._replace(delayed_by=delayed_by) if delayed_by else decision

    def _decide_by_rules(
        self,
        candidates: Sequence[Candidate],
        action: AnyAction,
        facts: Facts,
        caller: Caller,
        call_counters: CallCounters,
        timing: Timing = ON_TIME,
    ) -> Decision:
        for tests, rule, scenario, certain in candidates:
            # Not in a method of the rule: with a thousand rules, this takes a third of the time.
            for fact, test in tests:
                if not test(facts[fact]):
                    break
            else:
                picture = caller.picture() if rule.per == "picture" else None
                key = Key(caller.account, scenario.edition, rule.name, picture)
                call_number = call_counters.next_number(key)
                if certain and timing is ON_TIME:
                    return certain
                step = rule.step(call_number)
                if step is not None:
                    draw_name = f"{scenario.name}/{rule.name}/{picture or ''}"
                    draws = Draws(caller.seed, caller.account, draw_name, call_number)
                    return Decision(resolve(step, draws, timing), rule.name, scenario.name)
        return undecided(action, timing)

    def _striking(
        self, action: AnyAction, caller: Caller, call_counters: CallCounters
    ) -> Iterator[tuple[ChaosEntry, Scenario, Draws]]:
        """The chaos entries that apply to a call. Each scenario counts every call."""
        for scenario in self._with_chaos:
            calls = call_counters.next_number(Key(caller.account, scenario.edition, "chaos"))
            for entry in scenario.chaos:
                if entry.action not in (None, action):
                    continue
                draws = Draws(caller.seed, caller.account, f"{scenario.name}/{entry.name}", calls)
                key = Key(caller.account, scenario.edition, entry.name)
                if _strikes(entry.when, draws, key, caller.now, call_counters):
                    yield entry, scenario, draws

    def near_misses(
        self, action: AnyAction, facts: Facts, rule: str | None, scenario: str | None
    ) -> Iterator[tuple[Scenario, Rule, list[Difference]]]:
        """The rules that were tried before the one that decided, each with its differences. A rule
        that matched, but had no step left, has none.

        `rule` and `scenario` are the names in the decision."""
        if any(each.name == scenario and rule in each.chaos_names() for each in self._with_chaos):
            return
        for tried, owner in self._rules:
            if (tried.name, owner.name) == (rule, scenario):
                return
            if tried.action is action:
                yield owner, tried, tried.differences(facts)


def _not_ruled_out(candidates: Iterable[Candidate], facts: Facts) -> Iterator[Candidate]:
    for tests, rule, scenario, certain in candidates:
        # Only the leading tests of the body, so that later facts, such as those of the picture, are
        # looked up in the same cases as without a shortlist.
        leading = list(
            takewhile(
                lambda entry: entry[0] in facts or (not entry[0] and _is_covered(entry[1], facts)),
                tests,
            )
        )
        if all(test(facts[fact]) for fact, test in leading):
            yield tests[len(leading) :], rule, scenario, certain


def _is_covered(test: Test, facts: Facts) -> bool:
    """Whether these are all facts of a condition on several facts."""
    return isinstance(test, Negation | Alternatives) and all(
        leaf.fact in facts for leaf in test.leaves()
    )


def _certain(rule: Rule, scenario: Scenario) -> Decision | None:
    """The decision of a rule if it is the same for every call; else None."""
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
    """The decision if nothing matched: the picture decides."""
    if timing is ON_TIME:
        return _on_time(action)
    return Decision(resolve(_unscripted(action), Draws(0, "", "", 0), timing))


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
        return now < call_counters.started_at(key, now) + timedelta(seconds=when.seconds)
    return True
