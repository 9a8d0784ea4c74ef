"""Renders a query and its answer as the members of Response (API page §3)."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple, cast, get_args

from mockocr.accounts.call_settings import CallSettings
from mockocr.actions.action import PictureNeed, Rendering
from mockocr.actions.idcard import hints
from mockocr.actions.idcard.answer import IDCardAnswer
from mockocr.actions.idcard.contract import Contract, contract_on
from mockocr.actions.idcard.person import person, texts_of
from mockocr.actions.idcard.query import CardSide, Flags, IDCardQuery
from mockocr.actions.idcard.refusals import refused
from mockocr.actions.idcard.specimen import (
    REFUSAL_OF_IMAGE_ERROR,
    Specimen,
    named_specimen,
    read_specimen,
)
from mockocr.actions.idcard.texts import BACK_MEMBERS, FRONT_MEMBERS, read_validity
from mockocr.images.image import ImageError, NotDecodedError
from mockocr.people import number
from mockocr.people.card import birth_text
from mockocr.people.validity import is_documented_span
from mockocr.protocol.reasons import Note, Reason
from mockocr.recognition.call_image import CallImage
from mockocr.specimens.card_data import Kind, WarningName, card_data_of
from mockocr.specimens.measured import LEAST_QUALITY, MOST_BORDER, Measured, Region

if TYPE_CHECKING:
    from mockocr.actions.idcard.specimens.entry import Entry
    from mockocr.recognition.crops import Crops

_MAKING_FIELDS_INVALID: frozenset[WarningName] = frozenset({"border", "occlusion", "reflection"})
"""With one of these, IsKeyValid and IsValueValid are false (docs/fidelity.md#key-valid)."""


class Card(NamedTuple):
    """The card to return: from a picture, from the catalogue, or generated."""

    card_side: CardSide
    texts: Mapping[str, str]
    """By member of Response."""
    warnings: frozenset[WarningName]
    """All that apply, whether or not the call asks for them."""
    scripted_texts: Mapping[str, str]
    """The texts that a rule gives. Only these are returned for a temporary card."""
    crops: "Callable[[], Crops]"
    quality: int | None = None
    border: int | None = None
    """The scores of the picture; None if they were not measured."""
    reflections: tuple[Region, ...] = ()


def render(
    query: IDCardQuery, answer: IDCardAnswer, settings: CallSettings, call_image: CallImage
) -> Rendering:
    """Raises ApiError if the answer depends on a picture that cannot be read."""
    try:
        return _rendering(query, answer, settings, call_image)
    except NotDecodedError:
        too_large = ImageError.TOO_LARGE
        reason = call_image.why(too_large)
        raise refused(REFUSAL_OF_IMAGE_ERROR[too_large], reason) from None


def _rendering(
    query: IDCardQuery, answer: IDCardAnswer, settings: CallSettings, call_image: CallImage
) -> Rendering:
    notes: list[Note] = []
    key = f"{settings.seed}:{call_image.digest()}".encode()
    card = _card(query, answer, settings, call_image, key)
    texts = _rectified(card.texts) if query.rectify else card.texts
    contract = contract_on(settings.contract)
    warnings = _warnings(card, answer)
    if "temporary_id" in warnings and "TempIdWarn" in query.flags:
        # Example 1 of the API page: with -9104 all eight members are blank.
        texts = card.scripted_texts
    elif query.rectify and (changed := [it for it in texts if texts[it] != card.texts[it]]):
        notes.append(Note("rectified", Reason(hints.RECTIFIED, ", ".join(changed))))
    members: dict[str, Any] = {name: texts.get(name, "") for name in _TEXTS}
    info = _advanced_info(query, answer, contract, card, key, warnings, notes)
    members["AdvancedInfo"] = _json_text(info) if info else contract.default_info[card.card_side]
    has_details = "ReflectWarn" in query.flags and query.reflect_detail
    if answer.reflections and not has_details:
        notes.append(_withheld("reflections", "EnableReflectDetail"))
    members["ReflectDetailInfos"] = [
        {"Position": position} for position in (card.reflections if has_details else ())
    ]
    return Rendering({**members, **answer.members}, tuple(notes))


def _withheld(part: str, parameter: str, expected: str = "true") -> Note:
    reason = Reason(hints.WITHHELD, parameter, part, f"{parameter}: {expected}")
    return Note("withheld", reason)


def _card(
    query: IDCardQuery,
    answer: IDCardAnswer,
    settings: CallSettings,
    call_image: CallImage,
    key: bytes,
) -> Card:
    if isinstance(answer.card, str) and answer.card not in ("from_picture", "invented"):
        # Late: the catalogue takes 10 ms to import, and most answers name no specimen.
        from mockocr.actions.idcard.specimens.catalogue import BY_NAME

        entry = BY_NAME[answer.card]
        return _named(entry, named_specimen(query, entry), answer)
    specimen = None
    if answer.card == "from_picture":
        specimen = read_specimen(query, call_image, settings.unknown_pictures)
    if specimen is None:
        return _invented(query, answer, settings, key)
    return _read(specimen, query.flags, answer, call_image)


_TEXTS = (*FRONT_MEMBERS, *BACK_MEMBERS)


def _invented(query: IDCardQuery, answer: IDCardAnswer, settings: CallSettings, key: bytes) -> Card:
    """A card with the texts of the rule; the others are generated. Without CardSide it is a front
    (assumed)."""
    scripted = {} if isinstance(answer.card, str) else answer.card
    card_side = query.card_side or "FRONT"
    both = not (
        scripted.keys().isdisjoint(FRONT_MEMBERS) or scripted.keys().isdisjoint(BACK_MEMBERS)
    )
    names: tuple[str, ...] = BACK_MEMBERS if card_side == "BACK" else FRONT_MEMBERS
    if "MultiCardDetect" in query.flags and both:
        names = _TEXTS
    # A back has no name, and generating one imports Faker.
    id_card = person(key, settings, scripted if "Name" in names else {"Name": "", **scripted})
    texts = texts_of(id_card, scripted)

    def crops() -> "Crops":
        # Late: Pillow takes 30 ms to import, and few calls ask for crops.
        from mockocr.recognition.crops import drawn

        return drawn(card_data_of(id_card, Kind.FRONT if "IdNum" in names else Kind.BACK))

    return Card(
        card_side,
        {name: texts[name] for name in names},
        frozenset(answer.warnings or ()),
        {name: text for name, text in scripted.items() if name in names},
        crops,
        reflections=answer.reflections or (),
    )


def _named(entry: "Entry", specimen: Specimen, answer: IDCardAnswer) -> Card:
    """A specimen of the catalogue, overridden by the rule. There is no picture to measure, so the
    scores are only consistent with the recorded defects."""

    def crops() -> "Crops":
        from mockocr.recognition.crops import drawn

        return drawn(specimen.card_data_of_sides[specimen.card_side])

    warnings, reflections = frozenset(answer.warnings or ()), answer.reflections or ()
    if answer.warnings is None:
        warnings = specimen.warnings
        if answer.reflections is None:
            reflections = entry.reflections
    quality = LEAST_QUALITY - 1 if specimen.blurred else None
    return Card(
        specimen.card_side,
        specimen.texts,
        warnings,
        {},
        crops,
        quality,
        reflections=reflections,
    )


def _read(specimen: Specimen, flags: Flags, answer: IDCardAnswer, call_image: CallImage) -> Card:
    """The card in the picture. The rule overrides recorded defects, and these override measured
    ones (docs/fidelity.md#warnings-precedence). Pixels are measured only if a flag needs it."""
    measured: list[Measured] = []
    if _needs_measuring(flags, answer):
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
    return Card(
        specimen.card_side, specimen.texts, warnings, {}, crops, quality, border, reflections
    )


def _needs_measuring(flags: Flags, answer: IDCardAnswer) -> bool:
    """Whether the call requests a value that is measured in pixels, which takes milliseconds."""
    if ("Quality" in flags and answer.quality is None) or (
        "BorderCheckWarn" in flags and answer.border is None
    ):
        return True
    return answer.warnings is None and not _MEASURED_FLAGS.isdisjoint(flags)


_MEASURED_FLAGS = frozenset(
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


def picture_need(query: IDCardQuery) -> PictureNeed:
    """The need of a query if no rule sets a part of its answer."""
    if not query.flags.isdisjoint(("CropIdCard", "CropPortrait")):
        return "pixels"
    return "scores" if _needs_measuring(query.flags, IDCardAnswer()) else "cards"


def _rectified(texts: Mapping[str, str]) -> Mapping[str, str]:
    """EnableRecognitionRectify: sex, birth and number agree ("三个字段会进行矫正补齐", API page
    §2). The number decides (assumed)."""
    facts = number.read(texts.get("IdNum", ""))
    if facts is None:
        return texts
    return {**texts, "Sex": facts.sex, "Birth": birth_text(facts.birth)}


def _warnings(card: Card, answer: IDCardAnswer) -> set[WarningName]:
    """All warnings that apply, whether or not the call asks for them."""
    warnings = set(card.warnings)
    if answer.reflections:
        warnings.add("reflection")
    if valid_date := card.texts.get("ValidDate"):
        span = read_validity(valid_date)
        if span is None or not is_documented_span(*span):
            warnings.add("invalid_date")
    return warnings


def _advanced_info(
    query: IDCardQuery,
    answer: IDCardAnswer,
    contract: Contract,
    card: Card,
    key: bytes,
    warnings: set[WarningName],
    notes: list[Note],
) -> dict[str, Any]:
    """The members that Config requests, and no others. WarnInfos is present if a *Warn flag is set,
    and has only warnings of the contract (docs/fidelity.md#warn-infos,
    docs/fidelity.md#warn-infos-only).

    Adds a note for each member that is left out."""
    flags = query.flags
    info: dict[str, Any] = {}
    if "CropIdCard" in flags or "CropPortrait" in flags:
        info |= _crops(flags, card.crops())
    chance = sha256(key).digest()
    # Scores that were not measured are assumed (docs/fidelity.md#scores-of-others).
    if "Quality" in flags:
        info["Quality"] = _first(answer.quality, card.quality, 80 + chance[0] % 20)
    elif answer.quality is not None:
        notes.append(_withheld("quality", "Config.Quality"))
    if "BorderCheckWarn" in flags:
        border = _border_score(_first(card.border, chance[1] % 21), "border" in warnings)
        info["BorderCodeValue"] = _first(answer.border, border)
    elif answer.border is not None:
        notes.append(_withheld("border", "Config.BorderCheckWarn"))
    if "KeyCheck" in flags:
        info["IsKeyValid"] = warnings.isdisjoint(_MAKING_FIELDS_INVALID)
    if "ValueCheck" in flags:
        info["IsValueValid"] = warnings.isdisjoint(_MAKING_FIELDS_INVALID)
    codes = []
    for name, warning in contract.warnings.items() if warnings else ():
        if name not in warnings:
            continue
        if query.warns_of(warning):
            codes.append(warning.code)
        elif warning.flag in flags:
            notes.append(_withheld(f"{warning.code} ({name})", "CardWarnType", "Advanced"))
        else:
            notes.append(_withheld(f"{warning.code} ({name})", f"Config.{warning.flag}"))
    if any(warning.flag in flags for warning in contract.warnings.values()):
        info["WarnInfos"] = codes
    return info


def _first(*scores: int | None) -> int:
    return next(score for score in scores if score is not None)


def _border_score(border: int, cut: bool) -> int:
    """A BorderCodeValue that agrees with the warning: over 50 if the border is incomplete
    ("分数越低边框遮挡可能性越低,建议阈值≤50", API page §3)."""
    if cut == (border > MOST_BORDER):
        return border
    return MOST_BORDER + 1 + border % 21 if cut else border % 21


def _crops(flags: Flags, crops: "Crops") -> dict[str, str]:
    """JPEG as Base64, as in example 4 of the API page. The portrait of a back is ""."""
    texts = {}
    if "CropIdCard" in flags:
        texts["IdCard"] = b64encode(crops.card).decode()
    if "CropPortrait" in flags:
        texts["Portrait"] = b64encode(crops.portrait).decode()
    return texts


_json_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
