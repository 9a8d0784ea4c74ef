"""Specimens with the official Python SDK: the answer has the texts of the picture."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ocr.v20181119 import models
from tencentcloud.ocr.v20181119.ocr_client import OcrClient

from mockocr.admin.pictures import PictureView, picture_view
from tests.builders import base64

if TYPE_CHECKING:
    from tests.conftest import Run, Running, Serve

Call = Callable[..., Any]


@pytest.fixture(params=["http", "https"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def called(server: "Running", scheme: str = "http", **parameters: Any) -> Any:
    """The SDK's response, or the code that it raises."""
    endpoint = server.endpoint if scheme == "http" else server.https_endpoint
    http = HttpProfile(protocol=scheme, endpoint=endpoint)
    http.certification = str(server.ca)
    client = OcrClient(Credential("AKIDMOCKOCR", "mockocr"), "", ClientProfile(httpProfile=http))
    request = models.IDCardOCRRequest()
    for name, value in parameters.items():
        setattr(request, name, value)
    try:
        return client.IDCardOCR(request)
    except TencentCloudSDKException as error:
        return error.code


@pytest.fixture
def drawn(run: "Run", tmp_path: Path) -> Callable[..., Path]:
    """Draws with the command, as a user does."""

    def draw(name: str, *arguments: str) -> Path:
        done = run("card", "-o", name, *arguments)
        assert done.code == 0, done.stderr
        return tmp_path / name

    return draw


