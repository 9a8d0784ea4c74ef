"""Strict mode: complaints about scripted rules that were never used and calls that matched none."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from mockocr.terminal import difference
from mockocr.testing.account import Account
from mockocr.testing.calls import Call


def complaints(account: Account) -> list[str]:
    """One line per complaint, about the account's own scenarios only, not about shared ones."""
    query = {"account": account.name}
    active = account.server.admin.ask("GET", "scenarios", query=query)["scenarios"]
    own = {it["name"]: it["rules"] for it in active if it["from"] == "account" and it["rules"]}
    if not own:
        return []
    calls = account.requests
    used = {(call.scenario, call.rule) for call in calls}
    unused = [
        f"rule {rule!r} of scenario {scenario!r} was never used"
        for scenario, rules in own.items()
        for rule in rules
        if (scenario, rule) not in used
    ]
    return [*unused, *_unmatched(account, calls, own)]


def _unmatched(account: Account, calls: Sequence[Call], own: Collection[str]) -> Iterator[str]:
    """Calls that reached the rules and matched none. A rule whose steps are used up did match."""
    for call in calls:
        if call.rule is not None:
            continue
        near_misses = call.explanation["decision"]["near_misses"]
        own_misses = [it for it in near_misses if it["scenario"] in own]
        if own_misses and all(it["differences"] for it in own_misses):
            nearest = _nearest(account, own_misses)
            why = "; ".join(difference(entry) for entry in nearest["differences"])
            rule = f"rule {nearest['rule']!r} of scenario {nearest['scenario']!r}"
            yield f"call {call.request_id} matched no rule; the nearest is {rule}: {why}"


def _nearest(account: Account, near_misses: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The near miss with the fewest differences; among equals, the rule with most conditions."""
    fewest = min(len(it["differences"]) for it in near_misses)
    nearest = [it for it in near_misses if len(it["differences"]) == fewest]
    if len(nearest) == 1:
        return nearest[0]
    conditions: dict[tuple[str, str], int] = {}
    for name in {it["scenario"] for it in nearest}:
        query = {"account": account.name}
        scenario = account.server.admin.ask("GET", "scenarios", name, query=query)
        conditions |= {(name, rule["name"]): len(rule["when"]) for rule in scenario["rules"]}
    return max(nearest, key=lambda it: conditions.get((it["scenario"], it["rule"]), 0))
