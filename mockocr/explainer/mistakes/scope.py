"""The signing key, the string to sign, or both, have another date, service or terminator."""

from datetime import UTC, datetime, timedelta
from typing import Any

from mockocr.explainer.attempt import Attempt
from mockocr.explainer.case import Case
from mockocr.explainer.mistake import Family, Mistake, Phrase, Step, value
from mockocr.protocol.authorization import utc_date

_SERVICES = (
    "OCR",
    "cvm",
    "iai",
    "faceid",
    "sts",
    "tencentcloudapi",
    "127",
    "localhost",
    "ocr.tencentcloudapi.com",
    "",
)
_TERMINATORS = ("aws4_request", "tc3-request", "tc3request", "TC3_REQUEST", "tc3", "request", "")
_COMMON = 2
"""How many of each are tried together with other mistakes."""


def scopes(case: Case) -> Family:
    for days in (1, -1):
        local = utc_date(case.timestamp + days * 86_400)
        yield from _everywhere("date_not_utc", value(local), date=local)
    yield from _services(case)
    for number, terminator in enumerate(_TERMINATORS):
        phrase = value(terminator)
        yield from _everywhere(
            "scope_terminator", phrase, alone=number >= _COMMON, terminator=terminator
        )
    for number, date in enumerate(_dates(case.timestamp)):
        yield from _everywhere(
            "date_differs_from_timestamp", value(date), alone=number >= _COMMON, date=date
        )


def _services(case: Case) -> Family:
    label = case.request.headers.get("host", "").rpartition("@")[2].partition(".")[0]
    names = [
        "ocr",
        label,
        label.partition(":")[0],
        *_SERVICES,
        case.request.headers.get("x-tc-action", ""),
    ]
    for number, service in enumerate(dict.fromkeys(names)):
        yield from _everywhere(
            "wrong_service", value(service), alone=number >= _COMMON, service=service
        )


def _dates(timestamp: int) -> list[str]:
    """The date in other formats, and other days."""
    moment = datetime.fromtimestamp(timestamp, UTC)
    month_before = f"{moment.year}-{moment.month - 1:02}-{moment.day:02}"
    formats = ("%Y%m%d", "%Y/%m/%d", "%Y-%-m-%-d", "%Y-%m-%dT%H:%M:%SZ", "%d-%m-%Y", "%y-%m-%d")
    days = [moment + timedelta(days=days) for days in (-2, 2, -7, 7)]
    return [
        *(_formatted(moment, text) for text in formats),
        month_before,
        str(timestamp),
        *(day.strftime("%Y-%m-%d") for day in days),
    ]


def _formatted(moment: datetime, text: str) -> str:
    """Not every platform has `%-m`."""
    text = text.replace("%-m", str(moment.month)).replace("%-d", str(moment.day))
    return moment.strftime(text)


def _everywhere(cause: str, phrase: Phrase, alone: bool = False, **parts: Any) -> Family:
    """One part of the scope: in the key only, in both, in the string to sign only."""
    ((field, text),) = parts.items()

    def in_key(attempt: Attempt) -> Attempt:
        return attempt._replace(**{field: text})

    def in_text(attempt: Attempt) -> Attempt:
        return attempt._replace(scope=_with(attempt.scope, field, text))

    def in_both(attempt: Attempt) -> Attempt:
        return in_text(in_key(attempt))

    what = {"date": "date", "service": "service", "terminator": "tc3_request"}[field]
    for place, apply in (
        ("the signing key", in_key),
        ("the signing key and the string to sign", in_both),
        ("the string to sign", in_text),
    ):
        yield Mistake(
            cause,
            Step.SCOPE,
            phrase,
            apply,
            expected=f"{what} of the credential scope",
            found=f"`{text}` in {place}",
            alone=alone,
        )


def _with(scope: str, field: str, text: str) -> str:
    parts = scope.split("/")
    parts[("date", "service", "terminator").index(field)] = text
    return "/".join(parts)
