"""How a scenario says what is to be answered to IDCardOCR.

CamelCase words are the API's own; lower-case words are mockocr's (docs/scenarios.md).
"""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag
from pydantic.alias_generators import to_pascal
from pydantic_core import PydanticCustomError

from mockocr.actions.idcard.answer import IDCardAnswer
from mockocr.actions.idcard.contract import WARNING_OF_CODE
from mockocr.actions.idcard.named import ANSWERED, BY_NAME
from mockocr.documents.own_rule import OWN_RULE
from mockocr.specimens.card_data import WarningName
from mockocr.specimens.measured import Region


def _by_name(warning: Any) -> Any:
    """A code stands for the warning that has it in any contract."""
    if type(warning) is not int:
        return warning
    if warning not in WARNING_OF_CODE:
        raise PydanticCustomError(
            f"{OWN_RULE}warning_code",
            "{found} is no code of a warning; did you mean {near}?",
            {
                "found": warning,
                "near": min(WARNING_OF_CODE, key=lambda code: abs(code - warning)),
            },
        )
    return WARNING_OF_CODE[warning]


SpokenWarning: TypeAlias = Annotated[
    WarningName, BeforeValidator(_by_name, json_schema_input_type=WarningName | int)
]


class ApiSpec(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_pascal,
        extra="forbid",
        strict=True,
        frozen=True,
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

    def said(self) -> dict[str, Any]:
        """Members of Response, as they are given."""
        return self.model_dump(by_alias=True, exclude=_NO_MEMBERS, exclude_none=True)


class CardFields(CardText):
    """The text of a card; what is not said is invented to fit."""

    sex: Literal["男", "女"] | None = None


class ReflectDetailInfo(ApiSpec):
    """Where a reflection lies (docs/fidelity.md#reflect-positions)."""

    position: Region


def _word_or_fields(card: Any) -> str:
    return "word" if isinstance(card, str) else "fields"


def _is_answered(name: Any) -> Any:
    entry = BY_NAME.get(name) if isinstance(name, str) else None
    if entry is not None and entry.code is not None:
        raise PydanticCustomError(
            f"{OWN_RULE}specimen_refused",
            "the specimen {name} is refused: say `error: {code}`",
            {"name": repr(name), "code": entry.code},
        )
    return name


_Words: Any = Literal["from_picture", "invented", *ANSWERED]


Score = Annotated[int, Field(ge=0, le=100)]


class IDCardAnswerSpec(CardText):
    """What is said of a card. Members of Response are given as they are said here, literally."""

    card: Annotated[
        Annotated[_Words, BeforeValidator(_is_answered, json_schema_input_type=_Words), Tag("word")]
        | Annotated[CardFields, Tag("fields")],
        Discriminator(_word_or_fields),
    ] = Field(
        default="from_picture",
        alias="card",
        description="from_picture: as the picture says; invented: a person made up; the name of a"
        " specimen: as if\nits picture had been sent; or fields, the rest invented to fit.",
    )
    warnings: tuple[SpokenWarning, ...] = Field(
        default=(),
        alias="warnings",
        strict=False,
        description="By name or code; each is returned only where its flag of Config is set.",
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
        description="Where reflections lie: with the warning `reflection`, and ReflectDetailInfos"
        " where they are\nasked for.",
    )
    advanced_info: str | None = None
    reflect_detail_infos: list[ReflectDetailInfo] | None = None

    def answer(self) -> IDCardAnswer:
        said = {name: getattr(self, name) for name in _NO_MEMBERS & self.model_fields_set}
        if isinstance(self.card, CardFields):
            said["card"] = self.card.said()
        return IDCardAnswer(**said, members=self.said())


_NO_MEMBERS = {"card", "warnings", "quality", "border", "reflections"}
"""What of an answer is no member of Response."""
