"""The calls that are made: what the official Python SDK sends, signed for the moment."""

import json
import random
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

from PIL import Image

from mockocr.accounts.account import BUILT_IN
from mockocr.protocol import tc3

HOST = "ocr.tencentcloudapi.com"
"""Signed and sent, whatever the port: so one request is right for every server."""


@dataclass(frozen=True, slots=True)
class Call:
    body: bytes
    outcome: str = "ok"
    """What mockocr has to answer: the code of an error, or ok."""

    def signed_headers(self) -> Mapping[str, str]:
        """Valid for 300 seconds."""
        [(secret_id, secret_key)] = BUILT_IN.keys.items()
        now = int(time.time())
        date = tc3.utc_date(now)
        scope = f"{date}/ocr/{tc3.TERMINATOR}"
        signed = "content-type;host"
        lines = f"POST\n/\n\ncontent-type:application/json\nhost:{HOST}\n\n{signed}\n"
        text = tc3.string_to_sign(now, scope, lines + sha256(self.body).hexdigest())
        signature = tc3.sign(tc3.signing_key(secret_key, date, "ocr"), text)
        return {
            "Host": HOST,
            "Content-Type": "application/json",
            "X-TC-Action": "IDCardOCR",
            "X-TC-Version": "2018-11-19",
            "X-TC-Region": "ap-guangzhou",
            "X-TC-RequestClient": "SDK_PYTHON_3.1.193",
            "X-TC-Timestamp": str(now),
            "Authorization": f"{tc3.ALGORITHM} Credential={secret_id}/{scope}, "
            f"SignedHeaders={signed}, Signature={signature}",
        }


def small() -> Call:
    """About 240 bytes. `documented` has a rule for it, the third that is tried."""
    flags = (
        "CopyWarn",
        "BorderCheckWarn",
        "ReshootWarn",
        "DetectPsWarn",
        "InvalidDateWarn",
        "ReflectWarn",
        "MultiCardDetect",
    )
    config = json.dumps(dict.fromkeys(flags, True))
    return _call(ImageUrl="https://xx/a.jpg", CardSide="FRONT", Config=config)


def refused() -> Call:
    """Refused at the very end of the corridor, when everything is verified, read and decided."""
    return Call(_call(ImageUrl="ftp://xx/a.jpg").body, "FailedOperation.DownLoadError")


def picture(body_bytes: int) -> Call:
    """A JPEG of noise in a body of about that size."""
    # A pixel of noise takes 1.14 bytes at this quality, as Base64.
    side = int((body_bytes / 1.14) ** 0.5)
    content = BytesIO()
    noise = random.Random(0).randbytes(side * side)  # noqa: S311 - no secret
    Image.frombytes("L", (side, side), noise).save(content, "JPEG", quality=92)
    return _call(ImageBase64=b64encode(content.getvalue()).decode(), CardSide="FRONT")


def _call(**parameters: str) -> Call:
    return Call(json.dumps(parameters).encode())
