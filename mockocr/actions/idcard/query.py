"""What a call of IDCardOCR asks for: its parameters and Config flags (API page §2, and what came
since: `contract.py`)."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, NamedTuple, TypeAlias

from mockocr.actions.facts import Facts
from mockocr.actions.idcard.contract import CardWarning, Contract, contract_on
from mockocr.actions.idcard.refusals import refused
from mockocr.images.image import Base64Image, Image, ImageAtUrl
from mockocr.protocol.parameters import LongText

CardSide = Literal["FRONT", "BACK"]
CardWarnType = Literal["Basic", "Advanced"]


Flags: TypeAlias = frozenset[str]
"""Of `Config`, those that are set: "以下可选字段均为bool 类型,默认false" (API page §2)."""


class IDCardQuery(NamedTuple):
    """A request that makes sense: what is wanted of which picture."""

    image: Image
    card_side: CardSide | None
    flags: Flags
    rectify: bool
    """EnableRecognitionRectify: sex and birth follow from the number."""
    reflect_detail: bool
    date_verify: bool
    """EnableDateVerify. Assumed: without effect, as it was soon hidden and nothing tells of any."""
    card_warn_type: CardWarnType

    def warns_of(self, warning: CardWarning) -> bool:
        """Whether a warning is asked for."""
        return warning.flag in self.flags and (
            not warning.advanced or self.card_warn_type == "Advanced"
        )


def parse_query(parameters: Mapping[str, Any], day: date) -> IDCardQuery:
    """By the contract of a day. Raises ApiError for what makes no sense, in the order of rows 26 to
    29 of docs/fidelity.md#the-order-of-checks.

    That order, CardWarnType beside CardSide in it, and EmptyImageError where no picture is given at
    all, are assumptions.
    """
    contract, said = contract_on(day), parameters.get
    return IDCardQuery(
        card_side=_read_card_side(said("CardSide")),
        card_warn_type=_read_card_warn_type(said("CardWarnType")),
        flags=read_config(said("Config"), contract),
        image=_read_image(said("ImageUrl"), said("ImageBase64"), contract),
        rectify=said("EnableRecognitionRectify", True),
        reflect_detail=said("EnableReflectDetail", False),
        date_verify=said("EnableDateVerify", True),
    )


def _read_card_side(text: str | None) -> CardSide | None:
    match text:
        case None | "":
            return None
        case "FRONT" | "BACK":
            return text
        case _:
            raise refused("InvalidParameterValue.InvalidParameterValueLimit")


def _read_card_warn_type(text: str | None) -> CardWarnType:
    """Assumed: "" is not given, as for CardSide, and another value is refused as another side."""
    match text:
        case None | "":
            return "Basic"
        case "Basic" | "Advanced":
            return text
        case _:
            raise refused("InvalidParameterValue.InvalidParameterValueLimit")


def read_config(text: str | None, contract: Contract) -> Flags:
    """Flags out of the JSON text of `Config`; names that are no flags of the contract are ignored
    (assumed).

    Raises ApiError for text that is no JSON object, and for a flag that is no bool (assumed).
    """
    if not text:
        return NO_FLAGS
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise refused("InvalidParameter.ConfigFormatError")
    flags = {name: said[name] for name in said.keys() & contract.flags.keys()}
    if not all(isinstance(value, bool) for value in flags.values()):
        raise refused("InvalidParameter.ConfigFormatError")
    return frozenset(name for name, value in flags.items() if value)


NO_FLAGS = Flags()


def _read_image(url: str | None, sent: str | LongText | None, contract: Contract) -> Image:
    # "图片的 ImageUrl、ImageBase64 必须提供一个，如果都提供，只使用 ImageUrl" (API page §2).
    if url:
        return ImageAtUrl(url, contract.base64_characters)
    text = LongText.of(sent) if isinstance(sent, str) else sent
    if text is None or (not bytes(text.content[:64]).strip() and not bytes(text.content).strip()):
        raise refused("FailedOperation.EmptyImageError")
    # 要求图片经Base64编码后不超过 7M (API page §2); white space not counted.
    most = contract.base64_characters
    if len(text) > most and len(text) - _blanks(text) > most:
        raise refused("LimitExceeded.TooLargeFileError")
    return Base64Image(text)


def _blanks(text: LongText) -> int:
    return len(text) - len(b"".join(bytes(text.content).split()))


_FACT_OF_FLAG = {flag: f"Config.{flag}" for flag in contract_on(date.max).flags}


def facts(asked: IDCardQuery) -> Facts:
    """What a rule may ask about, by the API's own names; a flag of Config as `Config.Name`."""
    image, flags = asked.image, asked.flags
    known = {
        "CardSide": asked.card_side,
        "ImageUrl": image.url if isinstance(image, ImageAtUrl) else None,
        "EnableRecognitionRectify": asked.rectify,
        "EnableReflectDetail": asked.reflect_detail,
        "EnableDateVerify": asked.date_verify,
        "CardWarnType": asked.card_warn_type,
    } | {fact: flag in flags for flag, fact in _FACT_OF_FLAG.items()}
    return Facts(known, {"ImageBase64": lambda _: _base64(image)})


def _base64(image: Image) -> str | None:
    if isinstance(image, ImageAtUrl):
        return None
    return bytes(image.text.content).decode(errors="replace")
