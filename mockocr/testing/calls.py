"""Recorded calls, and how they differ from the conditions of `assert_called`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any

from mockocr.actions.action import AnyAction
from mockocr.actions.facts import Facts
from mockocr.protocol.errors import ApiError
from mockocr.protocol.parameters import read_parameters
from mockocr.protocol.redact import is_masked_condition, redacted_condition, redacted_url
from mockocr.scenario.rule import Difference, Rule
from mockocr.terminal import difference
from mockocr.testing.admin import Admin
from mockocr.testing.errors import UsageError, is_for_the_user
from mockocr.testing.written import written

__tracebackhide__ = is_for_the_user

_SOURCE = "assert_called"

SEARCHING = "searching"
"""The cause of a call while the server looks for it."""


@dataclass(frozen=True)
class Call:
    """One call that the server answered; secrets are masked, as everywhere in the journal."""

    request_id: str
    time: str
    """ISO 8601, UTC."""
    account: str | None
    """None if its SecretId is unknown."""
    action: str | None
    outcome: str
    """ok, an error code, fault:NAME or http:STATUS."""
    rule: str | None
    """The rule or chaos entry that decided the outcome."""
    scenario: str | None
    milliseconds: float
    notes: list[dict[str, Any]] = field(repr=False)
    """Notes on parameters and flags without effect, and on data that was left out: name, parameter,
    value, expected, hint."""
    _cause: str | None = field(repr=False)
    _admin: Admin = field(repr=False, compare=False)

    @classmethod
    def of(cls, row: Mapping[str, Any], admin: Admin) -> "Call":
        """From a row of `GET requests`."""
        members = {name: row[name] for name in _MEMBERS}
        return cls(row["RequestId"], **members, _cause=row["cause"], _admin=admin)

    @property
    def cause(self) -> str | None:
        """The cause of a failed signature, by name. Waits while the server searches for it."""
        if self._cause != SEARCHING:
            return self._cause
        cause: str | None = self.explanation["cause"]
        return cause

    @cached_property
    def details(self) -> dict[str, Any]:
        """The whole record: `GET /__admin/requests/{RequestId}`."""
        return self._admin.ask("GET", "requests", self.request_id)

    @cached_property
    def explanation(self) -> dict[str, Any]:
        """Why it got its answer: `GET /__admin/requests/{RequestId}/explain`."""
        return self._admin.ask("GET", "requests", self.request_id, "explain")

    @property
    def parameters(self) -> dict[str, Any]:
        """By the API's names; {} if the call was refused before they were read."""
        return dict(self.details["parameters"] or {})


_MEMBERS = [
    each.name
    for each in fields(Call)
    if each.name != "request_id" and not each.name.startswith("_")
]


def rule_of(when: Mapping[str, Any], action: str | None = None) -> Rule | None:
    """A rule with these conditions, as in a scenario; None if every call matches.

    Raises UsageError for conditions that no rule of the action can have, or whose value the
    journal does not store.
    """
    if not when and action is None:
        return None
    # Late: the models of scenarios take 60 ms, and a test may need none.
    from mockocr.documents.document import DocumentError, document_of
    from mockocr.scenario.load import load

    conditions = _without_query(written(when, _SOURCE))
    rule = {"name": _SOURCE, "when": conditions, "then": {"http": 500}}
    scenario = {"name": _SOURCE, "action": action, "rules": [_without_empty(rule)]}
    try:
        loaded = load(document_of(_without_empty(scenario), _SOURCE)).rules[0]
    except DocumentError as error:
        text = str(error).replace("rules[0].when.", "").replace("rules[0]: ", "")
        raise UsageError(text) from None
    for condition in loaded.leaves():
        is_presence = isinstance(condition.expected, dict) and "absent" in condition.expected
        if instead := None if is_presence else _INSTEAD.get(condition.name):
            raise UsageError(f"{_SOURCE}: {condition.name}: {instead}")
        if is_masked_condition(condition.name) and not is_presence:
            raise UsageError(
                f"{_SOURCE}: {condition.name}: the journal does not store the value of this header;"
                " use the condition in `when` of a rule"
            )
    return loaded


_INSTEAD = {
    "ImageBase64": "the journal does not store pictures; compare the SHA-256 of the decoded"
    " picture: picture={'sha256': ...}",
    "between": "the journal does not store the account's clock",
}
"""Conditions on values that the journal does not store, and what to use instead."""


def _without_empty(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value}


def mismatch(call: Call, rule: Rule | None, action: str | None = None) -> str:
    """Why a call does not match; empty if it does. A call that was refused before its parameters
    were read matches no condition.

    `action`: the name of the only action whose calls match.
    """
    if action is not None and call.action != action:
        return _described(Difference("action", action, call.action, "action"))
    if rule is None or not rule.conditions:
        return ""
    facts = _facts(call.details, rule.action)
    return call.outcome if facts is None else "; ".join(map(_described, rule.differences(facts)))


def _described(differing: Difference) -> str:
    expected = redacted_condition(differing.fact, differing.expected)
    return difference({**differing._asdict(), "expected": expected})


def _facts(details: Mapping[str, Any], action: AnyAction) -> Facts | None:
    if not details["parameters"]:
        return None
    try:
        # The newest contract refuses least.
        parameters = read_parameters(action.parameters(date.max), details["parameters"])
        query = action.parse_query(parameters, date.max)
    except ApiError:
        return None
    facts = action.facts(query)
    headers = {name.lower(): value for name, value in details["headers"].items()}
    facts["Region"] = headers.get("x-tc-region", "")
    if "ImageUrl" in facts:
        facts["ImageUrl"] = _base(facts["ImageUrl"])
    picture = _picture_facts(details["picture"])
    facts.add_source("header", headers.get)
    facts.add_source("picture", picture.get)
    return facts


def _picture_facts(picture: Any) -> Mapping[str, Any]:
    """`picture`: None if it was not examined, a text if it cannot be used."""
    if not isinstance(picture, dict):
        return {"specimen": []}
    cards = (picture["reading"] or {"cards": []})["cards"]
    return {**picture, "specimen": [card["specimen"] for card in cards if card["specimen"]]}


def _without_query(when: Mapping[str, Any]) -> dict[str, Any]:
    """The conditions with as much of ImageUrl as the journal stores."""
    match when.get("ImageUrl"):
        case str(url):
            return {**when, "ImageUrl": _base(url)}
        case list(urls):
            return {**when, "ImageUrl": [_base(url) for url in urls]}
        case _:
            return dict(when)


def _base(url: Any) -> Any:
    """Scheme, host and path of a URL; other texts are unchanged."""
    shown = redacted_url(url) if isinstance(url, str) else ""
    return shown.partition("?")[0] if shown.startswith("http") else url
