"""The upstream: sends it a call, signed anew, and reads its reply."""

import json
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from mockocr.client.client import NoServerError, Reply, ask, check_reach, trust
from mockocr.pipeline.forward import ForwardedCall
from mockocr.protocol.parameters import read_texts
from mockocr.protocol.signing import sign_tc3
from mockocr.record.keys import UpstreamKeys
from mockocr.settings import SettingError
from mockocr.version import __version__

TIMEOUT_SECONDS = 30
"""From the call to the last byte of the reply."""
MAX_REPLY_BYTES = 16 * 1024 * 1024
"""The crops of a picture of the largest size have less."""

_PICTURES = "the pictures of all calls"
_CODE = re.compile(r"[A-Za-z]+(\.[A-Za-z]+)*")
MAX_CODE_CHARACTERS = 100


class UpstreamError(Exception):
    """The upstream gave no answer of the API. The message says why, and quotes nothing of it."""


class UpstreamRefusal(NamedTuple):
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class UpstreamServer:
    url: str
    keys: UpstreamKeys
    tls: ssl.SSLContext | None
    real: bool
    """Whether it may be outside of this machine and its private networks."""

    @classmethod
    def at(cls, url: str, keys: UpstreamKeys, ca: str | None, real: bool) -> "UpstreamServer":
        """Raises SettingError, and NoServerError for a host without an address."""
        near = check_reach(url, real, _PICTURES)
        return cls(url, keys, trust(url, ca, near), real)

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    def ask(self, call: ForwardedCall) -> Mapping[str, Any] | UpstreamRefusal:
        """The members of Response without RequestId. Raises UpstreamError."""
        try:
            # Each time, because the name may have another address by now.
            near = check_reach(self.url, self.real, _PICTURES)
            headers, body = self._signed(call)
            reply = ask(
                f"{self.url}/",
                self.tls,
                method="POST",
                headers=headers,
                body=body,
                near=near,
                timeout_seconds=TIMEOUT_SECONDS,
                max_bytes=MAX_REPLY_BYTES,
            )
        except (NoServerError, SettingError) as error:
            raise UpstreamError(str(error)) from None
        return _read(reply)

    def _signed(self, call: ForwardedCall) -> tuple[Mapping[str, str], bytes]:
        """Always a POST with TC3, whatever the client has sent: with the same parameters."""
        common, action = call.call, call.action
        body = call.request.body
        if common.texts is not None:
            texts = read_texts(action.parameters(date.max), common.texts)
            body = json.dumps(texts, ensure_ascii=False).encode()
        seconds = int(time.time())
        headers = {
            "Host": urlsplit(self.url).netloc,
            "Content-Type": "application/json",
            "User-Agent": f"mockocr/{__version__}",
            "X-TC-Action": action.name,
            "X-TC-Version": action.version,
            "X-TC-Timestamp": str(seconds),
        }
        more = {
            "X-TC-Region": common.region,
            "X-TC-Language": common.language,
            "X-TC-Token": self.keys.token,
        }
        headers |= {name: text for name, text in more.items() if text}
        pair = self.keys.secret_id, self.keys.secret_key
        return sign_tc3("POST", "", headers, body, action.service, pair, seconds).headers, body


def _read(reply: Reply) -> Mapping[str, Any] | UpstreamRefusal:
    match reply.json():
        case {"Response": {"Error": {"Code": str(code), "Message": str(message)}}} if len(
            code
        ) <= MAX_CODE_CHARACTERS and _CODE.fullmatch(code):
            return UpstreamRefusal(code, message)
        case {"Response": dict(members)} if "Error" not in members:
            return {name: value for name, value in members.items() if name != "RequestId"}
        case _:
            raise UpstreamError(
                f"its reply is not one of the API: status {reply.status}, {len(reply.body)} bytes"
            )
