"""What a scenario may write in an answer of IDCardOCR.

CamelCase keys are the API's own; lower-case keys are mockocr's (docs/scenarios.md).
"""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag
from pydantic.alias_generators import to_pascal

from mockocr.actions.idcard.answer import IDCardAnswer
from mockocr.actions.idcard.contract import WARNING_OF_CODE
from mockocr.actions.idcard.specimens.catalogue import ANSWERED_NAMES, BY_NAME
from mockocr.documents.messages import invalid
from mockocr.specimens.card_data import WarningName
from mockocr.specimens.measured import Region
from mockocr.suggestions import unknown


def _by_name(warning: Any) -> Any:
    """The warning that has a code in some contract; a name is returned unchanged."""
    if type(warning) is not int:
        return warning
    if warning not in WARNING_OF_CODE:
        raise invalid(unknown("warning code", warning, WARNING_OF_CODE))
    return WARNING_OF_CODE[warning]


WarningNameOrCode: TypeAlias = Annotated[
    WarningName, BeforeValidator(_by_name, json_schema_input_type=WarningName | int)
]


class ApiSpec(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_pascal,
        extra="forbid",
        strict=True,
        frozen=True,
        # As in matchers.Spec.
        defer_build=True,
    )


class CardText(ApiSpec):
    """The eight text members of Response (API page §3)."""

    name: str | None = None
    sex: str | None = None
    nation: str | None = None
    birth: str | None = None
    address: str | None = None
    id_num: str | None = None
    authority: str | None = None
    valid_date: str | None = None

    def members(self) -> dict[str, Any]:
        """Members of Response, as written."""
        return self.model_dump(by_alias=True, exclude=_NO_MEMBERS, exclude_none=True)


class CardFields(CardText):
    """Texts of a card; the others are generated to match."""

    sex: Literal["男", "女"] | None = None


class ReflectDetailInfo(ApiSpec):
    """The position of a reflection (docs/fidelity.md#reflect-positions)."""

    position: Region


def _word_or_fields(card: Any) -> str:
    return "word" if isinstance(card, str) else "fields"


def _is_answered(name: Any) -> Any:
    entry = BY_NAME.get(name) if isinstance(name, str) else None
    if entry is not None and entry.code is not None:
        raise invalid(f"specimen {name!r} is refused; write `error: {entry.code}` instead")
    return name


_Words: Any = Literal["from_picture", "invented", *ANSWERED_NAMES]


Score = Annotated[int, Field(ge=0, le=100)]


class IDCardAnswerSpec(CardText):
    """An answer. Members of Response (CamelCase) are returned exactly as they are written here."""

    card: Annotated[
        Annotated[_Words, BeforeValidator(_is_answered, json_schema_input_type=_Words), Tag("word")]
        | Annotated[CardFields, Tag("fields")],
        Discriminator(_word_or_fields),
    ] = Field(
        default="from_picture",
        alias="card",
        description="from_picture: what the picture shows; invented: a generated person; the name"
        " of a specimen:\nas if its picture had been sent; or some fields: the others are generated"
        " to match.",
    )
    warnings: tuple[WarningNameOrCode, ...] = Field(
        default=(),
        alias="warnings",
        strict=False,
        description="By name or code; each is returned only if its flag of Config is set.",
    )
    quality: Score | None = Field(
        default=None, alias="quality", description="Quality, returned with Config.Quality."
    )
    border: Score | None = Field(
        default=None,
        alias="border",
        description="BorderCodeValue, returned with Config.BorderCheckWarn.",
    )
    reflections: tuple[Region, ...] = Field(
        default=(),
        alias="reflections",
        strict=False,
        description="Positions of reflections: they imply the warning `reflection`, and fill"
        " ReflectDetailInfos\nif the call asks for it.",
    )
    advanced_info: str | None = None
    reflect_detail_infos: list[ReflectDetailInfo] | None = None

    def answer(self) -> IDCardAnswer:
        values = {name: getattr(self, name) for name in _NO_MEMBERS & self.model_fields_set}
        if isinstance(self.card, CardFields):
            values["card"] = self.card.members()
        return IDCardAnswer(**values, members=self.members())


_NO_MEMBERS = {"card", "warnings", "quality", "border", "reflections"}
"""Fields that are not members of Response."""
