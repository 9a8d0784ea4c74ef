"""What goes wrong in the text of the legacy signature: its method, host, path and parameters."""

import hmac
from collections.abc import Callable
from functools import partial
from hashlib import new as new_hash
from typing import Any

from mockocr.explainer.attempt import hmac_of
from mockocr.explainer.case import Case
from mockocr.explainer.legacy_attempt import LayOut, LegacyAttempt, lay_out
from mockocr.explainer.mistake import Family, Mistake, Said, Step, value
from mockocr.explainer.mistakes.headers import other_hosts
from mockocr.explainer.mistakes.legacy_parameters import CAUSE, parameters, percent_encoded

TEXT = 'method + host + "/?" + parameters sorted by name, name=value joined by &'
COMMON_HOSTS = 12


def mistakes(case: Case) -> Family:
    yield from parameters(case)
    method = case.request.method
    other = {"GET": "POST", "POST": "GET"}[method]
    for text in (other, method.lower(), "", other.lower()):
        yield _mistake(Step.METHOD, value(text), method=text)
    for text in ("", "//", "/v2/index.php", "/index.php", "/IDCardOCR", "/ocr"):
        said = value(text) if text else ("no path", "缺少路径")
        yield _mistake(Step.PATH, said, path=text)
    yield _mistake(Step.PATH, ("no path and no `?`", "缺少路径和 `?`"), path="", mark="")
    yield _mistake(Step.PATH, ("no `?`", "缺少 `?`"), mark="")
    yield from _algorithms(case.algorithm)
    for number, host in enumerate(other_hosts(case.request, case.own_ports)):
        yield _mistake(
            Step.HOST, value(host), cause="host_differs", alone=number >= COMMON_HOSTS, host=host
        )
    yield from _layouts()


def _algorithms(algorithm: str) -> Family:
    other = "使用了与 SignatureMethod 不同的算法"
    for name, other_algorithm in (
        ("HmacSHA1", "sha1"),
        ("HmacSHA256", "sha256"),
        ("HMAC-MD5", "md5"),
        ("HMAC-SHA512", "sha512"),
    ):
        said = f"{name} was used, another method than SignatureMethod", f"{other}：{name}"
        yield _mistake(
            Step.SIGNATURE,
            said,
            expected="HMAC by SignatureMethod (none: HmacSHA1)",
            found=name,
            finish=hmac_of(other_algorithm),
        )
    yield _mistake(
        Step.SIGNATURE,
        ("key and text of HMAC were exchanged", "HMAC 的密钥与文本参数颠倒"),
        expected="HMAC(SecretKey, text)",
        found="HMAC(text, SecretKey)",
        finish=lambda key, text: hmac.digest(text, key, algorithm),
    )
    yield _mistake(
        Step.SIGNATURE,
        ("a hash was used instead of an HMAC", "使用了哈希而不是 HMAC"),
        expected="HMAC(SecretKey, text)",
        found="SHA(SecretKey + text)",
        finish=lambda key, text: new_hash(algorithm, key + text).digest(),
    )
    yield _mistake(
        Step.SIGNATURE,
        ("the SecretKey was used with the prefix `TC3`", "SecretKey 带有 TC3 前缀"),
        expected="HMAC(SecretKey, text)",
        found='HMAC("TC3" + SecretKey, text)',
        finish=lambda key, text: hmac.digest(b"TC3" + key, text, algorithm),
    )


_LAYOUTS: tuple[tuple[Callable[[str], str], str, str], ...] = (
    (lambda text: f"{text}\n", "a line end follows the text", "末尾多了换行符"),
    (percent_encoded, "the whole text is percent-encoded", "整个文本做了百分号编码"),
    (
        lambda text: text.replace("?", "\n", 1),
        "a line end stands instead of `?`",
        "`?` 写成了换行符",
    ),
    (lambda text: text.partition("?")[2], "only the parameters were signed", "只对参数签名"),
    (lambda text: text.lower(), "the whole text is in lower case", "整个文本转成了小写"),
)


def _layouts() -> Family:
    for change, en, zh in _LAYOUTS:
        yield _layout((en, zh), partial(_changed, change))
    for said, made in (
        (
            ("name and value are joined without `=`", "名称和值之间缺少 `=`"),
            lambda it: _head(it) + "&".join(name + text for name, text in it.pairs),
        ),
        (
            ("parameters are joined without `&`", "参数之间缺少 `&`"),
            lambda it: _head(it) + "".join(f"{name}={text}" for name, text in it.pairs),
        ),
        (
            ("a `&` follows the last parameter", "最后一个参数后多了 `&`"),
            lambda it: f"{lay_out(it)}&",
        ),
        (
            (
                "a blank or line end stands between method, host and path",
                "请求方法、主机和路径之间多了换行",
            ),
            lambda it: (
                f"{it.method}\n{it.host}\n{it.path}\n"
                + "&".join("=".join(pair) for pair in it.pairs)
            ),
        ),
    ):
        yield _layout(said, made)


def _head(attempt: LegacyAttempt) -> str:
    return f"{attempt.method}{attempt.host}{attempt.path}{attempt.mark}"


def _changed(change: Callable[[str], str], attempt: LegacyAttempt) -> str:
    return change(lay_out(attempt))


def _layout(said: Said, made: LayOut) -> Mistake:
    return _mistake(Step.STRING_TO_SIGN, said, lay_out=made)


def _mistake(
    step: str,
    said: Said,
    cause: str = CAUSE,
    alone: bool = False,
    expected: str = TEXT,
    found: str = "",
    **fields: Any,
) -> Mistake:
    def apply(attempt: LegacyAttempt) -> LegacyAttempt:
        return attempt._replace(**fields)

    return Mistake(cause, step, said, apply, expected=expected, found=found or said[0], alone=alone)
