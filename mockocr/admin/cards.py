"""Endpoints of cards: the catalogue of specimens, and drawing."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, get_args

from pydantic import RootModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from mockocr.actions.card_spec import CardSpec, FieldName
from mockocr.actions.catalogue import specimen_catalogue
from mockocr.admin.bodies import parse_model
from mockocr.admin.endpoint import Endpoint, Parameter
from mockocr.admin.replies import Reply
from mockocr.settings import Settings
from mockocr.specimens.card_data import DEFECTS
from mockocr.specimens.draw.specimen import Format
from mockocr.suggestions import unknown

SUFFIXES: Mapping[Format, str] = {"PNG": "png", "JPEG": "jpg", "BMP": "bmp"}
_FIELDS = get_args(FieldName)
_BOOLEAN = {"type": "boolean"}
_INTEGER = {"type": "integer"}
_FORMATS = {"type": "string", "enum": list(SUFFIXES)}


class CardEntry(RootModel[dict[str, Any]]):
    """A specimen: `name`, `purpose`, `request` (the parameters that show it), `serve` (the settings
    of the server), `outcome`, `fields`, `warnings`, as `mockocr card --list --json` prints them."""


class CardCatalogue(Reply):
    cards: list[CardEntry]
    defects: list[str]
    """The defects that a new card can have."""
    fields: list[str]
    """The fields that can be set."""


class CardPicture(Response):
    """A picture: PNG, JPEG or BMP."""

    media_type = "image/*"


QUERY = (
    Parameter("name", "A specimen of the catalogue. Only format can be combined with it."),
    Parameter("side", "front (default), back or both."),
    Parameter("temporary", "The front of a temporary card.", _BOOLEAN),
    Parameter("seed", "Seed of the invented person; default: 0.", _INTEGER),
    Parameter("format", "PNG (default), JPEG or BMP.", _FORMATS),
    Parameter("size", "Width and height in pixels, such as 1200x800."),
    Parameter("defects", "Defects with their strengths, such as blur:0.5,reflection."),
    *(Parameter(name, "A text on the card; default: generated.") for name in _FIELDS),
)
_STATUSES = {200: "The picture.", 422: "No such card can be drawn."}


def card_endpoints(settings: Settings) -> list[Endpoint]:
    def list_cards(request: Request) -> CardCatalogue:
        entries = [CardEntry(entry.to_dict()) for entry in specimen_catalogue().entries()]
        return CardCatalogue(cards=entries, defects=list(DEFECTS), fields=list(_FIELDS))

    def show_card(request: Request) -> CardPicture:
        query = dict(request.query_params)
        if (name := query.pop("name", None)) is not None:
            return _ready_made(name, query)
        return _drawn(parse_model(CardSpec, _spec_of(query)), settings)

    def draw_card(request: Request, spec: CardSpec) -> CardPicture:
        return _drawn(spec, settings)

    return [
        Endpoint("GET", "/cards", "List the ready-made specimens and their outcomes", list_cards),
        Endpoint(
            "GET",
            "/cards/draw",
            "Draw a card, or one of the catalogue",
            show_card,
            QUERY,
            {**_STATUSES, 404: "The catalogue has no such specimen."},
        ),
        Endpoint("POST", "/cards/draw", "Draw a card", draw_card, statuses=_STATUSES),
    ]


def _spec_of(query: Mapping[str, str]) -> dict[str, Any]:
    """The body of a POST that describes the same card. Raises HTTPException."""
    spec: dict[str, Any] = {name: text for name, text in query.items() if name not in _FIELDS}
    spec["fields"] = {name: text for name, text in query.items() if name in _FIELDS}
    if "size" in spec:
        spec["size"] = spec["size"].split("x")
    if "defects" in spec:
        pairs = (part.partition(":") for part in spec["defects"].split(",") if part)
        spec["defects"] = {name: strength or "1" for name, _, strength in pairs}
    return spec


def _ready_made(name: str, query: Mapping[str, str]) -> CardPicture:
    """Raises HTTPException."""
    names = [entry.name for entry in specimen_catalogue().entries()]
    if name not in names:
        raise HTTPException(404, unknown("specimen", name, names))
    if others := [other for other in query if other != "format"]:
        raise HTTPException(422, f"{others[0]} cannot be combined with name")
    format = parse_model(CardSpec, query).format if query else None
    try:
        content = specimen_catalogue().picture(name, format)
    except ValueError as error:
        raise HTTPException(422, str(error)) from None
    return _picture(content, name)


def _drawn(spec: CardSpec, settings: Settings) -> CardPicture:
    """Raises HTTPException."""
    try:
        drawn = spec.draw(datetime.now(UTC), settings.numbers)
    except ValueError as error:
        raise HTTPException(422, str(error)) from None
    return _picture(drawn.content, spec.side)


_MAGIC: Mapping[bytes, Format] = {b"\x89P": "PNG", b"BM": "BMP"}
"""The first bytes of a file; those of the catalogue that cannot be read count as JPEG."""


def _picture(content: bytes, name: str) -> CardPicture:
    format = _MAGIC.get(content[:2], "JPEG")
    headers = {"Content-Disposition": f'inline; filename="{name}.{SUFFIXES[format]}"'}
    return CardPicture(content, headers=headers, media_type=f"image/{format.lower()}")
