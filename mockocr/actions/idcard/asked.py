"""What a call of IDCardOCR asks for: its parameters and Config flags (API page §2, and what came
since: `contract.py`)."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.alias_generators import to_pascal
from pydantic_core import from_json

from mockocr.actions.facts import Facts
from mockocr.actions.idcard.contract import CardWarning, Contract, contract_on
from mockocr.actions.idcard.refusals import refused
from mockocr.pictures.picture import Base64Image, Image, ImageAtUrl
from mockocr.protocol.parameters import LongText

CardSide = Literal["FRONT", "BACK"]
CardWarnType = Literal["Basic", "Advanced"]


class _Documented(BaseModel):
    """Spelled on the wire as the API page spells it, and no type but the documented one."""

    model_config = ConfigDict(alias_generator=to_pascal, strict=True, frozen=True)


class Flags(_Documented):
    """`Config`, parsed: "以下可选字段均为bool 类型,默认false" (API page §2)."""

    crop_id_card: bool = False
    crop_portrait: bool = False
    copy_warn: bool = False
    border_check_warn: bool = False
    reshoot_warn: bool = False
    detect_ps_warn: bool = False
    temp_id_warn: bool = False
    invalid_date_warn: bool = False
    quality: bool = False
    multi_card_detect: bool = False
    reflect_warn: bool = False
    key_check: bool = False
    value_check: bool = False

    def has(self, flag: str) -> bool:
        """Whether a flag is set, by its name on the wire."""
        return bool(getattr(self, _FIELD_OF_FLAG[flag]))


_FIELD_OF_FLAG = {str(field.alias): name for name, field in Flags.model_fields.items()}
_FLAG_OF_FACT = {f"Config.{flag}": name for flag, name in _FIELD_OF_FLAG.items()}


class IDCardOCRRequest(_Documented):
    """The parameters of all contracts as they come: names and types, no more."""

    model_config = ConfigDict(extra="forbid")

    image_base64: LongText | None = Field(default=None, alias="ImageBase64")
    image_url: str | None = None
    card_side: str | None = None
    config: str | None = None
    enable_recognition_rectify: bool = True
    enable_reflect_detail: bool = False
    enable_date_verify: bool = True
    card_warn_type: str | None = None

    @field_validator("*", mode="wrap")
    @classmethod
    def _null_is_not_given(cls, value: Any, validate: Any, info: Any) -> Any:
        """SDKs of typed languages may send null for what is not set (assumed to be accepted)."""
        if value is None:
            return cls.model_fields[info.field_name].default
        return validate(value)


@dataclass(frozen=True, slots=True)
class Asked:
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
        return self.flags.has(warning.flag) and (
            not warning.advanced or self.card_warn_type == "Advanced"
        )


def understand(request: IDCardOCRRequest, day: date) -> Asked:
    """By the contract of a day. Raises ApiError for what makes no sense, in the order of `wire.md`
    §5 rows 24 to 27.

    That order, CardWarnType beside CardSide in it, and EmptyImageError where no picture is given at
    all, are assumptions.
    """
    contract = contract_on(day)
    return Asked(
        card_side=_read_card_side(request.card_side),
        card_warn_type=_read_card_warn_type(request.card_warn_type),
        flags=read_config(request.config, contract),
        image=_read_image(request, contract),
        rectify=request.enable_recognition_rectify,
        reflect_detail=request.enable_reflect_detail,
        date_verify=request.enable_date_verify,
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
        return _NO_FLAGS
    try:
        said = from_json(text.encode())
        if isinstance(said, dict):
            said = {name: said[name] for name in said.keys() & contract.flags.keys()}
        return Flags.model_validate(said)
    except ValueError:  # of from_json, or a ValidationError
        raise refused("InvalidParameter.ConfigFormatError") from None


_NO_FLAGS = Flags()


def _read_image(request: IDCardOCRRequest, contract: Contract) -> Image:
    # "图片的 ImageUrl、ImageBase64 必须提供一个，如果都提供，只使用 ImageUrl" (API page §2).
    if request.image_url:
        return ImageAtUrl(request.image_url, contract.base64_characters)
    text = request.image_base64
    if text is None or (not bytes(text.content[:64]).strip() and not bytes(text.content).strip()):
        raise refused("FailedOperation.EmptyImageError")
    # 要求图片经Base64编码后不超过 7M (API page §2); white space not counted.
    most = contract.base64_characters
    if len(text) > most and len(text) - _blanks(text) > most:
        raise refused("LimitExceeded.TooLargeFileError")
    return Base64Image(text)


def _blanks(text: LongText) -> int:
    return len(text) - len(b"".join(bytes(text.content).split()))


def facts(asked: Asked) -> Facts:
    """What a rule may ask about, by the API's own names; a flag of Config as `Config.Name`."""
    image, flags = asked.image, asked.flags
    known = {
        "CardSide": asked.card_side,
        "ImageUrl": image.url if isinstance(image, ImageAtUrl) else None,
        "EnableRecognitionRectify": asked.rectify,
        "EnableReflectDetail": asked.reflect_detail,
        "EnableDateVerify": asked.date_verify,
        "CardWarnType": asked.card_warn_type,
    } | {fact: getattr(flags, name) for fact, name in _FLAG_OF_FACT.items()}
    return Facts(known, {"ImageBase64": lambda _: _base64(image)})


def _base64(image: Image) -> str | None:
    if isinstance(image, ImageAtUrl):
        return None
    return bytes(image.text.content).decode(errors="replace")
