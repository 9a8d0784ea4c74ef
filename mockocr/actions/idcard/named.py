"""Specimens by their names in the catalogue, and by their marks."""

from collections.abc import Mapping
from functools import cache

from mockocr.actions.idcard.catalogue import CATALOGUE
from mockocr.actions.idcard.catalogue_entry import Entry
from mockocr.specimens import card_code
from mockocr.specimens.finding import Known, Specimen

BY_NAME: Mapping[str, Entry] = {entry.name: entry for entry in CATALOGUE}

ANSWERED = tuple(entry.name for entry in CATALOGUE if entry.code is None)
"""Those that an answer may be as of; to the others the answer is an error."""

RECOGNIZED = tuple(entry.name for entry in CATALOGUE if entry.card_data_of_sides)
"""Those that a picture can be recognized as."""


@cache
def known() -> Known:
    """By the text of their small symbols; nothing is drawn for it."""
    return {
        card_code.key(card_data): Specimen(entry.name, card_data)
        for entry in CATALOGUE
        for card_data in entry.card_data_of_sides
    }
