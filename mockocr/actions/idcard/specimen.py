"""The card data of a specimen, read from the picture of a call or looked up by name."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, cast, get_args

from mockocr.accounts.call_settings import UnknownPictures
from mockocr.actions.idcard import hints
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
from mockocr.protocol.reasons import Reason
from mockocr.recognition.call_image import CallImage
from mockocr.specimens.card_data import CardData, Kind, WarningName
from mockocr.specimens.finding import Contents, Finding, Side

if TYPE_CHECKING:
    from mockocr.actions.idcard.specimens.entry import Entry

REFUSAL_OF_IMAGE_ERROR = {
    ImageError.EMPTY: "FailedOperation.EmptyImageError",
    ImageError.UNDECODABLE: "FailedOperation.ImageDecodeFailed",
    ImageError.TOO_SMALL: "FailedOperation.IdCardTooSmall",
    ImageError.TOO_LARGE: "FailedOperation.ImageSizeTooLarge",
    ImageError.TOO_MANY_BYTES: "LimitExceeded.TooLargeFileError",
    ImageError.NOT_DOWNLOADABLE: "FailedOperation.DownLoadError",
}

UNREADABLY_SMALL_PIXELS = 250
"""The short side of a picture. In a smaller one, an unreadable specimen counts as too small and not
as blurred (assumed)."""

_WARNINGS = frozenset(get_args(WarningName))


class Specimen(NamedTuple):
    """What a specimen contributes to an answer."""

    card_side: CardSide
    texts: Mapping[str, str]
    """By member of Response."""
    warnings: frozenset[WarningName]
    """The warnings recorded in the code."""
    blurred: bool
    """Whether blur is recorded in the code."""
    card_data_of_sides: Mapping[CardSide, CardData]
    """The sides to return, `card_side` first."""
    sides: tuple[Side, ...] = ()
    """Where these sides are in the picture; empty without a picture."""


def read_specimen(
    query: IDCardQuery, call_image: CallImage, unknown: UnknownPictures
) -> Specimen | None:
    """The specimen in the picture. None if the card is to be generated instead: the picture is not
    a specimen, or it is not available.

    Raises ApiError for a picture that cannot be read, in the order of
    docs/fidelity.md#order-pictures.
    """
    found = call_image.read()
    match found:
        case None:
            return None
        case ImageError():
            raise refused(REFUSAL_OF_IMAGE_ERROR[found], call_image.why(found))
    got = f"{found.width} x {found.height}"
    match found.contents:
        case Contents.NOTHING if unknown == "invent":
            return None
        case Contents.NOTHING:
            reason = Reason(hints.NO_CARD, query.picture, got)
            raise refused("FailedOperation.ImageNoIdCard", reason)
        case Contents.BLURRED if min(found.width, found.height) < UNREADABLY_SMALL_PIXELS:
            reason = Reason(hints.CARD_TOO_SMALL, query.picture, got)
            raise refused("FailedOperation.IdCardTooSmall", reason)
        case Contents.BLURRED:
            raise refused("FailedOperation.ImageBlur", Reason(hints.BLURRED, query.picture, got))
        case Contents.COVERED:
            # Assumed: there is a card, but the part that identifies it is covered.
            raise refused("FailedOperation.OcrFailed", Reason(hints.COVERED, query.picture, got))
        case Contents.SEVERAL_OF_ONE_SIDE:
            reason = Reason(hints.SEVERAL, query.picture, f"{len(found.sides)} cards")
            raise refused("FailedOperation.MultiCardError", reason)
    return _in_picture(query, found)


def _in_picture(query: IDCardQuery, found: Finding) -> Specimen:
    kinds: dict[CardSide, Kind] = {"FRONT": Kind.FRONT, "BACK": Kind.BACK}
    sides = {name: side for name, kind in kinds.items() if (side := found.side(kind))}
    specimen = _specimen(query, {name: side.card_data for name, side in sides.items()})
    return specimen._replace(sides=tuple(sides[name] for name in specimen.card_data_of_sides))


def named_specimen(query: IDCardQuery, entry: "Entry") -> Specimen:
    """As if its picture had been sent. Raises ApiError for a side that the entry does not have."""
    return _specimen(query, entry.by_side)


def _specimen(query: IDCardQuery, card_data_of_sides: Mapping[CardSide, CardData]) -> Specimen:
    default: CardSide = "FRONT" if "FRONT" in card_data_of_sides else "BACK"
    card_side = query.card_side or default
    if card_side not in card_data_of_sides:
        expected = " + ".join(card_data_of_sides)
        reason = Reason(hints.OTHER_SIDE, "CardSide", f'"{card_side}"', expected)
        raise refused("FailedOperation.CardSideError", reason)
    returned = {card_side: card_data_of_sides[card_side]}
    if "MultiCardDetect" in query.flags:
        returned |= card_data_of_sides
    returned_data = returned.values()
    texts: dict[str, str] = {}
    for card_data in returned_data:
        texts |= _texts(card_data)
    if (illegal := _illegal_text(texts)) is not None:
        # The text itself is personal.
        got = f"{len(texts[illegal])} characters"
        reason = Reason(hints.ILLEGAL, illegal, got, _FORMS.get(illegal))
        raise refused("FailedOperation.IdCardInfoIllegal", reason)
    defects = {name for card_data in returned_data for name in card_data.defects}
    if any(card_data.kind is Kind.TEMPORARY for card_data in returned_data):
        defects.add("temporary_id")
    if "copy_bw" in defects:
        # "复印件告警（包括黑白及彩色）" since 2024-06: a black-and-white copy is also a copy.
        defects.add("copy")
    warnings = cast(frozenset[WarningName], _WARNINGS & defects)
    return Specimen(card_side, texts, warnings, "blur" in defects, returned)


def _texts(card_data: CardData) -> Mapping[str, str]:
    """The texts of one side by member. The face of a temporary card is a front."""
    members = BACK_MEMBERS if card_data.kind is Kind.BACK else FRONT_MEMBERS
    texts = {MEMBERS[name]: text for name, text in card_data.texts.items()}
    return {member: text for member, text in texts.items() if member in members}


_IS_LEGAL: Mapping[str, Callable[[str], bool]] = {
    "IdNum": number.is_valid,
    "Sex": ("男", "女").__contains__,
    "Birth": lambda text: read_day(text) is not None,
    "ValidDate": lambda text: read_validity(text) is not None,
}


_FORMS = {"Birth": "YYYY/M/D", "ValidDate": "YYYY.MM.DD-YYYY.MM.DD, YYYY.MM.DD-长期"}


def _illegal_text(texts: Mapping[str, str]) -> str | None:
    """The first member whose text is empty or invalid: "身份证信息不合法或缺失(身份证号、姓名字段
    校验非法等)" is IdCardInfoIllegal (API page §6). None if all are valid.

    Number, sex and birth may contradict each other: EnableRecognitionRectify corrects that.
    """
    for member, text in texts.items():
        if not text or (member in _IS_LEGAL and not _IS_LEGAL[member](text)):
            return member
    return None
