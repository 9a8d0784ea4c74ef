"""The dated contract of IDCardOCR: the vendor changes the API, never its version (2018-11-19).

One list of changes; the contract of a day is the sum of the changes up to it. Data only:
`query.py` and `render.py` apply it.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import accumulate
from types import MappingProxyType
from typing import NamedTuple

from mockocr.actions.action import ContractChange
from mockocr.specimens.card_data import WarningName


class CardWarning(NamedTuple):
    code: int
    """The code in WarnInfos."""
    flag: str
    """The flag of Config that requests it."""
    meaning: str
    advanced: bool = False
    """Returned only with CardWarnType=Advanced."""
    on_page: bool = True
    """Whether the API page lists it. A warning that is missing there keeps its code (assumed)."""


class Change(NamedTuple):
    """The changes of one day. A value replaces an older one of the same name."""

    day: date
    summary: str
    """A sentence for docs/contract.md."""
    source: str
    base64_characters: int | None = None
    parameters: Mapping[str, str] = MappingProxyType({})
    flags: Mapping[str, str] = MappingProxyType({})
    warnings: Mapping[WarningName, CardWarning] = MappingProxyType({})
    default_info: Mapping[str, str] = MappingProxyType({})


_INVALID_DATE = "a validity of no documented length"
_NO_WARNINGS = '{"WarnInfos":[]}'
_ELECTRONIC_ID = CardWarning(-9110, "DetectPsWarn", "an electronic card", advanced=True)
# "CardWarnType参数为 Advanced时同时开启电子身份证、水印告警" (published definition, DetectPsWarn).
_WATERMARK = CardWarning(-9111, "DetectPsWarn", "a watermark", advanced=True)

CHANGES = (
    Change(
        date(2023, 11, 15),
        "EnableReflectDetail and ReflectDetailInfos are new, as on the API page that mockocr uses.",
        "API page; tccli",
        base64_characters=7 * 1024 * 1024,
        parameters={
            "ImageBase64": "string",
            "ImageUrl": "string",
            "CardSide": "string",
            "Config": "string",
            "EnableRecognitionRectify": "bool",
            "EnableReflectDetail": "bool",
        },
        flags={
            "CropIdCard": "IdCard",
            "CropPortrait": "Portrait",
            "CopyWarn": "WarnInfos",
            "BorderCheckWarn": "WarnInfos and BorderCodeValue",
            "ReshootWarn": "WarnInfos",
            "DetectPsWarn": "WarnInfos",
            "TempIdWarn": "WarnInfos",
            "InvalidDateWarn": "WarnInfos",
            "Quality": "Quality",
            "MultiCardDetect": "both sides of one picture",
            "ReflectWarn": "WarnInfos",
        },
        warnings={
            "invalid_date": CardWarning(-9100, "InvalidDateWarn", _INVALID_DATE),
            "border": CardWarning(-9101, "BorderCheckWarn", "an incomplete border"),
            "copy": CardWarning(-9102, "CopyWarn", "a copy"),
            "reshoot": CardWarning(-9103, "ReshootWarn", "a picture of a picture"),
            "temporary_id": CardWarning(-9104, "TempIdWarn", "a temporary card"),
            # BorderCheckWarn is 边框和框内遮挡告警: border, and what covers the card (API page §2).
            "occlusion": CardWarning(-9105, "BorderCheckWarn", "something covers the card"),
            "tampered": CardWarning(-9106, "DetectPsWarn", "traces of editing"),
            "reflection": CardWarning(-9107, "ReflectWarn", "a reflection"),
        },
        default_info={"FRONT": "{}", "BACK": "{}"},
    ),
    Change(
        date(2024, 6, 19),
        "Warning -9108 is new: a black-and-white copy. -9102 now means a copy of either kind, black"
        " and white or in colour.",
        "tccli",
        warnings={
            "copy": CardWarning(-9102, "CopyWarn", "a copy, black and white or in colour"),
            "copy_bw": CardWarning(-9108, "CopyWarn", "a black-and-white copy"),
        },
    ),
    Change(
        date(2024, 11, 21),
        'AdvancedInfo of a front is `{"WarnInfos":[]}` instead of `{}` if Config sets no flag.',
        "examples of tccli",
        default_info={"FRONT": _NO_WARNINGS},
    ),
    Change(
        date(2024, 12, 6),
        "The parameter EnableDateVerify is new (hidden since 2025-07-03).",
        "tccli",
        parameters={"EnableDateVerify": "bool"},
    ),
    Change(
        date(2024, 12, 26),
        'AdvancedInfo of a back is `{"WarnInfos":[]}` instead of `{}` if Config sets no flag.',
        "examples of tccli",
        default_info={"BACK": _NO_WARNINGS},
    ),
    Change(
        date(2025, 5, 9),
        "The page no longer lists warning -9100. It is still returned (assumed).",
        "tccli",
        warnings={
            "invalid_date": CardWarning(-9100, "InvalidDateWarn", _INVALID_DATE, on_page=False)
        },
    ),
    Change(
        date(2025, 7, 3),
        "A picture may have 10M of Base64 instead of 7M. The parameter CardWarnType is new.",
        "tccli",
        base64_characters=10 * 1024 * 1024,
        parameters={"CardWarnType": "string"},
    ),
    Change(
        date(2026, 2, 5),
        "Warning -9110 is new: an electronic card, only with CardWarnType=Advanced. The page lists"
        " -9100 again.",
        "tccli",
        warnings={
            "invalid_date": CardWarning(-9100, "InvalidDateWarn", _INVALID_DATE),
            "electronic_id": _ELECTRONIC_ID,
        },
    ),
    Change(
        date(2026, 3, 9),
        "Warning -9111 is new: a watermark, only with CardWarnType=Advanced.",
        "tccli",
        warnings={"watermark": _WATERMARK},
    ),
    Change(
        date(2026, 3, 13),
        "The warning for an invalid date is -9109 instead of -9100.",
        "tccli",
        warnings={"invalid_date": CardWarning(-9109, "InvalidDateWarn", _INVALID_DATE)},
    ),
    Change(
        # Assumed: earlier SDKs do not have them, docs/fidelity.md#contract-checks.
        date(2026, 9, 17),
        "The Config flags KeyCheck and ValueCheck are new; they return IsKeyValid and IsValueValid"
        " in AdvancedInfo. The exact day after 2026-09-13 is not known.",
        "Python SDK, tccli",
        flags={"KeyCheck": "IsKeyValid", "ValueCheck": "IsValueValid"},
    ),
)
"""By day: the day of the tccli release that first had a change (docs/fidelity.md#contract-days)."""


class Contract(NamedTuple):
    """The API as it was on a day."""

    base64_characters: int
    """The longest Base64 of a picture. M is 1,048,576; white space does not count."""
    parameters: Mapping[str, str]
    """The vendor's type of each parameter."""
    newer_parameters: Mapping[str, date]
    """Parameters that are not in this contract yet, with the day that adds them."""
    flags: Mapping[str, str]
    """The flags of Config, and what each returns."""
    warnings: Mapping[WarningName, CardWarning]
    """By name, from code -9100 downwards."""
    default_info: Mapping[str, str]
    """AdvancedInfo by side, if Config sets no flag."""


def _amended(before: Contract, change: Change) -> Contract:
    warnings = {**before.warnings, **change.warnings}
    return Contract(
        base64_characters=change.base64_characters or before.base64_characters,
        parameters={**before.parameters, **change.parameters},
        newer_parameters={
            name: later.day
            for later in CHANGES
            if later.day > change.day
            for name in later.parameters
        },
        flags={**before.flags, **change.flags},
        warnings=dict(sorted(warnings.items(), key=lambda named: -named[1].code)),
        default_info={**before.default_info, **change.default_info},
    )


_DAYS = [change.day for change in CHANGES]
_CONTRACTS = list(accumulate(CHANGES, _amended, initial=Contract(0, {}, {}, {}, {}, {})))[1:]


def contract_on(day: date) -> Contract:
    """Raises ValueError for a day before the first contract."""
    if day < _DAYS[0]:
        raise ValueError(f"the first contract is that of {_DAYS[0]}; got {day}")
    return _CONTRACTS[bisect_right(_DAYS, day) - 1]


def newer_parameters(day: date) -> Mapping[str, date]:
    """Parameters that the contract of a day does not have yet, with the day that adds them."""
    return contract_on(day).newer_parameters


WARNING_OF_CODE: Mapping[int, WarningName] = {
    warning.code: name for change in CHANGES for name, warning in change.warnings.items()
}
"""The codes of all contracts: -9100 and -9109 are both `invalid_date`."""


def contract_changes(before: date, after: date) -> Iterator[ContractChange]:
    """What changed between two days. Raises ValueError for a day before the first contract."""
    old, new = dict(_described(contract_on(before))), dict(_described(contract_on(after)))
    for name in [*old, *(each for each in new if each not in old)]:
        if name not in new:
            yield ContractChange("removed", name, old[name])
        elif name not in old:
            yield ContractChange("added", name, new[name])
        elif old[name] != new[name]:
            yield ContractChange("changed", name, f"{old[name]} → {new[name]}")


def _described(contract: Contract) -> Iterator[tuple[str, str]]:
    mebi = contract.base64_characters // 1024**2
    yield "longest Base64 of a picture", f"{mebi} × 1,048,576"
    for name, kind in contract.parameters.items():
        yield f"parameter {name}", kind
    for name, returned in contract.flags.items():
        yield f"Config flag {name}", f"returns {returned}"
    for side, text in contract.default_info.items():
        yield f"AdvancedInfo of a {side} if Config sets no flag", text
    for warning_name, warning in contract.warnings.items():
        only = " and CardWarnType=Advanced" if warning.advanced else ""
        left = "" if warning.on_page else ", not on the page"
        meaning = f"{warning.meaning}, with {warning.flag}{only}{left}"
        yield f"warning {warning_name}", f"{warning.code} ({meaning})"
