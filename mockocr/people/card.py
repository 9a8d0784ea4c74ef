"""The fields of a second-generation resident identity card, both sides."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class IdCard:
    """The nine fields of a card: texts as they are printed, and dates."""

    name: str
    sex: str
    """男 or 女; any text if a scenario sets it."""
    nation: str
    """Without the suffix 族: 汉, 东乡, 维吾尔."""
    birth: date
    address: str
    """In one line, as the API gives it."""
    number: str
    """18 characters; any text if a scenario sets it."""
    authority: str
    valid_from: date
    valid_until: date | None
    """None for 长期."""

    def front(self) -> dict[str, str]:
        """The members of Response that come from the front."""
        return {
            "Name": self.name,
            "Sex": self.sex,
            "Nation": self.nation,
            "Birth": birth_text(self.birth),
            "Address": self.address,
            "IdNum": self.number,
        }

    def back(self) -> dict[str, str]:
        """The members of Response that come from the back."""
        return {
            "Authority": self.authority,
            "ValidDate": validity_text(self.valid_from, self.valid_until),
        }


def birth_text(birth: date) -> str:
    """Birth as the API gives it, without leading zeros: 1987/1/1."""
    return f"{birth.year}/{birth.month}/{birth.day}"


def validity_text(valid_from: date, valid_until: date | None) -> str:
    """ValidDate as it is printed: 2010.07.21-2020.07.21, or 2010.07.21-长期."""
    until = f"{valid_until:%Y.%m.%d}" if valid_until else "长期"
    return f"{valid_from:%Y.%m.%d}-{until}"
