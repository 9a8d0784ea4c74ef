"""Why the earlier rules did not match a call."""

from datetime import date
from typing import Any

from mockocr.actions.action import AnyAction
from mockocr.actions.catalogue import choose_action
from mockocr.journal.exchange import Exchange
from mockocr.protocol.redact import redacted_condition, redacted_fact


def near_misses(exchange: Exchange) -> list[dict[str, Any]]:
    """The rules before the one that decided, in their order, each with its differences, masked. A
    rule without differences had used up its list of outcomes."""
    if exchange.rulebook is None or exchange.facts is None:
        return []
    action = choose_action(exchange.action)
    return [
        {
            "scenario": scenario.name,
            "rule": rule.name,
            "conditions": len(rule.conditions),
            "differences": [
                {
                    "name": difference.name,
                    "expected": redacted_condition(difference.fact, difference.expected),
                    "found": _redacted_fact(action, difference.fact, difference.found),
                }
                for difference in differences
            ],
        }
        for scenario, rule, differences in exchange.rulebook.near_misses(
            action, exchange.facts, exchange.rule, exchange.scenario
        )
    ]


def _redacted_fact(action: AnyAction, name: str, fact: Any) -> Any:
    if name in action.parameters(date.max):
        return action.mask({name: fact})[name]
    return redacted_fact(name, fact)
