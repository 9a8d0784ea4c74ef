"""A provider for anybody's Faker: `fake.add_provider(IdCardProvider)`.

It adds its four methods and replaces none: `fake.name()` stays in the language of the Faker.
"""

from datetime import UTC, date, datetime
from typing import get_args

from faker.providers import BaseProvider

from mockocr.people.card import IdCard
from mockocr.people.number import Numbers
from mockocr.people.person import next_person


class IdCardProvider(BaseProvider):
    """Resident identity cards, as the members of an IDCardOCR response. Every call is a new person.

    The same seed, version of Faker and `today` give the same person, the one of
    `mockocr card --seed`, whichever of the methods is called.
    """

    __use_weighting__ = True
    """Faker's default: methods of BaseProvider, which are registered again, stay as they were."""

    def id_card(self, *, today: date | None = None, numbers: Numbers = "valid") -> dict[str, str]:
        """Both sides of one card: the eight members.

        today: the day on which the card is held; None is the current day in UTC.
        numbers: valid, or safe for a number that no one can have (see `mockocr serve --numbers`).
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
