"""Scenarios as tests write them, and their decisions and answers."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from mockocr.accounts.call_settings import CallSettings
from mockocr.actions.catalogue import specimens_by_code
from mockocr.actions.idcard.action import ID_CARD_OCR
from mockocr.actions.idcard.answer import IDCardAnswer
from mockocr.documents.reading import parse_document
from mockocr.recognition.call_image import CallImage
from mockocr.recognition.picture_cache import PictureCache
from mockocr.scenario.call_counters import CallCounters
from mockocr.scenario.load import load
from mockocr.scenario.outcomes import Recognized
from mockocr.scenario.rulebook import Caller, Decision, Rulebook
from mockocr.scenario.scenario import Scenario
from mockocr.settings import API_PAGE
from tests.builders import NOW, asked_for


def a_scenario(text: str) -> Scenario:
    return load(parse_document(text, "scenario.yaml"))


def a_book(folder: Path, rules: str) -> Rulebook:
    """The rulebook of a file with these rules."""
    return Rulebook([a_scenario(f"name: a scenario\nrules:\n{rules}")])


def decided(
    rulebook: Rulebook,
    parameters: Mapping[str, Any],
    region: str = "",
    call_counters: CallCounters | None = None,
    account: str = "alice",
    seed: int = 0,
    now: datetime = NOW,
    headers: Mapping[str, str] | None = None,
) -> Decision:
    query = asked_for(**parameters)
    facts = ID_CARD_OCR.facts(query)
    facts["Region"] = region
    call_image = CallImage(PictureCache(specimens=specimens_by_code), query.image)
    settings = CallSettings(now, seed, "valid", API_PAGE)
    facts.add_source("picture", call_image.fact)
    facts.add_source("header", (headers or {}).get)
    facts.add_source("clock", settings.clock_fact)
    caller = Caller(account, seed, now, call_image.digest)
    return rulebook.decide(
        ID_CARD_OCR, facts, caller, CallCounters() if call_counters is None else call_counters
    )


def played(rulebook: Rulebook, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """The members of Response without RequestId."""
    outcome = decided(rulebook, parameters).resolved.outcome
    assert isinstance(outcome, Recognized)
    assert isinstance(outcome.answer, IDCardAnswer)
    query = asked_for(**parameters)
    call_image = CallImage(PictureCache(), query.image)
    return ID_CARD_OCR.render(
        query, outcome.answer, CallSettings(NOW, 0, "valid", API_PAGE), call_image
    ).members
