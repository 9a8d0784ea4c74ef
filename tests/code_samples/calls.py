"""Descriptions of calls, and texts that break out of a careless literal."""

from datetime import date
from typing import Any

from mockocr.actions.catalogue import choose_action
from mockocr.code_samples.sample_call import PictureFile, SampleCall

HOSTILE = {
    "quotes": "a\"b'c`d",
    "triple quotes": "\"\"\"'''",
    "line ends": "a\nb\r\nc\u2028d\u2029e\x85f",
    "backslash": "a\\",
    "backslashes": "\\\\n\\u0022\\x22",
    "shell": "$(touch evil) `touch evil` ${IFS} $HOME !! ; & | > evil",
    "interpolation": "#{`touch evil`} #$0 {$a} ${a} %s %(a)s {0}",
    "comments": "*/ /* // # <!-- --> ?> <?php",
    "trigraph": "??/ ??' ??=",
    "java escapes": "\\u000a\\u0022);//",
    "control": "\x01\x07\x1b[31m\x7f\t",
    "octal and hex": "\x011 \x1ff",
    "bidi": "\u202eabc\u2066",
    "unicode": "身份证·é😀",
    "empty": "",
    "spaces": "  a  ",
    "leading": "--CardSide=@file",
}


def a_sample(**changes: Any) -> SampleCall:
    action = choose_action("IDCardOCR")
    call: dict[str, Any] = {
        "about": "Calls IDCardOCR.",
        "account": "alice",
        "action": action.name,
        "service": action.service,
        "version": action.version,
        "types": action.parameters(date.max),
        "url": "http://127.0.0.1:8018",
        "host": "127.0.0.1:8018",
        "content_type": "application/json",
        "method": "POST",
        "signature_method": "TC3-HMAC-SHA256",
        "region": "",
        "language": "",
        "parameters": {"ImageUrl": "https://xx/a.jpg", "CardSide": "FRONT"},
        "headers": {"X-TC-Action": action.name, "X-TC-Version": action.version},
        "common": {},
        "has_token": False,
    }
    return SampleCall(**{**call, **changes})


FULL = a_sample(
    url="https://127.0.0.1:8019",
    host="127.0.0.1:8019",
    region="ap-beijing",
    language="zh-CN",
    parameters={
        "ImageBase64": PictureFile("picture-0123456789ab.png", "PNG, 80 x 50, 9 bytes"),
        "CardSide": "FRONT",
        "Config": '{"CropIdCard": true}',
        "EnableReflectDetail": True,
        "Unknown": 5,
    },
    headers={
        "X-TC-Action": "IDCardOCR",
        "X-TC-Version": "2018-11-19",
        "X-TC-Region": "ap-beijing",
        "X-TC-Language": "zh-CN",
        "X-TC-TraceId": "trace",
    },
    has_token=True,
)
"""A call with everything that a generator has a line for."""
