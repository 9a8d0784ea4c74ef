"""The string to sign was built wrongly, or with another timestamp."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from hashlib import new as new_hash
from hashlib import sha256

from mockocr.explainer.attempt import Attempt, State, encoded, state
from mockocr.explainer.case import Case
from mockocr.explainer.mistake import Family, Mistake, Phrase, Step, named, value
from mockocr.explainer.mistakes.digest_texts import DIGEST_TEXTS, NO_DIGESTS
from mockocr.explainer.mistakes.text_changes import COMMON_CHANGES, RARE_CHANGES, TextChange

LAYOUT = "string_to_sign_layout"
NEAR_SECONDS = 300

_PARTS: Mapping[str, Callable[[Attempt, str], str]] = {
    "algorithm": lambda attempt, _: attempt.algorithm,
    "timestamp": lambda attempt, _: attempt.timestamp,
    "scope": lambda attempt, _: attempt.scope,
    "date": lambda attempt, _: attempt.scope.partition("/")[0],
    "date/service": lambda attempt, _: attempt.scope.rpartition("/")[0],
    "blank": lambda attempt, _: "",
    "hash": lambda _, canonical: _digest("sha256", canonical).hex(),
    "HASH": lambda _, canonical: _digest("sha256", canonical).hex().upper(),
    "hash-of-hash": lambda _, canonical: _digest(
        "sha256", _digest("sha256", canonical).hex()
    ).hex(),
    "base64": lambda _, canonical: b64encode(_digest("sha256", canonical)).decode(),
    "sha1": lambda _, canonical: _digest("sha1", canonical).hex(),
    "md5": lambda _, canonical: _digest("md5", canonical).hex(),
    "sha512": lambda _, canonical: _digest("sha512", canonical).hex(),
    "sha256sum": lambda _, canonical: f"{_digest('sha256', canonical).hex()}  -",
    "canonical": lambda _, canonical: canonical,
}

_ARRANGED: tuple[tuple[str, str, str], ...] = (
    ("timestamp scope hash", "the line of the algorithm is missing", "缺少算法这一行"),
    ("algorithm scope hash", "the line of the timestamp is missing", "缺少时间戳这一行"),
    ("algorithm timestamp hash", "the line of the scope is missing", "缺少 CredentialScope 这一行"),
    ("hash", "only the hash was signed", "只对哈希签名"),
    (
        "algorithm scope timestamp hash",
        "timestamp and scope are in the wrong order",
        "时间戳与 scope 顺序颠倒",
    ),
    ("algorithm timestamp scope HASH", "the hash is in upper case", "哈希是大写"),
    ("algorithm timestamp scope base64", "the hash is Base64", "哈希使用了 Base64"),
    ("algorithm timestamp scope hash-of-hash", "the hash was hashed again", "哈希被再次哈希"),
    ("algorithm timestamp scope sha1", "the hash is SHA-1", "哈希使用了 SHA-1"),
    ("algorithm timestamp scope md5", "the hash is MD5", "哈希使用了 MD5"),
    ("algorithm timestamp scope sha512", "the hash is SHA-512", "哈希使用了 SHA-512"),
    (
        "algorithm timestamp scope sha256sum",
        "the hash is the whole output of `sha256sum`",
        "哈希是 `sha256sum` 的完整输出",
    ),
    ("algorithm timestamp date hash", "the scope is the date only", "scope 只有日期"),
    (
        "algorithm timestamp date/service hash",
        "`tc3_request` is missing in the scope",
        "scope 缺少 `tc3_request`",
    ),
    (
        "algorithm timestamp scope blank hash",
        "there is a blank line before the hash",
        "哈希之前多了一个空行",
    ),
)
_NOT_HASHED: tuple[tuple[str, str, str], ...] = (
    (
        "algorithm timestamp scope canonical",
        "the last line is the canonical request itself",
        "最后一行是规范请求本身",
    ),
    ("canonical", "the canonical request itself was signed", "直接对规范请求签名"),
)
_CHANGED: tuple[TextChange, ...] = (
    *COMMON_CHANGES,
    *RARE_CHANGES,
    (
        lambda text: _digest("sha256", text).hex(),
        ("it was hashed before it was signed", "签名前又做了一次哈希"),
    ),
)
_ALGORITHMS = (
    "tc3-hmac-sha256",
    "HMAC-SHA256",
    "AWS4-HMAC-SHA256",
    "HmacSHA256",
    "TC3-HMAC-SHA1",
    "TC3-HMAC-SHA256 ",
)


_COMMON_ARRANGED, _COMMON_ALGORITHMS = 8, 3


def texts(case: Case) -> Family:
    for cause, arranged in (("canonical_request_not_hashed", _NOT_HASHED), (LAYOUT, _ARRANGED)):
        for number, (parts, en, zh) in enumerate(arranged):
            made = partial(_arranged, parts.split())
            yield _mistake(cause, (en, zh), made, alone=number >= _COMMON_ARRANGED)
    for write, (en, zh), _ in DIGEST_TEXTS:
        phrase = f"the hash is written {en}", f"哈希的写法是{zh}"
        yield _mistake(LAYOUT, phrase, partial(_with_hash, write), alone=True)
    for missing in NO_DIGESTS:
        phrase = f"the hash is the text `{missing}`", f"哈希是文本 `{missing}`"
        yield _mistake(LAYOUT, phrase, partial(_with_text, missing), alone=True)
    for number, (change, phrase) in enumerate(_CHANGED):
        made = partial(_changed, change)
        yield _mistake(LAYOUT, phrase, made, alone=number >= len(COMMON_CHANGES))
    for number, algorithm in enumerate(_ALGORITHMS):
        yield _algorithm(algorithm, alone=number >= _COMMON_ALGORITHMS)
    yield Mistake(
        LAYOUT,
        Step.STRING_TO_SIGN,
        ("the scope begins with the SecretId", "scope 以 SecretId 开头"),
        lambda attempt: attempt._replace(scope=f"{case.secret_id}/{attempt.scope}"),
        expected="date/service/tc3_request",
        found="SecretId/date/service/tc3_request",
    )


def _algorithm(name: str, alone: bool) -> Mistake:
    def apply(attempt: Attempt) -> Attempt:
        return attempt._replace(algorithm=name)

    phrase = named("algorithm", "算法", name)
    return Mistake(LAYOUT, Step.STRING_TO_SIGN, phrase, apply, alone=alone)


def timestamps(case: Case) -> Family:
    """First other formats, then other seconds, then milliseconds. Most are too many to combine
    with other mistakes."""
    moment = datetime.fromtimestamp(case.timestamp, UTC)
    china = moment.astimezone(timezone(timedelta(hours=8)))
    for number, text in enumerate(
        (
            f"{case.timestamp}000",
            f"{case.timestamp}.0",
            f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            f"{moment:%Y%m%dT%H%M%SZ}",
            f"{moment:%Y-%m-%d}",
            f"{moment:%Y-%m-%d %H:%M:%S}",
            f"{china:%Y-%m-%d %H:%M:%S}",
            f"{moment:%a, %d %b %Y %H:%M:%S} GMT",
            f"{case.timestamp}000000000",
            f"{case.timestamp}\n",
            f'"{case.timestamp}"',
            "",
        )
    ):
        yield _timestamp(LAYOUT, text, alone=number > 4)
    now = int(case.request.received_at.timestamp())
    near = (case.timestamp + sign * step for step in range(1, NEAR_SECONDS + 1) for sign in (1, -1))
    for number, seconds in enumerate(
        (*near, now, case.timestamp + 28_800, case.timestamp - 28_800)
    ):
        yield _timestamp("timestamp_differs", str(seconds), alone=number > 1)
    for thousandths in range(1, 1000):
        yield _timestamp(LAYOUT, f"{case.timestamp}{thousandths:03}", alone=True)


def _timestamp(cause: str, text: str, alone: bool) -> Mistake:
    return Mistake(
        cause,
        Step.TIMESTAMP,
        # The hint of the other cause says that it is a timestamp.
        named("timestamp", "时间戳", text) if cause == LAYOUT else value(text),
        lambda attempt: attempt._replace(timestamp=text),
        alone=alone,
    )


def _arranged(parts: Sequence[str], attempt: Attempt, canonical: str) -> str:
    return "\n".join(_PARTS[part](attempt, canonical) for part in parts)


def _with_hash(write: Callable[[bytes], str], attempt: Attempt, canonical: str) -> str:
    return _with_text(write(_digest("sha256", canonical)), attempt, canonical)


def _with_text(text: str, attempt: Attempt, canonical: str) -> str:
    return "\n".join([attempt.algorithm, attempt.timestamp, attempt.scope, text])


def _changed(change: Callable[[str], str], attempt: Attempt, canonical: str) -> str:
    return change(state(attempt, canonical))


def _digest(algorithm: str, text: str) -> bytes:
    if algorithm == "sha256":
        return sha256(encoded(text)).digest()
    return new_hash(algorithm, encoded(text), usedforsecurity=False).digest()


def _mistake(cause: str, phrase: Phrase, made: State, alone: bool) -> Mistake:
    def apply(attempt: Attempt) -> Attempt:
        return attempt._replace(state=made)

    return Mistake(cause, Step.STRING_TO_SIGN, phrase, apply, alone=alone)
