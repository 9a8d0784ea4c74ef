"""Strict mode: complaints about scripted rules that were never used and calls that matched none."""

from collections.abc import Collection, Iterator, Sequence

from mockocr.terminal import difference
from mockocr.testing.account import Account
from mockocr.testing.calls import Call


def complaints(account: Account) -> list[str]:
    """One line per complaint, about the account's own scenarios only, not about shared ones."""
    own = _own_rules(account)
    if not own:
        return []
    calls = account.requests
    used = {(call.scenario, call.rule) for call in calls}
    unused = [
        f"{_named(rule, scenario)} was never used"
        for scenario, rules in own.items()
        for rule in rules
        if (scenario, rule) not in used
    ]
    return [*unused, *_unmatched(calls, own)]


def unmatched(account: Account, calls: Sequence[Call]) -> Iterator[str]:
    """One line for each of these calls that reached the account's own rules and matched none."""
    if own := _own_rules(account) if calls else None:
        yield from _unmatched(calls, own)


def _own_rules(account: Account) -> dict[str, list[str]]:
    """The names of the rules of each of the account's own scenarios."""
    query = {"account": account.name}
    active = account.server.admin.ask("GET", "scenarios", query=query)["scenarios"]
    return {
        each["name"]: each["rules"]
        for each in active
        if each["from"] == "account" and each["rules"]
    }


def _unmatched(calls: Sequence[Call], own: Collection[str]) -> Iterator[str]:
    """A rule whose steps are used up did match."""
    for call in calls:
        if call.rule is not None:
            continue
        near_misses = call.explanation["decision"]["near_misses"]
        own_misses = [each for each in near_misses if each["scenario"] in own]
        if own_misses and all(each["differences"] for each in own_misses):
            nearest = min(
                own_misses, key=lambda miss: (len(miss["differences"]), -miss["conditions"])
            )
            why = "; ".join(difference(entry) for entry in nearest["differences"])
            rule = _named(nearest["rule"], nearest["scenario"])
            yield f"call {call.request_id} matched no rule; the nearest is {rule}: {why}"


def _named(rule: str, scenario: str) -> str:
    """A scenario that `respond` played is named like its rule."""
    return f"rule {rule!r}" if rule == scenario else f"rule {rule!r} of scenario {scenario!r}"
