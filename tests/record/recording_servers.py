"""Servers that record, an upstream full of personal data, and the calls that it answers."""

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from mockocr.accounts.call_settings import CallSettings
from mockocr.actions.action import AnyAction
from mockocr.actions.idcard.action import ID_CARD_OCR
from mockocr.actions.recording import Placeholders
from mockocr.people import number
from mockocr.people.divisions import counties_in
from mockocr.pipeline.forward import ForwardedCall
from mockocr.protocol.call import read_call
from mockocr.recognition.call_image import CallImage
from mockocr.recognition.picture_cache import PictureCache
from mockocr.record.keys import UpstreamKeys
from mockocr.record.recording import Mode, start_recording
from mockocr.record.upstream import UpstreamServer
from mockocr.server.app import create_app
from mockocr.server.bootstrap import open_server
from mockocr.server.server import serve_in_thread
from mockocr.settings import API_PAGE, Settings
from mockocr.tls import ca_path
from tests.builders import NOW, a_picture, asked_for, base64, config
from tests.conftest import Running
from tests.requests import a_call

SETTINGS = CallSettings(NOW, 0, "valid", API_PAGE)

UPSTREAM_KEYS = ("AKIDREALREALREAL", "the-real-secret-key")


@contextmanager
def recording(
    upstream: str | None,
    path: Path | None,
    state_dir: Path,
    mode: Mode = "once",
    keys: tuple[str, str] = UPSTREAM_KEYS,
    token: str | None = None,
    **settings: Any,
) -> Iterator[Running]:
    chosen = Settings(**{"port": 0, "tls_port": 0, "rate": 0, "state_dir": state_dir, **settings})
    app = create_app(chosen)
    server = None
    if upstream is not None:
        server = UpstreamServer.at(upstream, UpstreamKeys(*keys, token, "TEST_"), None, real=False)
    start_recording(app.state, server, path, mode, Placeholders(b"the secret of the tests"))
    with open_server(app) as opened, serve_in_thread(opened):
        urls = opened.urls
        yield Running(chosen, app.state, urls["http"], urls["https"], ca_path(state_dir))


def _number_with_x(division: str) -> str:
    numbers = (number.compose(division, date(1991, 7, 13), 2 * it) for it in range(1, 400))
    return next(it for it in numbers if it.endswith("X"))


COUNTY = counties_in("653130")[0]
X_NUMBER = _number_with_x(COUNTY.code)
PERSON = {
    "Name": "古丽米热·吐尔逊江",
    "Sex": "女",
    "Nation": "维吾尔",
    "Birth": "1991/7/13",
    "Address": f"{COUNTY.head}色力布亚镇秘密村77组4242号",
    "IdNum": X_NUMBER,
}
BACK = {"Authority": COUNTY.authority, "ValidDate": "2011.03.17-长期"}
OTHER = {
    "Name": "欧阳诸葛𠮷",
    "Sex": "男",
    "Nation": "汉",
    "Birth": "2011/11/29",
    "Address": "北京市石景山区秘密胡同31337号",
    "IdNum": number.compose("110107", date(2011, 11, 29), 517),
}


@dataclass(frozen=True)
class Case:
    """A call, and the outcomes of the upstream for it."""

    parameters: Mapping[str, Any]
    outcomes: tuple[Mapping[str, Any], ...]

    @property
    def picture(self) -> bytes | None:
        sent = self.parameters.get("ImageBase64")
        return b64decode(sent) if sent else None


def _picture(shade: int) -> str:
    return base64(a_picture(shade=shade))


def _case(shade: int, *outcomes: Mapping[str, Any], **parameters: Any) -> Case:
    return Case({"ImageBase64": _picture(shade), **parameters}, outcomes)


SECRET_URL = f"https://cards.example.com/kyc/{OTHER['IdNum']}/欧阳诸葛𠮷.jpg?token=geheim-token"

