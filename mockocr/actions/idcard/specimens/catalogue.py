"""The catalogue of specimens: pictures with a name, and how each is answered.

Names are those of the ready-made scenarios. No person is on two cards, so any text on a card
identifies it.
"""

from collections.abc import Mapping
from functools import cache

from mockocr.actions.idcard.specimens.answered import ANSWERED
from mockocr.actions.idcard.specimens.entry import Entry
from mockocr.actions.idcard.specimens.refused import REFUSED
from mockocr.actions.idcard.specimens.warned import WARNED
from mockocr.specimens import card_code
from mockocr.specimens.finding import NamedSpecimens, Specimen

CATALOGUE = (*ANSWERED, *WARNED, *REFUSED)

BY_NAME: Mapping[str, Entry] = {entry.name: entry for entry in CATALOGUE}

ANSWERED_NAMES = tuple(entry.name for entry in CATALOGUE if entry.code is None)
"""Specimens that `card:` may name; the API refuses the others."""

RECOGNIZED_NAMES = tuple(entry.name for entry in CATALOGUE if entry.card_data_of_sides)
"""Specimens that can be recognized in a picture."""


@cache
def by_code() -> NamedSpecimens:
    """Specimens by the text of their small code. Draws nothing."""
    return {
        card_code.key(card_data): Specimen(entry.name, card_data)
        for entry in CATALOGUE
        for card_data in entry.card_data_of_sides
    }
