"""What is printed on a second-generation resident identity card, both sides."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class IdCard:
    """The nine items of a card, as printed save for dates."""

    name: str
    sex: str
    """男 or 女; a scripted card may say anything."""
    nation: str
    """Without 族: 汉, 东乡, 维吾尔."""
    birth: date
    address: str
    """In one line, as the API joins it."""
    number: str
    """18 characters where it was invented; anything where it was scripted."""
    authority: str
    valid_from: date
    valid_until: date | None
    """None is 长期."""
