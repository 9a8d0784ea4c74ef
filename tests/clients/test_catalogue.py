"""Every row of the catalogue of specimens, with the official Python SDK over a real socket: the
answers are those in fixtures/cards/index.json."""

import json
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from mockocr.actions.idcard.specimens.catalogue import BY_NAME
from mockocr.actions.idcard.specimens.pictures import picture_of
from mockocr.actions.idcard.texts import MEMBERS
from tests.builders import base64
from tests.clients.test_specimens import called

if TYPE_CHECKING:
    from tests.conftest import Running, Serve

CARDS = Path(__file__).parents[2] / "fixtures" / "cards"
INDEX: list[dict[str, Any]] = json.loads((CARDS / "index.json").read_text(encoding="utf-8"))
WARN_FLAGS = (
    "BorderCheckWarn",
    "CopyWarn",
    "DetectPsWarn",
    "InvalidDateWarn",
    "ReflectWarn",
    "ReshootWarn",
)
"""All flags except TempIdWarn, because with it a temporary card is blank."""


def picture(row: Mapping[str, Any]) -> bytes:
    if row["file"] is None:
        return picture_of(BY_NAME[row["name"]], "BMP")
    return Path(CARDS, row["file"]).read_bytes()


def from_an_app(content: bytes) -> bytes:
    """The picture at half the size, saved again."""
    with Image.open(BytesIO(content)) as image:
        half = image.convert("RGB").resize((image.width // 2, image.height // 2))
    buffer = BytesIO()
    half.save(buffer, "JPEG", quality=60)
    return buffer.getvalue()


@pytest.fixture
def serving(server: "Running", serve: "Serve") -> Any:
    """The server with the settings that a row needs."""

    def start(row: Mapping[str, Any]) -> "Running":
        settings: dict[str, Any] = {}
        for flag, value in row["serve"].items():
            name = flag.removeprefix("--").replace("-", "_")
            settings[name] = date.fromisoformat(value) if name == "contract" else value
        return serve(**settings) if settings else server

    return start


def asked(row: Mapping[str, Any], *further: str) -> dict[str, Any]:
    parameters = dict(row["request"])
    flags = parameters.pop("Config", {}) | dict.fromkeys(further, True)
    return parameters | ({"Config": json.dumps(flags)} if flags else {})


def result(response: Any) -> dict[str, Any]:
    """The response, in the form of the index."""
    if isinstance(response, str):
        return {"outcome": response, "fields": {}, "WarnInfos": [], "ReflectDetailInfos": []}
    fields = {name: getattr(response, name) for name in MEMBERS.values()}
    return {
        "outcome": "ok",
        "fields": {name: text for name, text in fields.items() if text},
        "WarnInfos": json.loads(response.AdvancedInfo).get("WarnInfos", []),
        "ReflectDetailInfos": [each.Position for each in response.ReflectDetailInfos],
    }


def expected_of(row: Mapping[str, Any]) -> dict[str, Any]:
    return {each: row[each] for each in ("outcome", "fields", "WarnInfos", "ReflectDetailInfos")}


def scores_are_right(row: Mapping[str, Any], response: Any) -> bool:
    if not row["scores"]:
        return True
    info = json.loads(response.AdvancedInfo)
    return all(low <= info[name] <= high for name, (low, high) in row["scores"].items())


def test_the_index_is_not_empty() -> None:
    assert len(INDEX) >= 37


@pytest.mark.parametrize("row", INDEX, ids=lambda row: row["name"])
def test_a_specimen_is_answered_as_the_index_says(row: dict[str, Any], serving: Any) -> None:
    response = called(serving(row), ImageBase64=base64(picture(row)), **asked(row))

    assert result(response) == expected_of(row)
    assert scores_are_right(row, response)


READ = [row for row in INDEX if row["name"] in BY_NAME and BY_NAME[row["name"]].card_data_of_sides]
SEEN = ("error-image-blur", "error-ocr-failed", "error-image-no-id-card")
"""Pictures in which nothing is read, but which can be scaled."""
SURVIVING = [row for row in INDEX if row in READ or row["name"] in SEEN]


@pytest.mark.parametrize("row", SURVIVING, ids=lambda row: row["name"])
def test_a_specimen_is_answered_the_same_at_half_the_size_and_quality_60(
    row: dict[str, Any], serving: Any
) -> None:
    content = from_an_app(picture(row))

    response = called(serving(row), ImageBase64=base64(content), **asked(row))

    assert result(response) == expected_of(row)
    assert scores_are_right(row, response)


@pytest.mark.parametrize(
    "row", [row for row in READ if row["outcome"] == "ok"], ids=lambda row: row["name"]
)
def test_a_specimen_has_no_other_warnings_if_all_are_requested(
    row: dict[str, Any], serving: Any
) -> None:
    content = base64(picture(row))

    response = called(serving(row), ImageBase64=content, **asked(row, *WARN_FLAGS))

    assert result(response)["WarnInfos"] == row["WarnInfos"]


@pytest.mark.parametrize("row", READ, ids=lambda row: row["name"])
def test_a_specimen_is_recognized_by_name_and_the_journal_shows_it(
    row: dict[str, Any], serving: Any
) -> None:
    server = serving(row)

    called(server, ImageBase64=base64(from_an_app(picture(row))), **asked(row))

    details = server.state.journal.newest_first()[0].details()
    cards = details["picture"]["reading"]["cards"]
    assert {card["specimen"] for card in cards} == {row["name"]}
