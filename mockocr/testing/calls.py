"""Calls as tests look at them, and which of them are as a test wants them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any

from mockocr.actions.action import AnyAction
from mockocr.actions.facts import Facts
from mockocr.documents.document import document_of
from mockocr.protocol.errors import ApiError
from mockocr.protocol.parameters import read_parameters
from mockocr.scenario.load import load
from mockocr.scenario.rule import Difference, Rule
from mockocr.testing.admin import Admin

_SOURCE = "assert_called"

SEARCHING = "searching"
"""The cause of a call while the server looks for it."""


@dataclass(frozen=True)
class Call:
    """One call that the server answered; masked, as everything in the journal."""

    request_id: str
    time: str
    """ISO 8601, UTC."""
    account: str | None
    """None: its SecretId is nobody's."""
    action: str | None
    outcome: str
    """ok, an error code, fault:NAME or http:STATUS."""
    rule: str | None
    """The rule that took it, or the entry of chaos that struck it."""
    scenario: str | None
    milliseconds: float
    _cause: str | None = field(repr=False)
    _admin: Admin = field(repr=False, compare=False)

    @classmethod
    def of(cls, told: Mapping[str, Any], admin: Admin) -> "Call":
        """`told`: as `GET requests` tells it."""
        members = {name: told[name] for name in _MEMBERS}
        return cls(told["RequestId"], **members, _cause=told["cause"], _admin=admin)

    @property
    def cause(self) -> str | None:
        """Why it is not proven who calls, by name. Waits while the server searches it."""
        if self._cause != SEARCHING:
            return self._cause
        cause: str | None = self.explanation["cause"]
        return cause

    @cached_property
    def details(self) -> dict[str, Any]:
        """Everything that is known of it: `GET /__admin/requests/{RequestId}`."""
        return self._admin.ask("GET", "requests", self.request_id)

    @cached_property
    def explanation(self) -> dict[str, Any]:
        """Why it was answered so: `GET /__admin/requests/{RequestId}/explain`."""
        return self._admin.ask("GET", "requests", self.request_id, "explain")

    @property
    def parameters(self) -> dict[str, Any]:
        """By the API's names; {} for a call that was refused before they were read."""
        return dict(self.details["parameters"] or {})


_MEMBERS = [
    it.name for it in fields(Call) if it.name != "request_id" and not it.name.startswith("_")
]


def wanted_rule(when: Mapping[str, Any], action: str | None = None) -> Rule | None:
    """A rule with these conditions, as in a scenario; None if every call matches.

    Raises DocumentError for conditions that no rule of the action can have.
    """
    if not when and action is None:
        return None
    rule = {"name": _SOURCE, "when": _without_query(when), "then": {"http": 500}}
    words = {"name": _SOURCE, "action": action, "rules": [_without_nothings(rule)]}
    scenario = load(document_of(_without_nothings(words), _SOURCE))
    return scenario.rules[0]


def _without_nothings(words: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in words.items() if value}


def differences(
    call: Call, wanted: Rule | None, action: str | None = None
) -> list[Difference] | None:
    """Why a call does not match; None if it was refused before its parameters were read.

    `action`: the name of the only action whose calls match.
    """
    if action is not None and call.action != action:
        return [Difference("action", action, call.action)]
    if wanted is None or not wanted.conditions:
        return []
    facts = _facts(call.details, wanted.action)
    return None if facts is None else wanted.differences(facts)


def _facts(told: Mapping[str, Any], action: AnyAction) -> Facts | None:
    if not told["parameters"]:
        return None
    try:
        # By the newest contract, which refuses least.
        given = read_parameters(action.parameters(date.max), told["parameters"])
        asked = action.parse_query(given, date.max)
    except ApiError:
        return None
    facts = action.facts(asked)
    headers = {name.lower(): value for name, value in told["headers"].items()}
    facts["Region"] = headers.get("x-tc-region", "")
    if "ImageUrl" in facts:
        facts["ImageUrl"] = _base(facts["ImageUrl"])
    facts.add_source("header", headers.get)
    found = told["picture"] if isinstance(told["picture"], dict) else {}
    facts.add_source("picture", found.get)
    return facts


def _without_query(when: Mapping[str, Any]) -> dict[str, Any]:
    """The journal keeps no query of an ImageUrl: calls are compared without."""
    match when.get("ImageUrl"):
        case str(url):
            return {**when, "ImageUrl": _base(url)}
        case list(urls):
            return {**when, "ImageUrl": [_base(url) for url in urls]}
        case _:
            return dict(when)


def _base(url: Any) -> Any:
    return url.partition("?")[0] if isinstance(url, str) else url
