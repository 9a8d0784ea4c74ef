"""Cards over the admin API: the catalogue, and drawing. The pictures are sent back as calls."""

import base64
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mockocr.images.header import read_header
from mockocr.images.image import Picture

if TYPE_CHECKING:
    from tests.admin.conftest import OutcomeOf
    from tests.conftest import Running


def test_the_catalogue_lists_each_specimen_with_its_outcome(admin: httpx.Client) -> None:
    catalogue = admin.get("/cards").json()

    by_name = {card["name"]: card for card in catalogue["cards"]}
    assert by_name["error-image-blur"]["outcome"] == "FailedOperation.ImageBlur"
    assert {"blur", "reflection"} <= set(catalogue["defects"])
    assert "IdNum" in catalogue["fields"]


@pytest.mark.parametrize("name", ["error-image-blur", "error-empty-image-error"])
def test_a_specimen_of_the_catalogue_has_its_outcome(
    server: "Running", admin: httpx.Client, outcome_of: "OutcomeOf", name: str
) -> None:
    drawn = admin.get("/cards/draw", params={"name": name})
    sent = {"ImageBase64": base64.b64encode(drawn.content).decode()}
    outcomes = {card["name"]: card["outcome"] for card in admin.get("/cards").json()["cards"]}

    assert drawn.headers["content-disposition"] == f'inline; filename="{name}.jpg"'
    assert outcome_of(server, **sent, ImageUrl="") == outcomes[name]


SPEC: dict[str, Any] = {
    "side": "back",
    "seed": 7,
    "format": "JPEG",
    "size": [900, 600],
    "fields": {"Authority": "北京市公安局海淀分局"},
    "defects": {"blur": 0.25, "reflection": 1},
}
QUERY = {
    "side": "back",
    "seed": "7",
    "format": "JPEG",
    "size": "900x600",
    "Authority": "北京市公安局海淀分局",
    "defects": "blur:0.25,reflection",
}


def test_a_query_and_a_body_draw_the_same_card(admin: httpx.Client) -> None:
    drawn = admin.post("/cards/draw", json=SPEC)
    again = admin.get("/cards/draw", params=QUERY)

    assert drawn.headers["content-type"] == "image/jpeg"
    assert drawn.content == again.content
    picture = read_header(drawn.content, "")
    assert isinstance(picture, Picture)
    assert (picture.width, picture.height) == (900, 600)


def test_a_drawn_card_answers_with_its_fields(
    server: "Running", admin: httpx.Client, signed: Any
) -> None:
    drawn = admin.post("/cards/draw", json={"fields": {"Name": "李明"}}).content
    body = httpx.Request("POST", "/", json={"ImageBase64": base64.b64encode(drawn).decode()}).read()
    reply = httpx.post(
        server.url, content=body, headers=signed(server.endpoint, body), trust_env=False
    )

    assert reply.json()["Response"]["Name"] == "李明"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"side": "left"}, "side"),
        ({"fields": {"Nam": "x"}}, "Name"),
        ({"fields": {"Name": "x" * 999}}, "name"),
        ({"defects": {"blurr": 1}}, "blur"),
        ({"defects": {"blur": 2}}, "defects.blur"),
        ({"size": [20, 20]}, "a picture of 20x20 leaves 17 pixels for the width of a card"),
        ({"size": [99999, 9]}, "pixels a side"),
        ({"side": "back", "temporary": True}, "a temporary card has a front only"),
    ],
)
def test_a_card_that_cannot_be_drawn_is_refused(
    admin: httpx.Client, body: dict[str, Any], words: str
) -> None:
    refused = admin.post("/cards/draw", json=body)

    assert refused.status_code == 422
    assert words in refused.json()["error"]


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ({"name": "error-image-blurr"}, 404, "did you mean 'error-image-blur'?"),
        ({"name": "error-image-blur", "seed": "1"}, 422, "seed cannot be combined with name"),
        ({"name": "error-image-blur", "format": "GIF"}, 422, "format"),
        ({"name": "error-image-blur", "format": ""}, 422, "format"),
        ({"size": "big"}, 422, "size"),
        ({"defects": "blur:x"}, 422, "defects.blur"),
    ],
)
def test_a_query_for_no_card_is_refused(
    admin: httpx.Client, query: dict[str, str], status: int, words: str
) -> None:
    refused = admin.get("/cards/draw", params=query)

    assert refused.status_code == status
    assert words in refused.json()["error"]
