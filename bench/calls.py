"""The calls that are made: what the official Python SDK sends, signed for the moment."""

import json
import random
import time
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from io import BytesIO

from PIL import Image

from mockocr.accounts.account import BUILT_IN
from mockocr.people.person import invent
from mockocr.protocol import tc3
from mockocr.protocol.authorization import ALGORITHM, TERMINATOR, utc_date
from mockocr.specimens.card_data import Kind, card_data_of
from mockocr.specimens.draw.specimen import draw, encoded

HOST = "ocr.tencentcloudapi.com"
"""Signed and sent, whatever the port: so one request is right for every server."""

[BUILT_IN_PAIR] = BUILT_IN.keys.items()

FLAGS = (
    "CopyWarn",
    "BorderCheckWarn",
    "ReshootWarn",
    "DetectPsWarn",
    "InvalidDateWarn",
    "ReflectWarn",
    "MultiCardDetect",
)
"""Of Config, whose value is about as long as the documented one."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to `/`, by POST."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Call:
    body: bytes
    outcome: str = "ok"
    """What mockocr has to answer: the code of an error, or ok."""
    key_pair: tuple[str, str] = BUILT_IN_PAIR

    def signed(self) -> Request:
        """Valid for 300 seconds."""
        secret_id, secret_key = self.key_pair
        now = int(time.time())
        date = utc_date(now)
        scope = f"{date}/ocr/{TERMINATOR}"
        signed = "content-type;host"
        lines = f"POST\n/\n\ncontent-type:application/json\nhost:{HOST}\n\n{signed}\n"
        text = tc3.string_to_sign(now, scope, lines + sha256(self.body).hexdigest())
        signature = tc3.sign(tc3.signing_key(secret_key, date, "ocr"), text)
        headers = {
            "Host": HOST,
            "Content-Type": "application/json",
            "X-TC-Action": "IDCardOCR",
            "X-TC-Version": "2018-11-19",
            "X-TC-Region": "ap-guangzhou",
            "X-TC-RequestClient": "SDK_PYTHON_3.1.193",
            "X-TC-Timestamp": str(now),
            "Authorization": f"{ALGORITHM} Credential={secret_id}/{scope}, "
            f"SignedHeaders={signed}, Signature={signature}",
        }
        return Request(headers, self.body)


def small(key_pair: tuple[str, str] = BUILT_IN_PAIR) -> Call:
    """About 240 bytes. `documented` has a rule for it, the third that is tried."""
    config = json.dumps(dict.fromkeys(FLAGS, True))
    call = _call(ImageUrl="https://xx/a.jpg", CardSide="FRONT", Config=config)
    return Call(call.body, key_pair=key_pair)


def refused() -> Call:
    """Refused at the very end of the corridor, when everything is verified, read and decided."""
    return Call(_call(ImageUrl="ftp://xx/a.jpg").body, "FailedOperation.DownLoadError")


def noise(body_bytes: int, seed: int = 0) -> Call:
    """A JPEG of noise in a body of about that size."""
    # A pixel of noise takes 1.14 bytes at this quality, as Base64.
    side = int((body_bytes / 1.14) ** 0.5)
    content = BytesIO()
    pixels = random.Random(seed).randbytes(side * side)  # noqa: S311 - no secret
    Image.frombytes("L", (side, side), pixels).save(content, "JPEG", quality=92)
    return _call(ImageBase64=b64encode(content.getvalue()).decode(), CardSide="FRONT")


@lru_cache
def specimen(person: int) -> bytes:
    """The front of somebody's card, as `mockocr card` draws it, PNG."""
    card_data = card_data_of(invent(f"bench {person}".encode(), date(2026, 11, 22)), Kind.FRONT)
    return encoded(draw(card_data), "PNG")


def recognized(picture: bytes, flags: Sequence[str] = ()) -> Call:
    """A picture of a front, with flags of Config on."""
    config = json.dumps(dict.fromkeys(flags, True))
    return _call(ImageBase64=b64encode(picture).decode(), CardSide="FRONT", Config=config)


def _call(**parameters: str) -> Call:
    return Call(json.dumps(parameters).encode())
