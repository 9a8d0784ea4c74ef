"""Between the corridor and what plays: a call as rules see it, the decision, and why other rules
did not take the call."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from mockocr.accounts.conditions import Conditions
from mockocr.actions.action import Action
from mockocr.actions.facts import Facts
from mockocr.journal.exchange import MASK, SECRET_HEADERS
from mockocr.recognition.call_image import CallImage
from mockocr.scenario.call_counters import CallCounters, CounterSnapshot
from mockocr.scenario.rulebook import Caller, Decision, Rulebook, Shortlist

HIDDEN_HEADERS = frozenset({*SECRET_HEADERS, "authorization"})


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
    action: Action[Any, Any],
    asked: Any,
    seen: Seen,
    account: str,
    conditions: Conditions,
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
        facts.learn("header", seen.headers.get)
        facts.learn("picture", seen.call_image.fact)
    decision = rulebook.decide(action, facts, caller, call_counters, shortlist)
    kept = facts if shortlist and facts is shortlist.facts else facts.kept(rulebook.asked)
    return Played(decision, kept)


def near_misses(
    rulebook: Rulebook,
    action: Action[Any, Any],
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
        header = name.removeprefix("header.").lower()
        return found if found is None or header not in HIDDEN_HEADERS else MASK

    return [
        {
            "scenario": of.name,
            "rule": asked.name,
            "differences": [
                {
                    "name": it.name,
                    "wanted": masked_expected(it.name, it.wanted),
                    "found": shown(it.name, it.found),
                }
                for it in found
            ],
        }
        for of, asked, found in rulebook.near_misses(action, facts, rule, scenario)
    ]


_QUERY = re.compile(r"(://[^?]*\?).+", re.DOTALL)
_LONG = 200
"""Characters; a longer text is a picture."""


def masked_expected(name: str, wanted: Any) -> Any:
    """A condition as it was written, but for tokens, pictures and the query of URLs."""
    match wanted:
        case _ if name.removeprefix("header.").lower() in HIDDEN_HEADERS:
            return MASK
        case list():
            return [masked_expected(name, it) for it in wanted]
        case dict():
            return {matcher: masked_expected(name, it) for matcher, it in wanted.items()}
        case str() if len(wanted) > _LONG:
            return f"<{len(wanted)} characters>"
        case str():
            return _QUERY.sub(rf"\1{MASK}", wanted)
        case _:
            return wanted
