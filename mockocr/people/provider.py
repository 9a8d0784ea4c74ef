"""A provider for your own Faker: `fake.add_provider(IdCardProvider)`.

It adds four methods and replaces none: `fake.name()` keeps the language of the Faker.
"""

from datetime import UTC, date, datetime
from typing import get_args

from faker.providers import BaseProvider

from mockocr.people.card import IdCard
from mockocr.people.number import Numbers
from mockocr.people.person import next_person


class IdCardProvider(BaseProvider):
    """Resident identity cards as members of an IDCardOCR response. Every call gives a new person.

    The person depends on the seed, the version of Faker and `today`, but not on the method that is
    called. `mockocr card --seed` gives the same person.
    """

    __use_weighting__ = True
    """Faker's default. Adding this provider also registers the methods of BaseProvider again: with
    another value, they would give other results."""

    def id_card(self, *, today: date | None = None, numbers: Numbers = "valid") -> dict[str, str]:
        """Both sides of one card: the eight members.

        today: a day on which the card is valid; None for the current day in UTC.
        numbers: valid, or safe for numbers that no person can have (`mockocr serve --numbers`).
        """
        card = self._next(today, numbers)
        return {**card.front(), **card.back()}

    def id_card_front(
        self, *, today: date | None = None, numbers: Numbers = "valid"
    ) -> dict[str, str]:
        """Name, Sex, Nation, Birth, Address and IdNum."""
        return self._next(today, numbers).front()

    def id_card_back(self, *, today: date | None = None) -> dict[str, str]:
        """Authority and ValidDate."""
        return self._next(today, "valid").back()

    def id_card_number(self, *, numbers: Numbers = "valid") -> str:
        """The 18 characters."""
        return self._next(None, numbers).number

    def _next(self, today: date | None, numbers: Numbers) -> IdCard:
        if numbers not in get_args(Numbers):
            raise ValueError(f"numbers: expected 'valid' or 'safe', got {numbers!r}")
        return next_person(self.generator.random, today or datetime.now(UTC).date(), numbers)