def from_app(path: Path) -> str:
    """The picture after an app has scaled it down, rotated it and saved it again."""
    with Image.open(path) as image:
        small = image.convert("RGB").resize((image.width * 2 // 3, image.height * 2 // 3))
        buffer = BytesIO()
        small.rotate(7, expand=True, fillcolor=(90, 90, 90)).save(buffer, "JPEG", quality=60)
    return base64(buffer.getvalue())


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp"])
def test_a_drawn_specimen_is_read_back(
    server: "Running", scheme: str, drawn: Callable[..., Path], suffix: str
) -> None:
    path = drawn(f"li-ming.{suffix}", "--field", "Name=李明", "--seed", "5")

    response = called(server, scheme, ImageBase64=base64(path.read_bytes()), CardSide="FRONT")

    assert (response.Name, response.Authority) == ("李明", "")
    again = called(server, scheme, ImageBase64=from_app(path), CardSide="FRONT")
    fields = ("Name", "Sex", "Nation", "Birth", "Address", "IdNum")
    assert [getattr(again, each) for each in fields] == [getattr(response, each) for each in fields]


def test_the_journal_shows_what_was_found_and_no_field_of_the_card(
    server: "Running", drawn: Callable[..., Path]
) -> None:
    path = drawn("back.png", "--side", "back", "--field", "Authority=赵县公安局")
    assert called(server, ImageBase64=base64(path.read_bytes())).Authority == "赵县公安局"

    details = server.state.journal.newest_first()[0].details()

    assert details["picture"]["reading"]["contents"] == "back"
    (card,) = details["picture"]["reading"]["cards"]
    assert (card["kind"], card["exact"], len(card["corners"])) == ("back", True, 4)
    assert "赵县公安局" not in json.dumps(details["picture"], ensure_ascii=False)


def test_the_journal_and_the_admin_api_show_measurements(
    server: "Running", drawn: Callable[..., Path]
) -> None:
    path = drawn("front.png", "--field", "Name=李明", "--defect", "reflection")
    flags = json.dumps({"ReflectWarn": True, "Quality": True})

    response = called(server, ImageBase64=base64(path.read_bytes()), Config=flags)

    assert json.loads(response.AdvancedInfo)["WarnInfos"] == [-9107]
    exchange = server.state.journal.newest_first()[0]
    (card,) = exchange.details()["picture"]["reading"]["cards"]
    found = picture_view(exchange)
    assert isinstance(found, PictureView)
    assert found.reading is not None
    assert card["defects"] == ["reflection"]
    assert card["measured"]["reflection"]["warns"] == ["reflection"]
    assert found.reading.cards[0].measured is not None
    assert found.reading.cards[0].measured["reflection"].threshold == 0.4


def test_a_url_can_mean_a_file_of_the_pictures_folder(
    serve: "Serve", drawn: Callable[..., Path], tmp_path: Path
) -> None:
    drawn("li-ming.png", "--field", "Name=李明")
    server = serve(pictures=tmp_path)

    result = called(server, ImageUrl="https://cos.example.com/kyc/li-ming.png?sign=1")
    other = called(server, ImageUrl="https://cos.example.com/kyc/wang.png")

    assert result.Name == "李明"
    assert other.Name
    assert server.state.journal.newest_first()[0].picture is None


class Site(BaseHTTPRequestHandler):
    content = b""
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        found = self.path == "/card.png"
        self.send_response(200 if found else 404)
        self.send_header("Content-Length", str(len(self.content) if found else 0))
        self.end_headers()
        if found:
            self.wfile.write(self.content)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def site(drawn: Callable[..., Path]) -> Iterator[ThreadingHTTPServer]:
    Site.content = drawn("card.png", "--field", "Name=李明").read_bytes()
    Site.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_url_of_this_machine_is_fetched_if_allowed(
    serve: "Serve", site: ThreadingHTTPServer
) -> None:
    server, url = serve(fetch=("loopback",)), f"http://127.0.0.1:{site.server_port}"

    assert called(server, ImageUrl=f"{url}/card.png").Name == "李明"
    assert called(server, ImageUrl=f"{url}/no.png?key=1") == "FailedOperation.DownLoadError"
    exchange = server.state.journal.newest_first()[0]
    assert exchange.reason is not None
    assert "404" in str(exchange.reason["value"])
    assert "key=1" not in str(exchange.reason)
    assert Site.asked == ["/card.png", "/no.png?key=1"]


def test_nothing_is_fetched_unless_it_is_allowed(
    server: "Running", site: ThreadingHTTPServer
) -> None:
    result = called(server, ImageUrl=f"http://127.0.0.1:{site.server_port}/card.png")

    assert (result.Name != "李明", Site.asked) == (True, [])


def test_the_server_fetches_nothing_from_itself(serve: "Serve") -> None:
    server = serve(fetch=("loopback",))

    result = called(server, ImageUrl=f"{server.url}/__admin/accounts")

    assert result == "FailedOperation.DownLoadError"
    assert "mockocr itself" in str(server.state.journal.newest_first()[0].reason)


def test_a_picture_beyond_the_limit_is_refused_as_too_large(serve: "Serve", tmp_path: Path) -> None:
    (tmp_path / "large.png").write_bytes(b"x" * (6 * 2**20))
    server = serve(pictures=tmp_path)

    code = called(server, ImageUrl="https://xx/large.png")

    assert code == "LimitExceeded.TooLargeFileError"


def test_an_empty_file_is_an_empty_image(serve: "Serve", tmp_path: Path) -> None:
    (tmp_path / "empty.png").touch()

    code = called(serve(pictures=tmp_path), ImageUrl="https://xx/empty.png")

    assert code == "FailedOperation.EmptyImageError"


def test_a_rule_can_ask_for_the_fields_of_the_picture(
    serve: "Serve", drawn: Callable[..., Path], tmp_path: Path
) -> None:
    picture = base64(drawn("card.png", "--field", "Name=李明").read_bytes())
    file = tmp_path / "scenario.yaml"
    file.write_text(
        "name: n\nrules: [{name: a, then: {card: from_picture, warnings: [copy], quality: 12}}]\n",
        encoding="utf-8",
    )
    server = serve(scenarios=(str(file),))

    result = called(server, ImageBase64=picture, Config='{"CopyWarn": true, "Quality": true}')

    assert result.Name == "李明"
    assert json.loads(result.AdvancedInfo) == {"Quality": 12, "WarnInfos": [-9102]}
