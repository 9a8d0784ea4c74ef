"""The query of IDCardOCR: parameters and Config flags (API page §2; newer ones: `contract.py`)."""

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

    def with_image(self, image: Image) -> "IDCardQuery":
        return self._replace(image=image)

    def warns_of(self, warning: CardWarning) -> bool:
        """Whether the call asks for a warning."""
        return warning.flag in self.flags and (
            not warning.advanced or self.card_warn_type == "Advanced"
        )


def parse_query(parameters: Mapping[str, Any], day: date) -> IDCardQuery:
    """Parses by the contract of a day.

    Raises ApiError for the first invalid parameter, in the order of rows 26 to 29 of
    docs/fidelity.md#the-order-of-checks.

    Assumed: this order, CardWarnType next to CardSide in it, and EmptyImageError for a call without
    a picture.
    """
    contract, get = contract_on(day), parameters.get
    return IDCardQuery(
        card_side=_read_card_side(get("CardSide")),
        card_warn_type=_read_card_warn_type(get("CardWarnType")),
        flags=read_config(get("Config"), contract),
        image=_read_image(get("ImageUrl"), get("ImageBase64"), contract),
        rectify=get("EnableRecognitionRectify", True),
        reflect_detail=get("EnableReflectDetail", False),
        date_verify=get("EnableDateVerify", True),
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
    """Assumed: as for CardSide, "" means not given, and any other value is refused."""
    match text:
        case None | "":
            return "Basic"
        case "Basic" | "Advanced":
            return text
        case _:
            raise refused("InvalidParameterValue.InvalidParameterValueLimit")


def read_config(text: str | None, contract: Contract) -> Flags:
    """The flags in the JSON text of Config. Names that the contract does not have are ignored
    (assumed).

    Raises ApiError if the text is not a JSON object, or a flag is not a bool (assumed).
    """
    if not text:
        return NO_FLAGS
    try:
        config = json.loads(text)
    except (ValueError, RecursionError):
        config = None
    if not isinstance(config, dict):
        raise refused("InvalidParameter.ConfigFormatError")
    flags = {name: config[name] for name in config.keys() & contract.flags.keys()}
    if not all(isinstance(value, bool) for value in flags.values()):
        raise refused("InvalidParameter.ConfigFormatError")
    return frozenset(name for name, value in flags.items() if value)


NO_FLAGS = Flags()


def _read_image(url: str | None, base64: str | LongText | None, contract: Contract) -> Image:
    # "图片的 ImageUrl、ImageBase64 必须提供一个，如果都提供，只使用 ImageUrl" (API page §2).
    if url:
        return ImageAtUrl(url, contract.base64_characters)
    text = LongText.of(base64) if isinstance(base64, str) else base64
    if text is None or (not bytes(text.content[:64]).strip() and not bytes(text.content).strip()):
        raise refused("FailedOperation.EmptyImageError")
    # 要求图片经Base64编码后不超过 7M (API page §2); white space does not count.
    limit = contract.base64_characters
    if len(text) > limit and len(text) - _blanks(text) > limit:
        raise refused("LimitExceeded.TooLargeFileError")
    return Base64Image(text)


def _blanks(text: LongText) -> int:
    return len(text) - len(b"".join(bytes(text.content).split()))


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
