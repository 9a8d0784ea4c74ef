"""JSON bodies with valid signatures, so that every stage of the pipeline gets them."""

import json
import re
from base64 import b64encode
from collections.abc import Sequence
from contextlib import AbstractContextManager
from io import BytesIO
from random import Random
from typing import Any

from PIL import Image

from fuzz.answers import answers_in, outcome_of
from fuzz.calls import SCRIPTED_ID, TOKEN, on_the_wire
from fuzz.changing import VALUES, changed, changed_data, in_json, parts_of
from fuzz.served import served
from fuzz.server import Server
from fuzz.target import FoundError, Target
from mockocr.actions.catalogue import choose_action
from mockocr.protocol.errors import ApiError
from mockocr.protocol.parameters import LongText, read_json_object
from tests.requests import SECRET_ID, a_request, common_headers, signed

_FLAGS = ("CropIdCard", "CropPortrait", "CopyWarn", "BorderCheckWarn", "TempIdWarn", "Quality")
_CONTROLS = re.compile(rb"[\x00-\x1f]")
_LONG = choose_action().long_parameters


def _picture(kind: str, side: int) -> str:
    noise = Image.frombytes("RGB", (side, side), Random(0).randbytes(3 * side * side))
    noise.save(content := BytesIO(), kind)
    return b64encode(content.getvalue()).decode()


_SEEDS: Sequence[dict[str, Any]] = (
    {"ImageUrl": "https://xx/a.jpg", "CardSide": "FRONT"},
    {"ImageUrl": "https://xx/li-ming-1.jpg?a=b", "CardSide": "BACK", "Config": "{}"},
    {"ImageBase64": _picture("PNG", 24), "Config": json.dumps(dict.fromkeys(_FLAGS, True))},
    {"CardSide": "FRONT", "ImageBase64": _picture("PNG", 80), "EnableRecognitionRectify": True},
    {"ImageBase64": _picture("JPEG", 120), "EnableReflectDetail": False, "CardWarnType": "Basic"},
    {"ImageBase64": "not a picture" * 2000, "EnableDateVerify": True, "ImageUrl": None},
)
_VALUES = (
    *VALUES,
    *("FRONT", "BACK", "front", "Advanced", "https://xx/a.jpg", "ftp://x", "http://[::1", "data:,"),
    *('{"Quality": true}', '{"Quality": NaN}', '{"Quality": 1}', "[]", '{"a": {"b": []}}', "{"),
    *("QQ==", "Q Q = =\r\n", "QQ", "-_-_", "iVBORw0KGgo=", "Qk0=" * 5000),
    *(part for seed in _SEEDS for part in parts_of(seed)),
)
_WORDS = (
    *(b'"', b"\\", b"\\u0000", b"\\ud800", b"\\/", b"\\u002b", b"\n", b" " * 70, b"\xef\xbb\xbf"),
    *(b"{", b"}", b"[", b"]", b":", b",", b"null", b"true", b"NaN", b"-Infinity", b"1e400"),
    *(b'"ImageBase64"', b'"ImageBase64": "', b'"\\u0049mageBase64":"', b'"Config":', b"[" * 40),
    *(b"\xff", b"\xed\xa0\x80", b"\xe6\x9d\x8e", b"A" * 20_000, b'{"a":' * 40, b"/*", b"\0"),
)


def _changed(known: Sequence[bytes], random: Random) -> bytes:
    content = random.choice(known)
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return changed(known, _WORDS, random)
    if random.random() < 0.3:
        return changed(known, _WORDS, random)
    for _ in range(random.choice((1, 1, 2, 4))):
        data = changed_data(data, _VALUES, random)
    content = in_json(data, random)
    return changed([content], _WORDS, random) if random.random() < 0.3 else content


def tried(server: Server, body: bytes) -> str:
    _insist_on_one_reading(body)
    outcomes = []
    for secret_id, headers in ((SECRET_ID, {}), (SCRIPTED_ID, TOKEN)):
        request = a_request(headers=common_headers(**headers), body=body)
        call = on_the_wire(signed(request, secret_id=secret_id))
        (answer,) = answers_in(server.exchanged(call))
        outcomes.append(outcome_of(answer))
    server.insist_on_silence()
    return " ".join(outcomes)


def _insist_on_one_reading(body: bytes) -> None:
    """Checks that cutting out the picture gives the same as parsing the whole body. If the text
    is not valid in JSON, only cutting out accepts it, and the picture is refused later."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return
    whole, found = _read(body, ()), _read(body, _LONG)
    if whole != found and not (whole is None and _CONTROLS.search(body)):
        raise FoundError(f"cutting out gives another body: {str(found)[:300]}")


def _read(body: bytes, long_names: Sequence[str]) -> Any:
    try:
        read = read_json_object(body, long_names)
    except ApiError:
        return None
    whole = {
        name: bytes(value.content).decode() if isinstance(value, LongText) else value
        for name, value in read.items()
    }
    return json.dumps(whole, sort_keys=True)  # NaN is not equal to itself, but is the same text


def target() -> AbstractContextManager[Target]:
    return served([json.dumps(seed).encode() for seed in _SEEDS], _changed, tried)
