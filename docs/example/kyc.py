"""The client of a KYC service: reads identity cards with Tencent Cloud's IDCardOCR."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

import httpx

REAL_SERVICE = "https://ocr.tencentcloudapi.com"

FLAGS = {"CropPortrait": True, "CopyWarn": True, "ReshootWarn": True, "TempIdWarn": True}
WARNINGS = {-9102: "copy", -9103: "reshoot", -9104: "temporary card"}

RETAKE = frozenset(
    {
        "FailedOperation.CardSideError",
        "FailedOperation.IdCardTooSmall",
        "FailedOperation.ImageBlur",
        "FailedOperation.ImageDecodeFailed",
        "FailedOperation.ImageNoIdCard",
        "FailedOperation.MultiCardError",
        "FailedOperation.OcrFailed",
    }
)
"""The person has to take another picture."""
RETRY = frozenset(
    {"FailedOperation.UnKnowError", "InternalError", "RequestLimitExceeded", "http", "json"}
)
"""The same call may succeed a moment later."""


class KycError(Exception):
    """A card that could not be read."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class RetakeError(KycError):
    """Another picture is needed."""


class UnavailableError(KycError):
    """The service does not answer, also after some attempts."""


@dataclass(frozen=True)
class Front:
    name: str
    number: str
    birth: date
    address: str
    portrait: bytes
    """A picture."""
    warnings: frozenset[str]


@dataclass(frozen=True)
class Back:
    authority: str
    valid_from: date
    valid_until: date | None
    """None: without end."""

    def is_valid(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


Side = Literal["FRONT", "BACK"]


class _Calls:
    """What the two clients share."""

    def __init__(
        self,
        secret_id: str,
        secret_key: str,
        *,
        url: str = REAL_SERVICE,
        attempts: int = 3,
        pause: float = 0.2,
        timeout: float = 5.0,
    ) -> None:
        self._keys = secret_id, secret_key
        self._url = url
        self._attempts = attempts
        self._pause = pause
        self._timeout = timeout

    def _request(self, picture: bytes, side: Side) -> httpx.Request:
        text = base64.b64encode(picture).decode()
        parameters = {"ImageBase64": text, "CardSide": side, "Config": json.dumps(FLAGS)}
        body = json.dumps(parameters).encode()
        headers = _signed(httpx.URL(self._url), body, *self._keys)
        return httpx.Request("POST", self._url, headers=headers, content=body)

    def _wait_after(self, error: Exception, attempt: int) -> float:
        """Seconds until the next attempt. Raises an error if there is none."""
        if isinstance(error, KycError) and error.code not in RETRY:
            raise error
        if attempt == self._attempts:
            code = error.code if isinstance(error, KycError) else type(error).__name__
            raise UnavailableError(code, str(error)) from error
        return self._pause * attempt


class KycClient(_Calls):
    def read_front(self, picture: bytes) -> Front:
        return _front(self._call(picture, "FRONT"))

    def read_back(self, picture: bytes) -> Back:
        return _back(self._call(picture, "BACK"))

    def _call(self, picture: bytes, side: Side) -> Mapping[str, Any]:
        with httpx.Client(timeout=self._timeout) as client:
            attempt = 1
            while True:
                try:
                    return _answer(client.send(self._request(picture, side)))
                except (KycError, httpx.TransportError) as error:
                    time.sleep(self._wait_after(error, attempt))
                attempt += 1


class AsyncKycClient(_Calls):
    async def read_front(self, picture: bytes) -> Front:
        return _front(await self._call(picture, "FRONT"))

    async def read_back(self, picture: bytes) -> Back:
        return _back(await self._call(picture, "BACK"))

    async def _call(self, picture: bytes, side: Side) -> Mapping[str, Any]:
        async with httpx.AsyncClient(timeout=self._timeout) as client:
            attempt = 1
            while True:
                try:
                    return _answer(await client.send(self._request(picture, side)))
                except (KycError, httpx.TransportError) as error:
                    await asyncio.sleep(self._wait_after(error, attempt))
                attempt += 1


def now() -> float:
    return time.time()


def _signed(url: httpx.URL, body: bytes, secret_id: str, secret_key: str) -> dict[str, str]:
    """The headers of a call, signed with TC3-HMAC-SHA256."""
    timestamp = int(now())
    day = f"{datetime.fromtimestamp(timestamp, UTC):%Y-%m-%d}"
    host = url.netloc.decode()
    canonical = (
        f"POST\n/\n\ncontent-type:application/json\nhost:{host}\n\ncontent-type;host\n"
        f"{hashlib.sha256(body).hexdigest()}"
    )
    scope = f"{day}/ocr/tc3_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{digest}"
    key = f"TC3{secret_key}".encode()
    for part in (day, "ocr", "tc3_request", text):
        key = hmac.digest(key, part.encode(), "sha256")
    return {
        "Host": host,
        "Content-Type": "application/json",
        "X-TC-Action": "IDCardOCR",
        "X-TC-Version": "2018-11-19",
        "X-TC-Timestamp": str(timestamp),
        "Authorization": f"TC3-HMAC-SHA256 Credential={secret_id}/{scope},"
        f" SignedHeaders=content-type;host, Signature={key.hex()}",
    }


def _answer(reply: httpx.Response) -> Mapping[str, Any]:
    """The members of Response. Raises KycError."""
    if reply.status_code != 200:
        raise KycError("http", f"status {reply.status_code}")
    try:
        body = reply.json()
    except ValueError as error:
        raise KycError("json", str(error)) from None
    answer: Mapping[str, Any] = body["Response"]
    if problem := answer.get("Error"):
        kind = RetakeError if problem["Code"] in RETAKE else KycError
        raise kind(problem["Code"], problem["Message"])
    return answer


def _front(answer: Mapping[str, Any]) -> Front:
    info = json.loads(answer["AdvancedInfo"])
    return Front(
        name=answer["Name"],
        number=answer["IdNum"],
        birth=_day(answer["Birth"], "/"),
        address=answer["Address"],
        portrait=base64.b64decode(info.get("Portrait", "")),
        warnings=frozenset(WARNINGS[code] for code in info.get("WarnInfos", ())),
    )


def _back(answer: Mapping[str, Any]) -> Back:
    first, last = answer["ValidDate"].split("-")
    until = None if last == "长期" else _day(last, ".")
    return Back(answer["Authority"], _day(first, "."), until)


def _day(text: str, separator: str) -> date:
    year, month, day = map(int, text.split(separator))
    return date(year, month, day)
