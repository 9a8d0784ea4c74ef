"""Between the corridor and what plays: a call as rules see it, the decision, and why other rules
did not take the call."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from mockocr.accounts.call_settings import CallSettings
from mockocr.actions.action import AnyAction
from mockocr.actions.facts import Facts
from mockocr.journal.redact import MASK, is_secret_condition, redacted_condition
from mockocr.recognition.call_image import CallImage
from mockocr.scenario.call_counters import CallCounters, CounterSnapshot
from mockocr.scenario.rulebook import Caller, Decision, Rulebook, Shortlist


class Played(NamedTuple):
    """A decision, and what it was made from."""

    decision: Decision
    facts: Facts
    """As far as a journal keeps them."""


class Seen(NamedTuple):
    """What rules may ask about, besides the parameters of an action."""

    region: str
    headers: Mapping[str, str]
    """Names in lower case."""
    call_image: CallImage


def play(
    rulebook: Rulebook,
    action: AnyAction,
    asked: Any,
    seen: Seen,
    account: str,
    conditions: CallSettings,
    call_counters: CallCounters | CounterSnapshot,
    shortlist: Shortlist | None,
) -> Played:
    """What becomes of a call. With a preview of the turns nothing is counted."""
    caller = Caller(account, conditions.seed, conditions.now, seen.call_image.digest)
    if shortlist and not shortlist.asks_more:
        facts = shortlist.facts
    else:
        facts = action.facts(asked)
        facts["Region"] = seen.region
        facts.add_source("header", seen.headers.get)
        facts.add_source("picture", seen.call_image.fact)
    decision = rulebook.decide(action, facts, caller, call_counters, shortlist)
    kept = (
        facts if shortlist and facts is shortlist.facts else facts.snapshot(rulebook.asked(action))
    )
    return Played(decision, kept)


def near_misses(
    rulebook: Rulebook,
    action: AnyAction,
    facts: Facts,
    rule: str | None,
    scenario: str | None,
) -> list[dict[str, Any]]:
    """The rules that were asked before the one that decided, each with what differs; masked. No
    difference: its list was used up."""
    parameters = action.parameters(date.max)

    def shown(name: str, found: Any) -> Any:
        if name in parameters:
            return action.mask({name: found})[name]
        return MASK if found is not None and is_secret_condition(name) else found

    return [
        {
            "scenario": of.name,
            "rule": asked.name,
            "differences": [
                {
                    "name": it.name,
                    "wanted": redacted_condition(it.name, it.wanted),
                    "found": shown(it.name, it.found),
                }
                for it in found
            ],
        }
        for of, asked, found in rulebook.near_misses(action, facts, rule, scenario)
    ]
