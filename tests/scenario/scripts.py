"""Scenarios as tests write them, and what they answer."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mockocr.accounts.conditions import Conditions
from mockocr.actions.idcard.action import ID_CARD_OCR
from mockocr.actions.idcard.answer import IDCardAnswer
from mockocr.pictures.look import Pictures
from mockocr.scenario.book import Book, Decision
from mockocr.scenario.load import load_rules
from mockocr.scenario.matching import Recognized
from mockocr.settings import API_PAGE
from tests.builders import NOW, asked_for


def a_book(folder: Path, rules: str) -> Book:
    """What plays when a file with these rules is given."""
    file = folder / "scenario.yaml"
    file.write_text(f"name: a scenario\nrules:\n{rules}", encoding="utf-8")
    return Book(load_rules(file, ID_CARD_OCR))


def decided(book: Book, parameters: Mapping[str, Any], region: str = "") -> Decision:
    facts = ID_CARD_OCR.facts(asked_for(**parameters))
    return book.decide(ID_CARD_OCR, {**facts, "Region": region})


def played(book: Book, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """The members of Response, but RequestId."""
    outcome = decided(book, parameters).outcome
    assert isinstance(outcome, Recognized)
    assert isinstance(outcome.answer, IDCardAnswer)
    asked = asked_for(**parameters)
    sight = Pictures().sight(asked.image)
    return ID_CARD_OCR.render(asked, outcome.answer, Conditions(NOW, 0, "valid", API_PAGE), sight)
