"""What a client sees of each shipped scenario except the error scenarios, through the official
Python SDK."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from mockocr.people import number
from mockocr.people.validity import years_later
from mockocr.scenario.library import SHIPPED
from tests.builders import FRONT_OF_LI_MING, base64

if TYPE_CHECKING:
    pass

URL = "https://xx/a.jpg"
WARNING_FLAGS = (
    "InvalidDateWarn",
    "BorderCheckWarn",
    "CopyWarn",
    "ReshootWarn",
    "TempIdWarn",
    "DetectPsWarn",
    "ReflectWarn",
)

Value: TypeAlias = Any
"""The expected value, or a test of it."""


def config(*flags: str) -> str:
    return json.dumps(dict.fromkeys(flags, True))


ASKED: Mapping[str, Any] = {
    "ImageUrl": URL,
    "CardSide": "FRONT",
    "Config": config(*WARNING_FLAGS, "Quality"),
    "EnableReflectDetail": True,
}
"""Every call sets all flags of warnings."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a client sees of one call."""

    outcome: str = "ok"
    """ok, or the code of the SDK's exception; for an unforeseen error, the name of the inner
    exception."""
    fields: Mapping[str, Value] = field(default_factory=dict)
    """The members of Response that the scenario is about."""
    info: Mapping[str, Value] = field(default_factory=dict)
    """Members of AdvancedInfo, parsed."""
    asked: Mapping[str, Any] = field(default_factory=dict)
    """The parameters that differ from those of other calls."""
    at_seconds: float | None = None
    """The time at which the account's clock is frozen; None: it is not changed."""
    late: Value = 0.0
    """The scripted delay of the answer, in seconds."""
    dribble: float = 0.0


OK = Seen()
BACK = {"CardSide": "BACK"}

NOBODY = dict.fromkeys(
    ("Name", "Sex", "Nation", "Birth", "Address", "IdNum", "Authority", "ValidDate"), ""
)
BACK_OF_LI_MING = {"Authority": "北京市公安局石景山分局", "ValidDate": "2020.07.21-2040.07.21"}
NO_BACK = {"Authority": "", "ValidDate": ""}


PICTURE_OF_LI_MING = {
    "ImageUrl": None,
    "ImageBase64": base64((SHIPPED.parent / "fixtures" / "cards" / "li-ming.jpg").read_bytes()),
}


def days(span: str) -> list[date]:
    """2010.07.21-2020.07.21"""
    return [date.fromisoformat(each.replace(".", "-")) for each in span.split("-")]


def is_of_five_years(span: str) -> bool:
    first, last = days(span)
    return last in years_later(first, 5)


def is_past(span: str) -> bool:
    return days(span)[1] < datetime.now(UTC).date()


def is_born_on_leap_day(id_number: str) -> bool:
    return number.is_valid(id_number) and id_number[6:14] == "20000229"


def warned(*codes: int, **more: Value) -> Seen:
    return Seen(info={"WarnInfos": list(codes), **more})


def reflected(*positions: str) -> Mapping[str, Value]:
    return {"ReflectDetailInfos": [{"Position": each} for each in positions]}


ADVANCED = {"CardWarnType": "Advanced"}

