"""The contract of IDCardOCR, dated: the vendor changed it and never its version (2018-11-19).

One list of changes; a contract is all of them up to a day. Data only: what it means is done where a
call is understood and an answer rendered.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import accumulate
from types import MappingProxyType
from typing import NamedTuple

from mockocr.specimens.card_data import WarningName


class CardWarning(NamedTuple):
    code: int
    """In WarnInfos."""
    flag: str
    """The flag of Config that asks for it."""
    says: str
    advanced: bool = False
    """Only with CardWarnType=Advanced."""
    on_page: bool = True
    """A warning that merely left the page for a while keeps its code."""


class Change(NamedTuple):
    """What one day brought: what is new, or replaces what bore its name."""

    day: date
    words: str
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
        "EnableReflectDetail and ReflectDetailInfos are new: the API page as mockocr knows it.",
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
        "Warning -9108 is new: a black-and-white copy; -9102 is now a copy in black and white or in"
        " colour.",
        "tccli",
        warnings={
            "copy": CardWarning(-9102, "CopyWarn", "a copy, black and white or in colour"),
            "copy_bw": CardWarning(-9108, "CopyWarn", "a black-and-white copy"),
        },
    ),
    Change(
        date(2024, 11, 21),
        'AdvancedInfo of a front is `{"WarnInfos":[]}`, no longer `{}`, where nothing of it is'
        " asked for.",
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
        'AdvancedInfo of a back is `{"WarnInfos":[]}`, no longer `{}`, where nothing of it is'
        " asked for.",
        "examples of tccli",
        default_info={"BACK": _NO_WARNINGS},
    ),
    Change(
        date(2025, 5, 9),
        "Warning -9100 leaves the page; it is assumed to be given as before.",
        "tccli",
        warnings={
            "invalid_date": CardWarning(-9100, "InvalidDateWarn", _INVALID_DATE, on_page=False)
        },
    ),
    Change(
        date(2025, 7, 3),
        "A picture may have 10M of Base64, no longer 7M; the parameter CardWarnType is new.",
        "tccli",
        base64_characters=10 * 1024 * 1024,
        parameters={"CardWarnType": "string"},
    ),
    Change(
        date(2026, 2, 5),
        "Warning -9110 is new: an electronic card, with CardWarnType=Advanced only; -9100 is back"
        " on the page.",
        "tccli",
        warnings={
            "invalid_date": CardWarning(-9100, "InvalidDateWarn", _INVALID_DATE),
            "electronic_id": _ELECTRONIC_ID,
        },
    ),
    Change(
        date(2026, 3, 9),
        "Warning -9111 is new: a watermark, with CardWarnType=Advanced only.",
        "tccli",
        warnings={"watermark": _WATERMARK},
    ),
    Change(
        date(2026, 3, 13),
        "The warning of an invalid date is -9109, no longer -9100.",
        "tccli",
        warnings={"invalid_date": CardWarning(-9109, "InvalidDateWarn", _INVALID_DATE)},
    ),
    Change(
        # Assumed: 3.1.155.1 of 2026-08-21 has them not, 3.1.189.1 has; the first day between.
        date(2026, 8, 22),
        "The Config flags KeyCheck and ValueCheck are new, with IsKeyValid and IsValueValid in"
        " AdvancedInfo (some day after 2026-08-21).",
        "tccli",
        flags={"KeyCheck": "IsKeyValid", "ValueCheck": "IsValueValid"},
    ),
)
"""By day: that of the release of tccli that first had a change (docs/fidelity.md#contract-days)."""


class Contract(NamedTuple):
    """The API as it was on a day."""

    base64_characters: int
    """The most that a picture may have; M as 1,048,576, white space not counted."""
    parameters: Mapping[str, str]
    """Their types, in the vendor's words."""
    newer_parameters: Mapping[str, date]
    """Those that it has not yet, and since when there are."""
    flags: Mapping[str, str]
    """Of Config, and what each brings."""
    warnings: Mapping[WarningName, CardWarning]
    """In the order of their codes."""
    default_info: Mapping[str, str]
    """AdvancedInfo by side, where nothing of it is asked for."""


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
        raise ValueError(f"no contract before {_DAYS[0]} is known")
    return _CONTRACTS[bisect_right(_DAYS, day) - 1]


def newer_parameters(day: date) -> Mapping[str, date]:
    """Parameters that the contract of a day has not yet, and since when there are."""
    return contract_on(day).newer_parameters


WARNING_OF_CODE: Mapping[int, WarningName] = {
    warning.code: name for change in CHANGES for name, warning in change.warnings.items()
}
"""Of every contract: -9100 and -9109 are both `invalid_date`."""


def differences(before: Contract, after: Contract) -> Iterator[tuple[str, str, str]]:
    """What changed, each as (added | removed | changed, what, how)."""
    old, new = dict(_described(before)), dict(_described(after))
    for what in [*old, *(it for it in new if it not in old)]:
        if what not in new:
            yield "removed", what, old[what]
        elif what not in old:
            yield "added", what, new[what]
        elif old[what] != new[what]:
            yield "changed", what, f"{old[what]} → {new[what]}"


def _described(contract: Contract) -> Iterator[tuple[str, str]]:
    mebi = contract.base64_characters // 1024**2
    yield "most Base64 characters of a picture", f"{mebi} × 1,048,576"
    for name, kind in contract.parameters.items():
        yield f"parameter {name}", kind
    for name, brings in contract.flags.items():
        yield f"Config flag {name}", f"brings {brings}"
    for side, text in contract.default_info.items():
        yield f"AdvancedInfo of a {side} where nothing of it is asked for", text
    for warning_name, warning in contract.warnings.items():
        only = " and CardWarnType=Advanced" if warning.advanced else ""
        left = "" if warning.on_page else ", not on the page"
        said = f"{warning.code} ({warning.says}, with {warning.flag}{only}{left})"
        yield f"warning {warning_name}", said
