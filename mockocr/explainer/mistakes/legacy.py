"""Mistakes in the text of a legacy signature: its method, host, path and parameters."""

import hmac
from collections.abc import Callable
from functools import partial
from hashlib import new as new_hash
from typing import Any

from mockocr.explainer.attempt import hmac_of
from mockocr.explainer.case import Case
from mockocr.explainer.legacy_attempt import LayOut, LegacyAttempt, lay_out
from mockocr.explainer.mistake import Family, Mistake, Phrase, Step, named, value
from mockocr.explainer.mistakes.headers import other_hosts
from mockocr.explainer.mistakes.legacy_parameters import CAUSE, parameters, percent_encoded

TEXT = 'method + host + "/?" + parameters sorted by name, name=value joined by &'
COMMON_HOSTS = 12


def mistakes(case: Case) -> Family:
    yield from parameters(case)
    method = case.request.method
    other = {"GET": "POST", "POST": "GET"}[method]
    for text in (other, method.lower(), "", other.lower()):
        yield _mistake(Step.METHOD, named("method", "请求方法", text), method=text)
    for text in ("", "//", "/v2/index.php", "/index.php", "/IDCardOCR", "/ocr"):
        yield _mistake(Step.PATH, named("path", "路径", text), path=text)
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
        phrase = f"{name} was used, which is not the SignatureMethod", f"{other}：{name}"
        yield _mistake(
            Step.SIGNATURE,
            phrase,
            expected="HMAC by SignatureMethod (none: HmacSHA1)",
            found=name,
            finish=hmac_of(other_algorithm),
        )
    yield _mistake(
        Step.SIGNATURE,
        ("key and text of HMAC were swapped", "HMAC 的密钥与文本参数颠倒"),
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
        "there is a line end instead of `?`",
        "`?` 写成了换行符",
    ),
    (lambda text: text.partition("?")[2], "only the parameters were signed", "只对参数签名"),
    (lambda text: text.lower(), "the whole text is in lower case", "整个文本转成了小写"),
)


def _layouts() -> Family:
    for change, en, zh in _LAYOUTS:
        yield _layout((en, zh), partial(_changed, change))
    for phrase, made in (
        (
            ("name and value are joined without `=`", "名称和值之间缺少 `=`"),
            lambda attempt: _head(attempt) + "&".join(name + text for name, text in attempt.pairs),
        ),
        (
            ("parameters are joined without `&`", "参数之间缺少 `&`"),
            lambda attempt: (
                _head(attempt) + "".join(f"{name}={text}" for name, text in attempt.pairs)
            ),
        ),
        (
            ("a `&` follows the last parameter", "最后一个参数后多了 `&`"),
            lambda attempt: f"{lay_out(attempt)}&",
        ),
        (
            (
                "there is a line end between method, host and path",
                "请求方法、主机和路径之间多了换行",
            ),
            lambda attempt: (
                f"{attempt.method}\n{attempt.host}\n{attempt.path}\n"
                + "&".join("=".join(pair) for pair in attempt.pairs)
            ),
        ),
    ):
        yield _layout(phrase, made)


def _head(attempt: LegacyAttempt) -> str:
    return f"{attempt.method}{attempt.host}{attempt.path}{attempt.mark}"


def _changed(change: Callable[[str], str], attempt: LegacyAttempt) -> str:
    return change(lay_out(attempt))


def _layout(phrase: Phrase, made: LayOut) -> Mistake:
    return _mistake(Step.STRING_TO_SIGN, phrase, lay_out=made)


def _mistake(
    step: str,
    phrase: Phrase,
    cause: str = CAUSE,
    alone: bool = False,
    expected: str = TEXT,
    found: str = "",
    **fields: Any,
) -> Mistake:
    def apply(attempt: LegacyAttempt) -> LegacyAttempt:
        return attempt._replace(**fields)

    return Mistake(
        cause, step, phrase, apply, expected=expected, found=found or phrase[0], alone=alone
    )
