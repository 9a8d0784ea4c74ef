"""Card data of the catalogue, in short: one card per call.

All numbers are of the kind `safe` (docs/fidelity.md#numbers-safe): valid, but with the code of a
prefecture where a county's belongs, so no person has such a number. These pictures are published.
"""

from mockocr.people import number
from mockocr.people.card import birth_text
from mockocr.specimens.card_data import TEXTS, CardData, Kind


def front(name: str, nation: str, address: str, id_num: str, *defects: str) -> CardData:
    """Sex and birth follow from the number."""
    facts = number.read(id_num)
    assert facts is not None  # noqa: S101 - a test reads them all
    return CardData(
        Kind.FRONT,
        name=name,
        sex=facts.sex,
        nation=nation,
        birth=birth_text(facts.birth),
        address=address,
        id_num=id_num,
        defects=defects,
    )


def back(authority: str, valid_date: str, *defects: str) -> CardData:
    return CardData(Kind.BACK, authority=authority, valid_date=valid_date, defects=defects)


def joined(kind: Kind, front: CardData, back: CardData) -> CardData:
    """Both sides in one picture, or all texts on the face of a temporary card."""
    return CardData.of(kind, {name: front.texts.get(name) or back.texts[name] for name in TEXTS})


LI_MING = front("李明", "汉", "北京市石景山区高新技术园腾讯大楼", "440500198701010013")