CASES = {
    "front": _case(1, {"card": PERSON}, CardSide="FRONT"),
    "the same person on another picture": _case(
        2,
        {"card": PERSON, "quality": 87, "border": 12, "warnings": ["copy", "reshoot"]},
        CardSide="FRONT",
        Config=config("Quality", "BorderCheckWarn", "CopyWarn", "ReshootWarn"),
    ),
    "back": _case(3, {"card": BACK}, CardSide="BACK"),
    "both sides": _case(
        4, {"card": {**OTHER, **BACK}}, CardSide="FRONT", Config=config("MultiCardDetect")
    ),
    "a temporary card": _case(
        5, {"card": "invented", "warnings": ["temporary_id"]}, Config=config("TempIdWarn")
    ),
    "crops": _case(
        6, {"card": OTHER}, CardSide="FRONT", Config=config("CropIdCard", "CropPortrait")
    ),
    "reflections": _case(
        7,
        {"card": PERSON, "reflections": ["Portrait"]},
        CardSide="FRONT",
        Config=config("ReflectWarn"),
        EnableReflectDetail=True,
    ),
    "an expired card": _case(
        8,
        {"card": {"Authority": "北京市公安局石景山分局", "ValidDate": "2001.02.03-2011.02.03"}},
        CardSide="BACK",
    ),
    "no documented validity": _case(
        9,
        {"card": {**BACK, "ValidDate": "2019.05.06-2026.05.09"}},
        CardSide="BACK",
        Config=config("InvalidDateWarn"),
    ),
    "an error with personal data": _case(
        10,
        {
            "error": "FailedOperation.IdCardInfoIllegal",
            "message": f"{PERSON['Name']}的身份证号{X_NUMBER}不合法: Gulmira, 13912345678",
        },
        CardSide="FRONT",
    ),
    "an error and a recovery": _case(
        11,
        {"error": "FailedOperation.OcrFailed", "times": 2},
        {"card": OTHER},
        CardSide="FRONT",
    ),
    "an undocumented member": _case(
        12,
        {"card": PERSON, "AdvancedInfo": '{"Owner":"欧阳诸葛𠮷","Quality":91}'},
        CardSide="FRONT",
        Config=config("Quality"),
    ),
    "a URL": Case({"ImageUrl": SECRET_URL, "CardSide": "FRONT"}, ({"card": OTHER},)),
    "empty texts": _case(13, {"card": {**PERSON, "Name": "", "Address": ""}}, CardSide="FRONT"),
    "contradictions": _case(
        14,
        {"card": {**PERSON, "Sex": "男", "Birth": "1991/7/14"}},
        CardSide="FRONT",
        EnableRecognitionRectify=False,
    ),
}
CALLS = [
    *(case.parameters for case in CASES.values()),
    *[CASES["an error and a recovery"].parameters] * 3,
]
"""The last ones are the retries of a failed call."""

PLANTED = [
    *(text for person in (PERSON, OTHER) for name, text in person.items() if len(text) > 2),
    *(text for text in BACK.values()),
    "秘密", "色力布亚", "4242号", "31337号", "古丽米热", "吐尔逊江", "欧阳诸葛", X_NUMBER[:17],
    OTHER["IdNum"][6:14], "19910713", "2001.02.03", "2019.05.06", "北京市公安局石景山分局",
    "13912345678", "Gulmira", "geheim-token", *UPSTREAM_KEYS,
]  # fmt: skip


def upstream_scenario() -> dict[str, Any]:
    rules = []
    for name, case in CASES.items():
        picture = case.picture
        when: dict[str, Any] = {"ImageUrl": case.parameters.get("ImageUrl")}
        if picture is not None:
            when = {"picture": {"sha256": sha256(picture).hexdigest()}}
        rules.append({"name": name, "when": when, "then": list(case.outcomes)})
    return {"name": "upstream", "rules": rules}


def advanced(response: Mapping[str, Any]) -> dict[str, Any]:
    return dict(json.loads(response["AdvancedInfo"]))


def a_forwarded_call(action: AnyAction = ID_CARD_OCR) -> ForwardedCall:
    request, query = a_call(), asked_for()
    call_image = CallImage(PictureCache(), query.image)
    return ForwardedCall(
        request,
        read_call(request),
        action,
        query,
        SETTINGS,
        call_image,
    )
