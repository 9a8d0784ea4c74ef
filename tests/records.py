"""Exchanges as the pipeline fills them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from mockocr.actions.idcard.action import ID_CARD_OCR
from mockocr.journal.exchange import Exchange, exchange_of
from mockocr.protocol.redact import redacted_signature
from mockocr.protocol.signature import Signature
from mockocr.protocol.wire import WireRequest
from tests.builders import a_picture, an_answer, answered, base64, config

REQUEST = WireRequest(
    request_id="id-1",
    received_at=datetime(2026, 11, 22, 12, tzinfo=UTC),
    method="POST",
    path="/",
    query="",
    headers={"host": "localhost:8018"},
    content=b"{}",
)


def an_exchange(request_id: str = "id-1", **filled: Any) -> Exchange:
    exchange = exchange_of(replace(REQUEST, request_id=request_id))
    for name, value in filled.items():
        setattr(exchange, name, value)
    return exchange


SIGNATURE = "0123456789abcdef" * 4
TOKEN = "token-correct-horse"
PICTURE = base64(a_picture())
QUERY = "sign=battery-staple"
PERSON = {
    "Name": "秘密先生",
    "Birth": "1987/1/1",
    "IdNum": "440524198701010014",
    "Address": "北京市秘密路1号",
}
SECRETS = [SIGNATURE, TOKEN, PICTURE, QUERY, *PERSON.values()]


def an_exchange_full_of_secrets() -> Exchange:
    authorization = (
        "TC3-HMAC-SHA256 Credential=AKID/2026-11-22/ocr/tc3_request,"
        f" SignedHeaders=content-type;host;x-tc-token, Signature={SIGNATURE}"
    )
    headers = {"authorization": authorization, "x-tc-token": TOKEN, "host": "localhost"}
    canonical = (
        f"POST\n/\n\ncontent-type:application/json\nhost:localhost\nx-tc-token:{TOKEN}\n"
        "\ncontent-type;host;x-tc-token\nhash"
    )
    parameters = {
        "ImageUrl": f"https://xx/a.jpg?{QUERY}",
        "ImageBase64": PICTURE,
        "imagebase64": PICTURE,
        "Image": {"nested": [PICTURE]},
        "CardSide": "FRONT",
    }
    asked = {"Config": config("CropIdCard", "CropPortrait")}
    exchange = exchange_of(replace(REQUEST, headers=headers))
    exchange.signature = redacted_signature(
        Signature("TC3-HMAC-SHA256\n1\nscope\nhash", True, canonical, "h")
    )
    exchange.parameters = ID_CARD_OCR.mask(parameters)
    exchange.response = ID_CARD_OCR.mask(answered(asked, an_answer(card=PERSON)))
    return exchange
