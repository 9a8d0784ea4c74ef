"""The scenarios that `respond` plays: one for each rule of a test."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mockocr.suggestions import quoted
from mockocr.testing.errors import UsageError, is_for_the_user
from mockocr.testing.written import written

__tracebackhide__ = is_for_the_user

RESPOND = "respond"


class _Conditions(NamedTuple):
    when: Mapping[str, Any]
    action: str | None
    ends: bool
    """Whether the rule stops answering after its outcomes."""


class Responses:
    """The rules of one account that `respond` made, which are still active."""

    def __init__(self) -> None:
        self._made = 0
        self._active: dict[str, _Conditions] = {}

    def scenario(
        self,
        outcomes: Sequence[Any],
        outcome: Mapping[str, Any],
        when: Mapping[str, Any] | None,
        action: str | None,
    ) -> dict[str, Any]:
        """A scenario with one new rule. Raises UsageError."""
        steps = [written(each, RESPOND) for each in _steps(outcomes, outcome)]
        conditions = _Conditions(written(when or {}, "respond: when"), action, "times" in steps[-1])
        self._made += 1
        name = f"{RESPOND} {self._made}"
        self._active[name] = conditions
        rule: dict[str, Any] = {"name": name, "priority": 1}
        if conditions.when:
            rule["when"] = conditions.when
        if action is not None:
            rule["action"] = action
        rule["then"] = steps if len(steps) > 1 else steps[0]
        if conditions.ends:
            rule["after"] = "fall_through"
        return {"name": name, "rules": [rule]}

    def refused(self, name: str) -> None:
        del self._active[name]

    def replaced_by(self, name: str) -> list[str]:
        """The older rules that can never answer again. They are no longer active."""
        newest = self._active[name]
        if newest.ends:
            return []
        gone = [
            older
            for older, conditions in self._active.items()
            if older != name
            and newest.action == conditions.action
            and newest.when in ({}, conditions.when)
        ]
        for older in gone:
            del self._active[older]
        return gone

    @staticmethod
    def readable(message: str) -> str:
        """The message of a refused scenario, with the places as a test writes them."""
        return message.replace("rules[0].then", RESPOND).replace("rules[0]", RESPOND)


def _steps(outcomes: Sequence[Any], outcome: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    if bool(outcomes) == bool(outcome):
        got = "both" if outcomes else "nothing"
        raise UsageError(
            f'{RESPOND}: expected one outcome as keywords (error="FailedOperation.ImageBlur") or'
            f" several as dicts, got {got}"
        )
    for each in outcomes:
        if not isinstance(each, Mapping):
            raise UsageError(
                f'{RESPOND}: expected each outcome as a dict, such as {{"card": "invented"}}, got'
                f" {quoted(each)}"
            )
    return outcomes or [outcome]
