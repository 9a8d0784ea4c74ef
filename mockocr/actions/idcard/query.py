"""The query of IDCardOCR: parameters and Config flags (API page §2; newer ones: `contract.py`)."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

from mockocr.actions.facts import Facts
from mockocr.actions.idcard import hints
from mockocr.actions.idcard.contract import CHANGES, CardWarning, Contract, contract_on
from mockocr.actions.idcard.refusals import refused
from mockocr.images.image import Base64Image, Image, ImageAtUrl
from mockocr.protocol.errors import ApiError
from mockocr.protocol.parameters import LongText, json_problem, without_blanks
from mockocr.protocol.reasons import Hint, Note, Reason, json_type, shown_name, shown_word
from mockocr.suggestions import closest

CardSide = Literal["FRONT", "BACK"]
CardWarnType = Literal["Basic", "Advanced"]


Flags: TypeAlias = frozenset[str]
"""The flags of Config that are true. "以下可选字段均为bool 类型,默认false" (API page §2)."""


class IDCardQuery(NamedTuple):
    """A valid request: a picture, and what to return about it."""

    image: Image
    card_side: CardSide | None
    flags: Flags
    rectify: bool
    """EnableRecognitionRectify: Sex and Birth are derived from the number."""
    reflect_detail: bool
    date_verify: bool
    """EnableDateVerify. It has no effect (docs/fidelity.md#date-verify)."""
    card_warn_type: CardWarnType
    notes: tuple[Note, ...] = ()
    """Notes on parameters and flags of the call that have no effect."""

    @property
    def picture(self) -> str:
        """The parameter that the picture was sent in."""
        return "ImageUrl" if isinstance(self.image, ImageAtUrl) else "ImageBase64"

    def with_image(self, image: Image) -> "IDCardQuery":
        return self._replace(image=image)

    def warns_of(self, warning: CardWarning) -> bool:
        """Whether the call asks for a warning."""
        return is_asked_for(warning, self.flags, self.card_warn_type)


def is_asked_for(warning: CardWarning, flags: Flags, card_warn_type: CardWarnType) -> bool:
    return warning.flag in flags and (not warning.advanced or card_warn_type == "Advanced")


def parse_query(parameters: Mapping[str, Any], day: date) -> IDCardQuery:
    """Parses by the contract of a day.

    Raises ApiError for the first invalid parameter, in the order of rows 26 to 29 of
    docs/fidelity.md#the-order-of-checks.

    Assumed: the order of the checks, with CardWarnType checked right after CardSide, and
    EmptyImageError for a call without a picture.
    """
    contract, get = contract_on(day), parameters.get
    card_side = _read_card_side(get("CardSide"))
    card_warn_type = _read_card_warn_type(get("CardWarnType"))
    flags, notes = read_config(get("Config"), contract)
    if (url := get("ImageUrl")) and get("ImageBase64"):
        notes += (Note("image_ignored", Reason(hints.BASE64_IGNORED, "ImageBase64")),)
    image = _read_image(url, get("ImageBase64"), contract)
    if card_warn_type == "Advanced" and "DetectPsWarn" not in flags:
        notes += _without_effect("CardWarnType", "Config.DetectPsWarn")
    if (reflect_detail := get("EnableReflectDetail", False)) and "ReflectWarn" not in flags:
        notes += _without_effect("EnableReflectDetail", "Config.ReflectWarn")
    if "EnableDateVerify" in parameters:
        notes += (Note("without_effect", Reason(hints.NEVER_AN_EFFECT, "EnableDateVerify")),)
    return IDCardQuery(
        image,
        card_side,
        flags,
        get("EnableRecognitionRectify", True),
        reflect_detail,
        get("EnableDateVerify", True),
        card_warn_type,
        notes,
    )


def _without_effect(parameter: str, flag: str) -> tuple[Note, ...]:
    reason = Reason(hints.WITHOUT_EFFECT, parameter, expected=f"{flag}: true")
    return (Note("without_effect", reason),)


def _read_card_side(text: str | None) -> CardSide | None:
    match text:
        case None | "":
            return None
        case "FRONT" | "BACK":
            return text
        case _:
            raise _not_one_of("CardSide", text, get_args(CardSide))


def _not_one_of(name: str, text: str, choices: Sequence[str]) -> ApiError:
    suggestion = closest(text, choices)
    reason = Reason(hints.ONE_OF, name, shown_word(text), ", ".join(choices), suggestion)
    return refused("InvalidParameterValue.InvalidParameterValueLimit", reason)


def _read_card_warn_type(text: str | None) -> CardWarnType:
    """Assumed: as for CardSide, "" means not given, and any other value is refused."""
    match text:
        case None | "":
            return "Basic"
        case "Basic" | "Advanced":
            return text
        case _:
            raise _not_one_of("CardWarnType", text, get_args(CardWarnType))


MAX_NOTED_FLAGS = 5


def read_config(text: str | None, contract: Contract) -> tuple[Flags, tuple[Note, ...]]:
    """The flags in the JSON text of Config. Names that the contract does not have are ignored
    (assumed), with a note for each of the first few.

    Raises ApiError if the text is not a JSON object, or a flag is not a bool (assumed).
    """
    if not text:
        return NO_FLAGS, ()
    try:
        config = json.loads(text)
    except RecursionError:
        raise _wrong_config(hints.CONFIG_NOT_AN_OBJECT, "> 1000 levels", "object") from None
    except ValueError as error:
        raise _wrong_config(hints.CONFIG_NOT_JSON, json_problem(error), "JSON") from None
    if not isinstance(config, dict):
        raise _wrong_config(hints.CONFIG_NOT_AN_OBJECT, json_type(config), "object")
    flags = {name: config[name] for name in config.keys() & contract.flags.keys()}
    if not all(isinstance(value, bool) for value in flags.values()):
        name, value = next(it for it in flags.items() if not isinstance(it[1], bool))
        got = shown_word(value) if isinstance(value, str) else json_type(value)
        raise _wrong_config(hints.FLAG_NOT_A_BOOL, got, "true, false", f"Config.{name}")
    notes: tuple[Note, ...] = ()
    if len(flags) < len(config):
        unknown = (name for name in config if name not in flags)
        notes = tuple(_ignored(name, contract) for name in islice(unknown, MAX_NOTED_FLAGS))
    return frozenset(name for name, value in flags.items() if value), notes


def _wrong_config(hint: Hint, got: str, expected: str, parameter: str = "Config") -> ApiError:
    return refused("InvalidParameter.ConfigFormatError", Reason(hint, parameter, got, expected))


def _ignored(flag: str, contract: Contract) -> Note:
    parameter = f"Config.{shown_name(flag)}"
    since = next((str(change.day) for change in CHANGES if flag in change.flags), None)
    if since is not None:
        return Note("unknown_flag", Reason(hints.NEWER_FLAG, parameter, expected=since))
    suggestion = closest(flag, contract.flags)
    return Note("unknown_flag", Reason(hints.UNKNOWN_FLAG, parameter, suggestion=suggestion))


NO_FLAGS = Flags()


def _read_image(url: str | None, base64: str | LongText | None, contract: Contract) -> Image:
    # "图片的 ImageUrl、ImageBase64 必须提供一个，如果都提供，只使用 ImageUrl" (API page §2).
    if url:
        return ImageAtUrl(url, contract.base64_characters)
    text = LongText.of(base64) if isinstance(base64, str) else base64
    if text is None or (not bytes(text.content[:64]).strip() and not bytes(text.content).strip()):
        reason = Reason(hints.NO_PICTURE, "ImageBase64, ImageUrl")
        raise refused("FailedOperation.EmptyImageError", reason)
    # 要求图片经Base64编码后不超过 7M (API page §2); white space does not count.
    limit = contract.base64_characters
    if len(text) > limit and (characters := len(text) - _blanks(text)) > limit:
        got, expected = f"{characters} characters", f"≤ {limit} characters"
        reason = Reason(hints.TOO_LARGE, "ImageBase64", got, expected)
        raise refused("LimitExceeded.TooLargeFileError", reason)
    return Base64Image(text)


def _blanks(text: LongText) -> int:
    return len(text) - len(without_blanks(text.content))


_FACT_OF_FLAG = {flag: f"Config.{flag}" for flag in contract_on(date.max).flags}


def facts(query: IDCardQuery) -> Facts:
    """The parameters by the API's names; a flag of Config as `Config.Name`."""
    image, flags = query.image, query.flags
    values = {
        "CardSide": query.card_side,
        "ImageUrl": image.url if isinstance(image, ImageAtUrl) else None,
        "EnableRecognitionRectify": query.rectify,
        "EnableReflectDetail": query.reflect_detail,
        "EnableDateVerify": query.date_verify,
        "CardWarnType": query.card_warn_type,
    } | {fact: flag in flags for flag, fact in _FACT_OF_FLAG.items()}
    return Facts(values, {"ImageBase64": lambda _: _base64(image)})


def _base64(image: Image) -> str | None:
    if isinstance(image, ImageAtUrl):
        return None
    return bytes(image.text.content).decode(errors="replace")
