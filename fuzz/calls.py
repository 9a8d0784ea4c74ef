"""Calls as bytes on the wire, signed for the time at which the clocks of their accounts are
frozen, so an input can be replayed at any time."""

import json

from mockocr.protocol.wire import WIRE_ENCODING, WireRequest
from tests.requests import FRONT, SECRET_ID, SECRET_KEY, TIMESTAMP, a_call

SCRIPTED_ID = "AKIDscripted"
"""The account with the newest contract, and a scenario with conditions on everything."""

_SCENARIO = """
name: asks about everything
rules:
- {name: url, when: {ImageUrl: {glob: "*/li-ming*.jpg"}, Config: {TempIdWarn: true}},
   then: {card: from_picture, warnings: [temporary_id, watermark]}}
- {name: text, when: {ImageUrl: {regex: "^https?://[^/]+/a[.]jpg$"}, CardSide: [BACK, FRONT]},
   then: [{card: {Name: 李明}, times: 2}, {error: FailedOperation.OcrFailed}], after: cycle}
- {name: kind, when: {picture: {format: PNG, min_width: 10}}, then: [{card: from_picture}],
   after: fall_through, per: picture}
- {name: base64, when: {ImageBase64: {contains: AAAA}}, then: {card: from_picture, quality: 7}}
- {name: flags, when: {EnableRecognitionRectify: true, CardWarnType: Advanced}, then:
   {one_of: [{card: invented, weight: 3}, {error: FailedOperation.ImageBlur, weight: 1}]}}
- {name: header, when: {header: {X-TC-Language: {contains: zh}}, CardSide: {absent: true}},
   then: {card: invented}}
"""

KEYS_FILE = json.dumps(
    [
        {
            "name": "plain",
            "keys": [{"SecretId": SECRET_ID, "SecretKey": SECRET_KEY}],
            "rate": 0,
            "clock": {"freeze": TIMESTAMP},
        },
        {
            "name": "scripted",
            "keys": [{"SecretId": SCRIPTED_ID, "SecretKey": SECRET_KEY}],
            "tokens": ["token-of-the-fuzzer"],
            "rate": 0,
            "clock": {"freeze": TIMESTAMP},
            "contract": "2026-11-22",
            "scenarios": [_SCENARIO],
        },
    ]
)
"""The keys file of the server under test (JSON is YAML)."""

TOKEN = {"X_TC_Token": "token-of-the-fuzzer"}


def on_the_wire(request: WireRequest, **more: str) -> bytes:
    """The bytes of a request, with further headers as in `common_headers`."""
    headers = {**request.headers, **{name.replace("_", "-"): each for name, each in more.items()}}
    if request.method == "POST":
        headers["content-length"] = str(len(request.body))
    lines = [f"{name}: {value}" for name, value in headers.items()]
    target = f"/?{request.query}" if request.query else "/"
    head = "\r\n".join([f"{request.method} {target} HTTP/1.1", *lines, "", ""])
    return head.encode(WIRE_ENCODING) + request.body


def a_good_call() -> bytes:
    return on_the_wire(a_call(FRONT))
