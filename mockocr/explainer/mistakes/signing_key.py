"""The signing key was derived wrongly. Only for TC3."""

import hmac
from base64 import b64encode
from collections.abc import Iterator
from functools import partial
from hashlib import sha256

from mockocr.explainer.attempt import Attempt, Derive, Finish, hmac_of
from mockocr.explainer.case import Case
from mockocr.explainer.mistake import Family, Mistake, Phrase, Step
from mockocr.explainer.mistakes.chain import (
    Parts,
    PassOn,
    as_hex,
    as_latin1,
    as_upper_hex,
    as_utf8,
    bare,
    chained,
    cut_at_zero,
    swapped,
    without_zeros,
)
from mockocr.explainer.mistakes.digest_texts import DIGEST_TEXTS

EXPECTED = 'HMAC(HMAC(HMAC("TC3" + SecretKey, date), service), "tc3_request")'
PREFIX = 'HMAC("TC3" + SecretKey, date)'

_PASSED_ON: tuple[tuple[PassOn, Phrase, str], ...] = (
    (
        as_hex,
        ("hex digits were passed on instead of bytes", "传给下一步的是十六进制文本而不是字节"),
        "hex({})",
    ),
    (
        as_upper_hex,
        (
            "upper-case hex digits were passed on instead of bytes",
            "传给下一步的是大写十六进制文本而不是字节",
        ),
        "HEX({})",
    ),
    (
        b64encode,
        ("Base64 was passed on instead of bytes", "传给下一步的是 Base64 文本而不是字节"),
        "Base64({})",
    ),
    (
        as_latin1,
        (
            "bytes were passed on as text, one character for each byte",
            "字节被当作 Latin-1 文本传给下一步",
        ),
        "utf8(latin1({}))",
    ),
    (
        as_utf8,
        ("bytes were passed on as UTF-8 text", "字节被当作 UTF-8 文本传给下一步"),
        "utf8({})",
    ),
    (
        cut_at_zero,
        ("a key was cut off at its first zero byte", "密钥在第一个零字节处被截断"),
        "{} up to a zero byte",
    ),
    (
        without_zeros,
        ("zero bytes of a key were dropped", "密钥中的零字节被丢掉"),
        "{} without zero bytes",
    ),
)
_WHICH: tuple[tuple[int, ...], ...] = (*((0, 1, 2), (0, 1), (2,), (0,), (1,), (1, 2), (0, 2)),)
_STAGES = ("kDate", "kService", "kSigning")


def signing_keys(case: Case) -> Family:
    yield _prefixed(
        ("the prefix `TC3` was left out", "缺少前缀 `TC3`"), "HMAC(SecretKey, date)", prefix=b""
    )
    yield from _passed_on()
    for number, text in enumerate(("AWS4", "tc3", "TC3-HMAC-SHA256", "TC3 ", "TC3TC3")):
        phrase = f"the prefix was `{text}`", f"前缀是 `{text}`"
        found = f'HMAC("{text}" + SecretKey, date)'
        yield _prefixed(phrase, found, prefix=text.encode(), alone=number > 1)
    yield _prefixed(
        ("`TC3` was put after the SecretKey", "`TC3` 放在了 SecretKey 之后"),
        'HMAC(SecretKey + "TC3", date)',
        prefix=b"",
        suffix=b"TC3",
    )
    yield from _parts(case)
    yield _mistake(
        ("key and text of HMAC were swapped", "HMAC 的密钥与文本参数颠倒"),
        'HMAC(date, "TC3" + SecretKey)',
        partial(chained, one=swapped),
        finish=lambda key, text: hmac.digest(text, key, "sha256"),
    )
    yield _mistake(
        ("key and text of HMAC were swapped", "HMAC 的密钥与文本参数颠倒"),
        'HMAC(date, "TC3" + SecretKey)',
        partial(chained, one=swapped),
    )
    yield _mistake(
        ("SHA-256 was used instead of HMAC-SHA256", "使用了 SHA-256 而不是 HMAC-SHA256"),
        'SHA256("TC3" + SecretKey + date)',
        partial(chained, one=lambda key, text, _: sha256(key + text).digest()),
        alone=True,
    )
    for algorithm, name in (("sha1", "SHA1"), ("sha512", "SHA512"), ("md5", "MD5")):
        phrase = (
            f"HMAC-{name} was used instead of HMAC-SHA256",
            f"使用了 HMAC-{name} 而不是 HMAC-SHA256",
        )
        used = partial(chained, algorithm=algorithm)
        rare = algorithm != "sha1"
        every = f"HMAC-{name} in every step"
        yield _mistake(phrase, every, used, finish=hmac_of(algorithm), alone=rare)
        yield _mistake(phrase, f"HMAC-{name} in the steps of the key", used, alone=rare)
    yield from bare_keys()


def _passed_on() -> Family:
    """The key of one step was passed to the next as text."""
    for change, phrase, notation in _PASSED_ON:
        for which in _WHICH:
            passed_on = tuple(change if number in which else None for number in range(3))
            stages = ", ".join(_STAGES[number] for number in which)
            yield _mistake(
                phrase,
                notation.format(stages),
                partial(chained, passed_on=passed_on),
                expected=f"the 32 bytes of {stages}",
                alone=which not in _WHICH[: 2 if change is as_hex else 1],
            )
    yield _mistake(
        (
            "the prefix `TC3` was left out, and hex digits were passed on instead of bytes",
            "缺少前缀 `TC3`，且传给下一步的是十六进制文本而不是字节",
        ),
        "HMAC(SecretKey, date), hex(kDate, kService, kSigning)",
        partial(chained, prefix=b"", passed_on=(as_hex,) * 3),
        expected=f"{PREFIX}, the 32 bytes of {', '.join(_STAGES)}",
        alone=True,
    )
    for write, (en, zh), notation in DIGEST_TEXTS:
        yield _mistake(
            (f"keys were passed on as text, written {en}", f"密钥以文本传给下一步，写法是{zh}"),
            notation.format("kDate, kService, kSigning"),
            partial(chained, passed_on=(lambda key, it=write: it(key).encode(),) * 3),
            expected="the 32 bytes of kDate, kService, kSigning",
            alone=True,
        )


