"""What a strict test is told at its end: a rule of its own that was never used, and a call that
none of its rules fitted."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from mockocr.terminal import difference
from mockocr.testing.account import Account
from mockocr.testing.calls import Call


def complaints(account: Account) -> list[str]:
    """In words; of the account's own scenarios only: what plays for everybody is not its own."""
    query = {"account": account.name}
    playing = account.server.admin.ask("GET", "scenarios", query=query)["scenarios"]
    own = {it["name"]: it["rules"] for it in playing if it["from"] == "account" and it["rules"]}
    if not own:
        return []
    calls = account.requests
    used = {(call.scenario, call.rule) for call in calls}
    unused = [
        f"the rule {rule!r} of {scenario!r} was never used"
        for scenario, rules in own.items()
        for rule in rules
        if (scenario, rule) not in used
    ]
    return [*unused, *_strays(account, calls, own)]


def _strays(account: Account, calls: Sequence[Call], own: Collection[str]) -> Iterator[str]:
    """Calls that came as far as the rules. Where a rule's list was used up, it had fitted."""
    for call in calls:
        if call.rule is not None:
            continue
        near_misses = call.explanation["decision"]["near_misses"]
        asked = [it for it in near_misses if it["scenario"] in own]
        if asked and all(it["differences"] for it in asked):
            nearest = _nearest(account, asked)
            why = "; ".join(difference(it) for it in nearest["differences"])
            near = f"nearest was {nearest['rule']!r} of {nearest['scenario']!r}, but {why}"
            yield f"no rule fitted the call {call.request_id}: {near}"


def _nearest(account: Account, asked: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The rule with the fewest differences; of several, the one with the most conditions."""
    fewest = min(len(it["differences"]) for it in asked)
    near = [it for it in asked if len(it["differences"]) == fewest]
    if len(near) == 1:
        return near[0]
    conditions: dict[tuple[str, str], int] = {}
    for name in {it["scenario"] for it in near}:
        query = {"account": account.name}
        told = account.server.admin.ask("GET", "scenarios", name, query=query)
        conditions |= {(name, rule["name"]): len(rule["when"]) for rule in told["rules"]}
    return max(near, key=lambda it: conditions.get((it["scenario"], it["rule"]), 0))
