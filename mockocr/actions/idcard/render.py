"""From what is asked and what is to be answered to the members of Response (API page §3)."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple, cast, get_args

from mockocr.accounts.conditions import Conditions
from mockocr.actions.idcard.answer import IDCardAnswer
from mockocr.actions.idcard.contract import Contract, contract_on
from mockocr.actions.idcard.person import person, texts_of
from mockocr.actions.idcard.query import CardSide, Flags, IDCardQuery
from mockocr.actions.idcard.specimen import Specimen, named_specimen, read_specimen
from mockocr.actions.idcard.texts import BACK_MEMBERS, FRONT_MEMBERS, read_validity
from mockocr.people import number
from mockocr.people.card import birth_text
from mockocr.people.validity import is_documented_span
from mockocr.recognition.call_image import CallImage
from mockocr.specimens.card_data import Kind, WarningName, card_data_of
from mockocr.specimens.measured import LEAST_QUALITY, MOST_BORDER, Measured, Region

if TYPE_CHECKING:
    from mockocr.actions.idcard.catalogue_entry import Entry
    from mockocr.recognition.crops import Crops

_SPOILING: frozenset[WarningName] = frozenset({"border", "occlusion", "reflection"})
"""With these, names and values of fields are not all complete and free of reflections (assumed)."""


class Shown(NamedTuple):
    """The card that is answered, wherever it came from."""

    card_side: CardSide
    texts: Mapping[str, str]
    """By member, those that are answered."""
    warnings: frozenset[WarningName]
    """That hold, asked for or not."""
    kept: Mapping[str, str]
    """Texts that stay where a temporary card blanks the others: what a rule gives."""
    crops: "Callable[[], Crops]"
    quality: int | None = None
    border: int | None = None
    """Scores that its picture has, where they are asked for."""
    reflections: tuple[Region, ...] = ()


def render(
    asked: IDCardQuery, answer: IDCardAnswer, conditions: Conditions, call_image: CallImage
) -> Mapping[str, Any]:
    """Raises ApiError where the answer is to be read from a picture that cannot be read."""
    key = f"{conditions.seed}:{call_image.digest()}".encode()
    shown = _shown(asked, answer, conditions, call_image, key)
    texts = _rectified(shown.texts) if asked.rectify else shown.texts
    contract = contract_on(conditions.contract)
    holding = _holding(shown, answer)
    if "temporary_id" in holding and "TempIdWarn" in asked.flags:
        # The page's example 1: -9104 comes with all eight members blank.
        texts = shown.kept
    members: dict[str, Any] = {name: texts.get(name, "") for name in _TEXTS}
    info = _advanced_info(asked, answer, contract, shown, key, holding)
    members["AdvancedInfo"] = _json_text(info) if info else contract.default_info[shown.card_side]
    told = "ReflectWarn" in asked.flags and asked.reflect_detail
    members["ReflectDetailInfos"] = [
        {"Position": position} for position in (shown.reflections if told else ())
    ]
    return {**members, **answer.members}


def _shown(
    asked: IDCardQuery,
    answer: IDCardAnswer,
    conditions: Conditions,
    call_image: CallImage,
    key: bytes,
) -> Shown:
    if isinstance(answer.card, str) and answer.card not in ("from_picture", "invented"):
        # Late: the catalogue takes 10 ms to import, and most calls name nobody.
        from mockocr.actions.idcard.named import BY_NAME

        entry = BY_NAME[answer.card]
        return _named(entry, named_specimen(asked, entry), answer)
    specimen = None
    if answer.card == "from_picture":
        specimen = read_specimen(asked, call_image, conditions.unknown_pictures)
    if specimen is None:
        return _invented(asked, answer, conditions, key)
    return _read(specimen, asked.flags, answer, call_image)


_TEXTS = (*FRONT_MEMBERS, *BACK_MEMBERS)


def _invented(
    asked: IDCardQuery, answer: IDCardAnswer, conditions: Conditions, key: bytes
) -> Shown:
    """As a rule says of the card, the rest made up. A picture without a side is taken for a front
    (assumed)."""
    said = {} if isinstance(answer.card, str) else answer.card
    card_side = asked.card_side or "FRONT"
    both = not said.keys().isdisjoint(FRONT_MEMBERS) and not said.keys().isdisjoint(BACK_MEMBERS)
    names: tuple[str, ...] = BACK_MEMBERS if card_side == "BACK" else FRONT_MEMBERS
    if "MultiCardDetect" in asked.flags and both:
        names = _TEXTS
    # A back shows no name: none is drawn, which takes the import of Faker.
    card = person(key, conditions, said if "Name" in names else {"Name": "", **said})
    texts = texts_of(card, said)

    def crops() -> "Crops":
        # Late: Pillow takes 30 ms to import, and few calls ask for crops.
        from mockocr.recognition.crops import drawn

        return drawn(card_data_of(card, Kind.FRONT if "IdNum" in names else Kind.BACK))

    shown = {name: texts[name] for name in names}
    kept = {name: text for name, text in said.items() if name in names}
    warnings = frozenset(answer.warnings or ())
    return Shown(card_side, shown, warnings, kept, crops, reflections=answer.reflections or ())


def _named(entry: "Entry", specimen: Specimen, answer: IDCardAnswer) -> Shown:
    """As the picture of the specimen says; what a rule says wins. The picture is not there to be
    measured, so that scores only agree with what is planted."""

    def crops() -> "Crops":
        from mockocr.recognition.crops import drawn

        return drawn(specimen.card_data_of_sides[specimen.card_side])

    warnings, reflections = frozenset(answer.warnings or ()), answer.reflections or ()
    if answer.warnings is None:
        warnings = specimen.warnings
        if answer.reflections is None:
            reflections = entry.reflections
    quality = LEAST_QUALITY - 1 if specimen.blurred else None
    return Shown(
        specimen.card_side,
        specimen.texts,
        warnings,
        {},
        crops,
        quality,
        reflections=reflections,
    )


def _read(specimen: Specimen, flags: Flags, answer: IDCardAnswer, call_image: CallImage) -> Shown:
    """As the picture says. What a rule says wins over what is planted in the picture, and that over
    what its pixels show, which is measured where a flag asks for it."""

    measured: list[Measured] = []
    if _to_be_measured(flags, answer):
        measured = [call_image.measure(side) for side in specimen.sides]
    warnings, reflections = frozenset(answer.warnings or ()), answer.reflections or ()
    if answer.warnings is None:
        seen = frozenset[str]().union(*(one.warnings for one in measured))
        warnings = specimen.warnings | cast(frozenset[WarningName], seen)
        if answer.reflections is None:
            found_at = {region for one in measured for region in one.reflections}
            reflections = tuple(region for region in get_args(Region) if region in found_at)
    quality = min((one.quality for one in measured), default=None)
    if specimen.blurred and quality is not None:
        quality = min(quality, LEAST_QUALITY - 1)
    border = max((one.border for one in measured if one.border is not None), default=None)
    crops = partial(call_image.cut, specimen.sides[0])
    return Shown(
        specimen.card_side, specimen.texts, warnings, {}, crops, quality, border, reflections
    )


def _to_be_measured(flags: Flags, answer: IDCardAnswer) -> bool:
    """Whether anything is asked for that a picture shows, and no rule says: it takes some time."""
    if ("Quality" in flags and answer.quality is None) or (
        "BorderCheckWarn" in flags and answer.border is None
    ):
        return True
    return answer.warnings is None and not _SHOWN_BY_PIXELS.isdisjoint(flags)


_SHOWN_BY_PIXELS = frozenset(
    {
        "BorderCheckWarn",
        "CopyWarn",
        "ReshootWarn",
        "DetectPsWarn",
        "ReflectWarn",
        "KeyCheck",
        "ValueCheck",
    }
)


def _rectified(texts: Mapping[str, str]) -> Mapping[str, str]:
    """EnableRecognitionRectify: sex, birth and number agree ("三个字段会进行矫正补齐", API page
    §2); that the number decides is assumed."""
    facts = number.read(texts.get("IdNum", ""))
    if facts is None:
        return texts
    return {**texts, "Sex": facts.sex, "Birth": birth_text(facts.birth)}


def _holding(shown: Shown, answer: IDCardAnswer) -> set[WarningName]:
    """The warnings that hold, asked for or not."""
    holding = set(shown.warnings)
    if answer.reflections:
        holding.add("reflection")
    if valid_date := shown.texts.get("ValidDate"):
        span = read_validity(valid_date)
        if span is None or not is_documented_span(*span):
            holding.add("invalid_date")
    return holding


def _advanced_info(
    asked: IDCardQuery,
    answer: IDCardAnswer,
    contract: Contract,
    shown: Shown,
    key: bytes,
    holding: set[WarningName],
) -> dict[str, Any]:
    """Exactly what Config asks for; no WarnInfos but with a *Warn flag. A warning that the contract
    has not is not given (docs/fidelity.md#warn-infos, docs/fidelity.md#warn-infos-only)."""
    flags = asked.flags
    info: dict[str, Any] = {}
    if "CropIdCard" in flags or "CropPortrait" in flags:
        info |= _crops(flags, shown.crops())
    chance = sha256(key).digest()
    # Assumed scores of a picture that is no specimen (docs/fidelity.md#scores-of-others).
    if "Quality" in flags:
        info["Quality"] = _said(answer.quality, shown.quality, 80 + chance[0] % 20)
    if "BorderCheckWarn" in flags:
        whole = _said(shown.border, chance[1] % 21)
        info["BorderCodeValue"] = _said(answer.border, _agreeing(whole, "border" in holding))
    if "KeyCheck" in flags:
        info["IsKeyValid"] = holding.isdisjoint(_SPOILING)
    if "ValueCheck" in flags:
        info["IsValueValid"] = holding.isdisjoint(_SPOILING)
    if any(warning.flag in flags for warning in contract.warnings.values()):
        info["WarnInfos"] = [
            warning.code
            for name, warning in contract.warnings.items()
            if name in holding and asked.warns_of(warning)
        ]
    return info


def _said(*scores: int | None) -> int:
    """The first that there is."""
    return next(score for score in scores if score is not None)


def _agreeing(border: int, cut: bool) -> int:
    """BorderCodeValue, which never contradicts the warning: over 50 where the border is not whole
    ("分数越低边框遮挡可能性越低,建议阈值≤50", API page §3)."""
    if cut == (border > MOST_BORDER):
        return border
    return MOST_BORDER + 1 + border % 21 if cut else border % 21


def _crops(flags: Flags, crops: "Crops") -> dict[str, str]:
    """JPEG in Base64, as in the page's example 4. The back has no portrait: ""."""
    told = {}
    if "CropIdCard" in flags:
        told["IdCard"] = b64encode(crops.card).decode()
    if "CropPortrait" in flags:
        told["Portrait"] = b64encode(crops.portrait).decode()
    return told


_json_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