BARE: Phrase = ("no key was derived", "没有派生签名密钥")
"""With Base64, this is a legacy signature."""


def bare_keys() -> Family:
    prefixed = (
        "no key was derived from `TC3` and SecretKey",
        "没有由 `TC3` 与 SecretKey 派生签名密钥",
    )
    for prefix, notation, phrase in (
        (b"", "SecretKey", BARE),
        (b"TC3", '"TC3" + SecretKey', prefixed),
    ):
        for algorithm in ("sha256", "sha1"):
            yield _mistake(
                phrase,
                f"HMAC-{algorithm.upper()}({notation}, StringToSign)",
                partial(bare, prefix=prefix),
                finish=hmac_of(algorithm),
                expected="HMAC-SHA256(kSigning, StringToSign)",
            )


_COMMON_PARTS = 5


def _parts(case: Case) -> Family:
    """Other texts or steps than date, service and tc3_request."""
    region = case.request.headers.get("x-tc-region", "ap-guangzhou")
    for number, (phrase, found, parts) in enumerate(_other_parts(region)):
        derive = partial(chained, parts=parts)
        expected = "date, service, tc3_request"
        yield _mistake(phrase, found, derive, None, expected, alone=number >= _COMMON_PARTS)


def _other_parts(region: str) -> Iterator[tuple[Phrase, str, Parts]]:
    yield (
        (
            "each text ended in a line end (`echo` without -n)",
            "每段文本末尾有换行符（`echo` 没有加 -n）",
        ),
        "date + LF, service + LF, tc3_request + LF",
        lambda d, s, t: (d + "\n", s + "\n", t + "\n"),
    )
    yield (
        ("date and service were swapped", "date 与 service 顺序颠倒"),
        "service, date, tc3_request",
        lambda d, s, t: (s, d, t),
    )
    yield (
        ("the step of `tc3_request` was left out", "缺少 `tc3_request` 这一步"),
        "date, service",
        lambda d, s, t: (d, s),
    )
    yield (
        ("the step of the service was left out", "缺少 service 这一步"),
        "date, tc3_request",
        lambda d, s, t: (d, t),
    )
    yield (
        ("the step of the date was left out", "缺少 date 这一步"),
        "service, tc3_request",
        lambda d, s, t: (s, t),
    )
    yield (
        ("only the step of the date was done", "只做了 date 这一步"),
        "date",
        lambda d, s, t: (d,),
    )
    yield (
        ("the region was used as a step", "多了 region 这一步"),
        "date, region, service, tc3_request",
        lambda d, s, t: (d, region, s, t),
    )
    yield (
        (
            "one step used date, service and `tc3_request` together",
            "date、service 和 `tc3_request` 在一步中拼接",
        ),
        "date + service + tc3_request",
        lambda d, s, t: (d + s + t,),
    )
    yield (
        ("one step used the whole scope", "一步中使用了整个 scope"),
        "date/service/tc3_request",
        lambda d, s, t: (f"{d}/{s}/{t}",),
    )


def signatures(case: Case) -> Family:
    """The last HMAC was computed wrongly."""
    expected = "hex(HMAC(kSigning, StringToSign))"
    for phrase, found, finish in (
        (
            ("key and text of the last HMAC were swapped", "最后一步 HMAC 的密钥与文本参数颠倒"),
            "HMAC(StringToSign, kSigning)",
            lambda key, text: hmac.digest(text, key, "sha256"),
        ),
        (
            (
                "the last step used SHA-256 instead of HMAC-SHA256",
                "最后一步使用了 SHA-256 而不是 HMAC-SHA256",
            ),
            "SHA256(kSigning + StringToSign)",
            lambda key, text: sha256(key + text).digest(),
        ),
        (
            ("the last step used HMAC-SHA1", "最后一步使用了 HMAC-SHA1"),
            "HMAC-SHA1(kSigning, StringToSign)",
            hmac_of("sha1"),
        ),
        (
            ("the last step used HMAC-SHA512", "最后一步使用了 HMAC-SHA512"),
            "HMAC-SHA512(kSigning, StringToSign)",
            hmac_of("sha512"),
        ),
    ):
        yield Mistake(
            "signing_key_derivation",
            Step.SIGNATURE,
            phrase,
            partial(_finished, finish),
            expected=expected,
            found=found,
        )


def _finished(finish: Finish, attempt: Attempt) -> Attempt:
    return attempt._replace(finish=finish)


def _prefixed(
    phrase: Phrase, found: str, prefix: bytes, suffix: bytes = b"", alone: bool = False
) -> Mistake:
    return _mistake(
        phrase, found, partial(chained, prefix=prefix, suffix=suffix), None, PREFIX, alone
    )


def _mistake(
    phrase: Phrase,
    found: str,
    derive: Derive,
    finish: Finish | None = None,
    expected: str = EXPECTED,
    alone: bool = False,
) -> Mistake:
    def apply(attempt: Attempt) -> Attempt:
        changed = attempt._replace(derive=derive)
        return changed._replace(finish=finish) if finish else changed

    return Mistake(
        "signing_key_derivation", Step.SIGNING_KEY, phrase, apply, expected, found, alone
    )
