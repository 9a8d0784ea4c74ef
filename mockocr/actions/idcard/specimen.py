"""What the picture says, where it decides: the truth of a specimen, or why there is none. And what
a specimen says by its name, without its picture."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, cast, get_args

from mockocr.accounts.conditions import UnknownPictures
from mockocr.actions.idcard.query import CardSide, IDCardQuery
from mockocr.actions.idcard.refusals import refused
from mockocr.actions.idcard.texts import (
    BACK_MEMBERS,
    FRONT_MEMBERS,
    MEMBERS,
    read_day,
    read_validity,
)
from mockocr.images.image import ImageError
from mockocr.people import number
from mockocr.recognition.call_image import CallImage
from mockocr.specimens.card_data import CardData, Kind, WarningName
from mockocr.specimens.finding import Finding, Side, What

if TYPE_CHECKING:
    from mockocr.actions.idcard.catalogue_entry import Entry

REFUSAL_OF_TROUBLE = {
    ImageError.EMPTY: "FailedOperation.EmptyImageError",
    ImageError.UNDECODABLE: "FailedOperation.ImageDecodeFailed",
    ImageError.TOO_SMALL: "FailedOperation.IdCardTooSmall",
    ImageError.TOO_LARGE: "FailedOperation.ImageSizeTooLarge",
    ImageError.TOO_MANY_BYTES: "LimitExceeded.TooLargeFileError",
    ImageError.NOT_DOWNLOADABLE: "FailedOperation.DownLoadError",
}

UNREADABLY_SMALL_PIXELS = 250
"""Of the short side of a picture: of a specimen that cannot be read in it, it is said that it is
too small, and not that it is blurred (assumed)."""

_WARNINGS = frozenset(get_args(WarningName))


class Specimen(NamedTuple):
    """What is answered from a specimen."""

    card_side: CardSide
    texts: Mapping[str, str]
    """By member of Response, those that are answered."""
    warnings: frozenset[WarningName]
    """Those that hold of it, as its mark says."""
    blurred: bool
    """Whether its mark says so."""
    card_data_of_sides: Mapping[CardSide, CardData]
    """Of the sides that are answered; that of `card_side` first."""
    sides: tuple[Side, ...] = ()
    """The same, in the picture, where there is one."""


def read_specimen(
    asked: IDCardQuery, call_image: CallImage, unknown: UnknownPictures
) -> Specimen | None:
    """None for a picture that is no specimen, or is not at hand: somebody is to be invented.

    Raises ApiError for what cannot be read, in the order of docs/fidelity.md#order-pictures.
    """
    found = call_image.read()
    match found:
        case None:
            return None
        case ImageError():
            raise refused(REFUSAL_OF_TROUBLE[found])
    match found.what:
        case What.NOTHING if unknown == "invent":
            return None
        case What.NOTHING:
            raise refused("FailedOperation.ImageNoIdCard")
        case What.BLURRED if min(found.width, found.height) < UNREADABLY_SMALL_PIXELS:
            raise refused("FailedOperation.IdCardTooSmall")
        case What.BLURRED:
            raise refused("FailedOperation.ImageBlur")
        case What.COVERED:
            # Assumed: there is a card, and nobody can tell whose.
            raise refused("FailedOperation.OcrFailed")
        case What.SEVERAL_OF_ONE_SIDE:
            raise refused("FailedOperation.MultiCardError")
    return _in_picture(asked, found)


def _in_picture(asked: IDCardQuery, found: Finding) -> Specimen:
    kinds: dict[CardSide, Kind] = {"FRONT": Kind.FRONT, "BACK": Kind.BACK}
    sides = {name: side for name, kind in kinds.items() if (side := found.side(kind))}
    specimen = _specimen(asked, {name: side.card_data for name, side in sides.items()})
    return specimen._replace(sides=tuple(sides[name] for name in specimen.card_data_of_sides))


def named_specimen(asked: IDCardQuery, entry: "Entry") -> Specimen:
    """As if its picture had been sent. Raises ApiError for a side that it does not show."""
    return _specimen(asked, entry.by_side)


def _specimen(asked: IDCardQuery, card_data_of_sides: Mapping[CardSide, CardData]) -> Specimen:
    own: CardSide = "FRONT" if "FRONT" in card_data_of_sides else "BACK"
    card_side = asked.card_side or own
    if card_side not in card_data_of_sides:
        raise refused("FailedOperation.CardSideError")
    answered = {card_side: card_data_of_sides[card_side]}
    if "MultiCardDetect" in asked.flags:
        answered |= card_data_of_sides
    shown = answered.values()
    texts: dict[str, str] = {}
    for card_data in shown:
        texts |= _texts(card_data)
    if not _could_be(texts):
        raise refused("FailedOperation.IdCardInfoIllegal")
    planted = {name for card_data in shown for name in card_data.planted}
    if any(card_data.kind is Kind.TEMPORARY for card_data in shown):
        planted.add("temporary_id")
    if "copy_bw" in planted:
        # "复印件告警（包括黑白及彩色）" since 2024-06: a copy in black and white is one of both.
        planted.add("copy")
    warnings = cast(frozenset[WarningName], _WARNINGS & planted)
    return Specimen(card_side, texts, warnings, "blur" in planted, answered)


def _texts(card_data: CardData) -> Mapping[str, str]:
    """Of the side that the API takes it for: a temporary card's face is a front."""
    wanted = BACK_MEMBERS if card_data.kind is Kind.BACK else FRONT_MEMBERS
    texts = {MEMBERS[name]: text for name, text in card_data.texts.items()}
    return {member: text for member, text in texts.items() if member in wanted}


def _could_be(texts: Mapping[str, str]) -> bool:
    """Whether there may be such a card: "身份证信息不合法或缺失(身份证号、姓名字段校验非法等)" is
    IdCardInfoIllegal (API page §6).

    Number, sex and birth may contradict each other: EnableRecognitionRectify is for that.
    """
    if not all(texts.values()):
        return False
    return (
        ("IdNum" not in texts or number.is_valid(texts["IdNum"]))
        and ("Sex" not in texts or texts["Sex"] in ("男", "女"))
        and ("Birth" not in texts or read_day(texts["Birth"]) is not None)
        and ("ValidDate" not in texts or read_validity(texts["ValidDate"]) is not None)
    )
