"""The calls of the benchmark: as the official Python SDK sends them, signed with the current
time."""

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
"""The Host that is signed and sent. It does not depend on the port, so one request is valid for
every server."""

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
"""Flags of Config, whose text is about as long as the documented example."""


@dataclass(frozen=True, slots=True)
class Request:
    """A POST to `/`."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Call:
    body: bytes
    outcome: str = "ok"
    """The answer that mockocr must give: an error code, or ok."""
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
    """A call of about 240 bytes. The third rule of the scenario `documented` answers it."""
    config = json.dumps(dict.fromkeys(FLAGS, True))
    call = _call(ImageUrl="https://xx/a.jpg", CardSide="FRONT", Config=config)
    return Call(call.body, key_pair=key_pair)


def refused() -> Call:
    """A call that is refused by the last stage of the pipeline, after it was verified, parsed
    and decided."""
    return Call(_call(ImageUrl="ftp://xx/a.jpg").body, "FailedOperation.DownLoadError")


def noise(body_bytes: int, seed: int = 0) -> Call:
    """A call with a JPEG of noise, in a body of about this size."""
    # A pixel of noise takes 1.14 bytes at this quality, as Base64.
    side = int((body_bytes / 1.14) ** 0.5)
    content = BytesIO()
    pixels = random.Random(seed).randbytes(side * side)  # noqa: S311 - no secret
    Image.frombytes("L", (side, side), pixels).save(content, "JPEG", quality=92)
    return _call(ImageBase64=b64encode(content.getvalue()).decode(), CardSide="FRONT")


@lru_cache
def specimen(person: int) -> bytes:
    """A call with the front of a specimen, as `mockocr card` draws it, in PNG."""
    card_data = card_data_of(invent(f"bench {person}".encode(), date(2026, 11, 22)), Kind.FRONT)
    return encoded(draw(card_data), "PNG")


def recognized(picture: bytes, flags: Sequence[str] = ()) -> Call:
    """A call with a picture of a front, and with flags of Config set."""
    config = json.dumps(dict.fromkeys(flags, True))
    return _call(ImageBase64=b64encode(picture).decode(), CardSide="FRONT", Config=config)


def _call(**parameters: str) -> Call:
    return Call(json.dumps(parameters).encode())