SEEN: Mapping[str, list[Seen]] = {
    "documented": [
        Seen(fields=NOBODY, asked={"Config": config("TempIdWarn")}),
        Seen(fields=FRONT_OF_LI_MING, asked={"Config": None}),
        Seen(fields={"Authority": "赵县公安局"}, asked=BACK),
    ],
    # Warnings.
    "warning-invalid-date": [
        warned(-9100),
        Seen(fields={"ValidDate": "2022.03.05-2029.03.05"}, asked=BACK),
    ],
    "warning-border": [warned(-9101, BorderCodeValue=60)],
    "warning-copy": [warned(-9102)],
    "warning-reshoot": [warned(-9103)],
    "warning-temporary-id": [
        Seen(fields=FRONT_OF_LI_MING, info={"WarnInfos": [-9104]}),
        Seen(info={"WarnInfos": []}, asked={"Config": config("CopyWarn")}),
    ],
    "warning-occlusion": [warned(-9105)],
    "warning-tampered": [warned(-9106)],
    "warning-reflection": [
        Seen(fields=reflected("Portrait"), info={"WarnInfos": [-9107]}),
        Seen(fields=reflected(), asked={"EnableReflectDetail": False}),
    ],
    "warning-copy-bw": [warned(-9108)],
    "warning-electronic-id": [
        Seen(info={"WarnInfos": [-9110]}, asked=ADVANCED),
        Seen(info={"WarnInfos": []}),
    ],
    "warning-watermark": [
        Seen(info={"WarnInfos": [-9111]}, asked=ADVANCED),
        Seen(info={"WarnInfos": []}),
    ],
    # On the wire (docs/faults.md).
    "fault-connection-reset-by-peer": [Seen("ClientNetworkError")] * 2,
    "fault-empty-response": [Seen("ClientNetworkError")] * 2,
    "fault-malformed-response-chunk": [Seen("ChunkedEncodingError")] * 2,
    "fault-random-data-then-close": [Seen("ClientNetworkError")] * 2,
    "fault-timeout": [Seen("ClientNetworkError")],
    "fault-truncated-body": [Seen("ChunkedEncodingError")] * 2,
    "fault-bad-json": [Seen("JSONDecodeError")] * 2,
    "gateway-502": [Seen("ServerNetworkError")] * 2,
    "gateway-503": [Seen("ServerNetworkError")] * 2,
    "gateway-504": [Seen("ServerNetworkError")] * 2,
    # Which calls are lost follows from the seed, the account's name and that of the scenario.
    "flaky-network": [
        *[OK] * 7,
        Seen("ClientNetworkError"),
        OK,
        Seen("ServerNetworkError"),
        Seen("ClientNetworkError"),
        OK,
    ],
    "outage": [
        *[Seen(at_seconds=0)] * 3,
        Seen("ServerNetworkError", at_seconds=60),
        Seen("ServerNetworkError", at_seconds=89),
        *[Seen(at_seconds=90)] * 2,
    ],
    # One call after the other.
    "third-call-fails": [OK, OK, Seen("FailedOperation.OcrFailed"), OK, OK],
    "recovers-after-retry": [*[Seen("RequestLimitExceeded")] * 2, OK, OK],
    "network-recovers": [Seen("ServerNetworkError"), Seen("ClientNetworkError"), OK, OK],
    "token-expired": [Seen("AuthFailure.TokenFailure"), OK, OK],
    # In time.
    "slow": [Seen(late=1.0)],
    "very-slow-sometimes": [Seen(late=lambda seconds: 0 < seconds < 1)] * 2,
    "dribble": [Seen(dribble=1.0)],
    # Of the account.
    "throttled": [
        Seen(at_seconds=0),
        Seen("RequestLimitExceeded", at_seconds=0.9),
        Seen(at_seconds=1),
    ],
    "package-runs-out": [OK, OK, OK, *[Seen("ResourceUnavailable.ResourcePackageRunOut")] * 2],
    "arrears": [Seen("ResourceUnavailable.InArrears")],
    "unopened": [Seen("FailedOperation.UnOpenError")],
    "charge-exception": [Seen("ResourcesSoldOut.ChargeStatusException")],
    "clock-skew": [Seen("AuthFailure.SignatureExpire")] * 2,
    # Cards.
    "temporary-card": [
        Seen(fields=NOBODY, info={"WarnInfos": [-9104]}),
        Seen(fields={"Name": bool}, asked={"Config": None}),
    ],
    "expired-card": [
        warned(),
        Seen(fields={"ValidDate": is_past}, info={"WarnInfos": []}, asked=BACK),
    ],
    "long-term-card": [
        Seen(fields={"Birth": "1956/4/2"}),
        Seen(fields={"ValidDate": "2010.07.21-长期"}, info={"WarnInfos": []}, asked=BACK),
    ],
    "minor": [
        Seen(fields={"Birth": "2019/6/1"}),
        Seen(fields={"ValidDate": is_of_five_years}, info={"WarnInfos": []}, asked=BACK),
    ],
    "leap-day-birth": [Seen(fields={"Birth": "2000/2/29", "IdNum": is_born_on_leap_day})],
    "x-check-digit": [
        Seen(fields={"IdNum": "44050019920308003X", "Birth": "1992/3/8", "Sex": "男"})
    ],
    "minority-name": [Seen(fields={"Name": "阿依努尔\u00b7买买提", "Nation": "维吾尔"})],
    "four-line-address": [Seen(fields={"Address": lambda each: 3 * 11 < len(each) <= 4 * 11})],
    "number-and-birth-disagree": [
        Seen(fields={"Sex": "男", "Birth": "1987/1/1"}),
        Seen(
            fields={"Sex": "女", "Birth": "1990/6/15", "IdNum": "440524198701010014"},
            asked={"EnableRecognitionRectify": False},
        ),
    ],
    "both-sides": [
        Seen(
            fields=FRONT_OF_LI_MING | BACK_OF_LI_MING, asked={"Config": config("MultiCardDetect")}
        ),
        Seen(fields=FRONT_OF_LI_MING | NO_BACK),
        Seen(fields=BACK_OF_LI_MING | {"Name": ""}, asked=BACK),
    ],
    # With specimens by name.
    "li-ming": [
        Seen(fields=FRONT_OF_LI_MING | {"IdNum": "440500198701010013"} | NO_BACK),
        Seen(fields=BACK_OF_LI_MING | {"Name": ""}, asked=BACK),
    ],
    "specimen-blurred-once": [
        Seen(asked={"CardSide": None}),
        Seen("FailedOperation.ImageBlur", asked=PICTURE_OF_LI_MING),
        Seen(fields={"Name": "李明"}, asked=PICTURE_OF_LI_MING),
    ],
    "reflected": [
        Seen(
            fields=reflected("Portrait", "RecognitionField"),
            info={"WarnInfos": [-9107], "Quality": 55},
        )
    ],
    "low-quality": [warned(Quality=20)],
    "cut-off-border": [warned(-9101, BorderCodeValue=80)],
}
