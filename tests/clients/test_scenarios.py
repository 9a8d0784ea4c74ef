"""Every shipped scenario, played through the official Python SDK over a real socket."""

import json
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.common.retry import StandardRetryer
from tencentcloud.ocr.v20181119 import models
from tencentcloud.ocr.v20181119.ocr_client import OcrClient

from mockocr.accounts.account import Account
from mockocr.accounts.clock import Clock
from mockocr.actions.catalogue import ACTIONS
from mockocr.cards import number
from mockocr.cards.validity import years_later
from mockocr.journal import Exchange, Wanted
from mockocr.scenario.library import SHIPPED, Library
from mockocr.scenario.scenario import Scenario
from mockocr.settings import Settings
from tests.builders import base64
from tests.conftest import running

if TYPE_CHECKING:
    from tests.conftest import Running, Serve, Signed

LIBRARY = Library(ACTIONS[0])
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
"""What is to be there: the value itself, or a test of it."""


def config(*flags: str) -> str:
    return json.dumps(dict.fromkeys(flags, True))


ASKED: Mapping[str, Any] = {
    "ImageUrl": URL,
    "CardSide": "FRONT",
    "Config": config(*WARNING_FLAGS, "Quality"),
    "EnableReflectDetail": True,
}
"""Every call asks for every warning."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a client sees of one call."""

    outcome: str = "ok"
    """ok, or the code of the SDK's exception: for what the SDK does not foresee, the name of the
    exception within."""
    fields: Mapping[str, Value] = field(default_factory=dict)
    """Members of Response, of those that the scenario is about."""
    info: Mapping[str, Value] = field(default_factory=dict)
    """Members of AdvancedInfo, parsed."""
    asked: Mapping[str, Any] = field(default_factory=dict)
    """What the call asks for in other words than the others."""
    at_seconds: float | None = None
    """By the account's clock, which then stands still; None: the clock is left alone."""
    late: Value = 0.0
    """By how many seconds the answer was to come late."""
    dribble: float = 0.0


OK = Seen()
BACK = {"CardSide": "BACK"}

NOBODY = dict.fromkeys(
    ("Name", "Sex", "Nation", "Birth", "Address", "IdNum", "Authority", "ValidDate"), ""
)
FRONT_OF_LI_MING = {
    "Name": "李明",
    "Sex": "男",
    "Nation": "汉",
    "Birth": "1987/1/1",
    "Address": "北京市石景山区高新技术园腾讯大楼",
    "IdNum": "440524198701010014",
}
BACK_OF_LI_MING = {"Authority": "北京市公安局石景山分局", "ValidDate": "2020.07.21-2040.07.21"}
NO_BACK = {"Authority": "", "ValidDate": ""}


PICTURE_OF_LI_MING = {
    "ImageUrl": None,
    "ImageBase64": base64((SHIPPED.parent / "fixtures" / "cards" / "li-ming.jpg").read_bytes()),
}


def days(span: str) -> list[date]:
    """2010.07.21-2020.07.21"""
    return [date.fromisoformat(it.replace(".", "-")) for it in span.split("-")]


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
    return {"ReflectDetailInfos": [{"Position": it} for it in positions]}


ADVANCED = {"CardWarnType": "Advanced"}

ERRORS = {
    "error-action-offline": "ActionOffline",
    "error-auth-failure-unauthorized-operation": "AuthFailure.UnauthorizedOperation",
    "error-card-side-error": "FailedOperation.CardSideError",
    "error-charge-status-exception": "ResourcesSoldOut.ChargeStatusException",
    "error-config-format-error": "InvalidParameter.ConfigFormatError",
    "error-down-load-error": "FailedOperation.DownLoadError",
    "error-dry-run-operation": "DryRunOperation",
    "error-empty-image-error": "FailedOperation.EmptyImageError",
    "error-failed-operation": "FailedOperation",
    "error-global-region-uin-limit-exceeded": "RequestLimitExceeded.GlobalRegionUinLimitExceeded",
    "error-id-card-info-illegal": "FailedOperation.IdCardInfoIllegal",
    "error-id-card-too-small": "FailedOperation.IdCardTooSmall",
    "error-image-blur": "FailedOperation.ImageBlur",
    "error-image-decode-failed": "FailedOperation.ImageDecodeFailed",
    "error-image-no-id-card": "FailedOperation.ImageNoIdCard",
    "error-image-size-too-large": "FailedOperation.ImageSizeTooLarge",
    "error-in-arrears": "ResourceUnavailable.InArrears",
    "error-internal-error": "InternalError",
    "error-invalid-action": "InvalidAction",
    "error-invalid-authorization": "AuthFailure.InvalidAuthorization",
    "error-invalid-parameter": "InvalidParameter",
    "error-invalid-parameter-value": "InvalidParameterValue",
    "error-invalid-parameter-value-limit": "InvalidParameterValue.InvalidParameterValueLimit",
    "error-invalid-request": "InvalidRequest",
    "error-invalid-secret-id": "AuthFailure.InvalidSecretId",
    "error-ip-in-blacklist": "IpInBlacklist",
    "error-ip-limit-exceeded": "RequestLimitExceeded.IPLimitExceeded",
    "error-ip-not-in-whitelist": "IpNotInWhitelist",
    "error-limit-exceeded": "LimitExceeded",
    "error-mfa-failure": "AuthFailure.MFAFailure",
    "error-missing-parameter": "MissingParameter",
    "error-multi-card-error": "FailedOperation.MultiCardError",
    "error-no-such-product": "NoSuchProduct",
    "error-no-such-version": "NoSuchVersion",
    "error-ocr-failed": "FailedOperation.OcrFailed",
    "error-request-limit-exceeded": "RequestLimitExceeded",
    "error-request-size-limit-exceeded": "RequestSizeLimitExceeded",
    "error-resource-in-use": "ResourceInUse",
    "error-resource-insufficient": "ResourceInsufficient",
    "error-resource-not-found": "ResourceNotFound",
    "error-resource-package-run-out": "ResourceUnavailable.ResourcePackageRunOut",
    "error-resource-unavailable": "ResourceUnavailable",
    "error-response-size-limit-exceeded": "ResponseSizeLimitExceeded",
    "error-secret-id-not-found": "AuthFailure.SecretIdNotFound",
    "error-service-unavailable": "ServiceUnavailable",
    "error-signature-expire": "AuthFailure.SignatureExpire",
    "error-signature-failure": "AuthFailure.SignatureFailure",
    "error-token-failure": "AuthFailure.TokenFailure",
    "error-too-large-file-error": "LimitExceeded.TooLargeFileError",
    "error-uin-limit-exceeded": "RequestLimitExceeded.UinLimitExceeded",
    "error-un-know-error": "FailedOperation.UnKnowError",
    "error-un-open-error": "FailedOperation.UnOpenError",
    "error-unauthorized-operation": "UnauthorizedOperation",
    "error-unknown-parameter": "UnknownParameter",
    "error-unsupported-operation": "UnsupportedOperation",
    "error-unsupported-protocol": "UnsupportedProtocol",
    "error-unsupported-region": "UnsupportedRegion",
}

SEEN: Mapping[str, list[Seen]] = {
    "documented": [
        Seen(fields=NOBODY, asked={"Config": config("TempIdWarn")}),
        Seen(fields=FRONT_OF_LI_MING, asked={"Config": None}),
        Seen(fields={"Authority": "赵县公安局"}, asked=BACK),
    ],
    **{name: [Seen(code), Seen(code)] for name, code in ERRORS.items()},
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
    # On the wire (`clients.md` §3).
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
    "four-line-address": [Seen(fields={"Address": lambda it: 3 * 11 < len(it) <= 4 * 11})],
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

SHIPPED_NAMES = sorted(file.stem for file in SHIPPED.glob("*.yaml"))


@pytest.fixture(scope="module")
def server(state_dir: Path) -> "Iterator[Running]":
    """One server for all of them."""
    with running(Settings(port=0, tls_port=0, rate=0), state_dir) as started:
        yield started


def new_account(server: "Running", name: str, scenario: Scenario) -> Account:
    account = Account(name, {f"AKID{name}": f"key of {name}"})
    server.service.accounts.add(account)
    server.service.stage.set_own(name, [scenario])
    return account


def client_of(
    account: Account, server: "Running", timeout_seconds: int = 10, retryer: Any = None
) -> OcrClient:
    http = HttpProfile(protocol="http", endpoint=server.endpoint, reqTimeout=timeout_seconds)
    ((secret_id, secret_key),) = account.keys.items()
    profile = ClientProfile(httpProfile=http, retryer=retryer)
    return OcrClient(Credential(secret_id, secret_key), "", profile)


def called(client: OcrClient, asked: Mapping[str, Any] = ASKED) -> tuple[str, Mapping[str, Any]]:
    """What comes of a call: the outcome as in `Seen`, and the members of Response."""
    request = models.IDCardOCRRequest()
    for name, value in asked.items():
        setattr(request, name, value)
    try:
        response = client.IDCardOCR(request)
    except TencentCloudSDKException as error:
        return str(error.code), {}
    return "ok", json.loads(response.to_json_string())


def exchanges(server: "Running", account: str) -> list[Exchange]:
    """The oldest first."""
    return server.service.journal.newest_first(Wanted(account=account))[::-1]


def lacking(found: Mapping[str, Any], wanted: Mapping[str, Value]) -> dict[str, Any]:
    """What is not as it is wanted."""
    return {name: found.get(name) for name, value in wanted.items() if not fits(found, name, value)}


def fits(found: Mapping[str, Any], name: str, wanted: Value) -> bool:
    return name in found and (
        bool(wanted(found[name])) if callable(wanted) else found[name] == wanted
    )


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_a_client_sees_what_the_scenario_is_for(server: "Running", name: str) -> None:
    scenario = LIBRARY.named(name)
    account = new_account(server, name, scenario)
    client = client_of(account, server, timeout_seconds=1 if name == "fault-timeout" else 10)
    start = datetime.now(UTC).replace(microsecond=0)

    for seen in SEEN[name]:
        if seen.at_seconds is not None:
            moment = start + timedelta(seconds=seen.at_seconds)
            server.service.clocks.move(name, Clock(frozen_at=moment))
        outcome, fields = called(client, {**ASKED, **seen.asked})

        assert outcome == seen.outcome
        assert lacking(fields, seen.fields) == {}
        assert lacking(json.loads(fields.get("AdvancedInfo", "{}")), seen.info) == {}
        performed = exchanges(server, name)[-1].performed
        timing = {
            "late": performed.delay_seconds if performed else 0.0,
            "dribble": performed.dribble_seconds if performed else 0.0,
        }
        assert lacking(timing, {"late": seen.late, "dribble": seen.dribble}) == {}

    taken = server.service.journal.taken(name)
    assert all(it.is_met(taken[name, it.rule]) for it in scenario.expect)


def test_no_shipped_scenario_lacks_a_row_here() -> None:
    assert sorted(SEEN) == SHIPPED_NAMES


def test_the_sdks_own_retryer_calls_until_the_answer_is_good(server: "Running") -> None:
    account = new_account(server, "standard", LIBRARY.named("recovers-after-retry"))
    retryer = StandardRetryer(backoff_fn=lambda tried: 0)

    # A bug of the SDK's (3.1.195, common/retry.py): having had the answer, it raises the error of
    # the call before, which it never forgets.
    called(client_of(account, server, retryer=retryer))

    assert [it.outcome for it in exchanges(server, "standard")] == [
        "RequestLimitExceeded",
        "RequestLimitExceeded",
        "ok",
    ]


class Patient:
    """A retryer as the SDK takes them."""

    def send_request(self, send: Callable[[], Any]) -> Any:
        while True:
            try:
                return send()
            except TencentCloudSDKException as error:
                if error.code != "RequestLimitExceeded":
                    raise


def test_a_client_that_tries_again_gets_its_answer(server: "Running") -> None:
    account = new_account(server, "patient", LIBRARY.named("recovers-after-retry"))

    outcome, fields = called(client_of(account, server, retryer=Patient()))

    assert (outcome, bool(fields["Name"])) == ("ok", True)
    assert len(exchanges(server, "patient")) == 3


CHANCES = """\
name: chances
seed: 7
chaos:
  - {probability: 0.1, fault: CONNECTION_RESET_BY_PEER}
  - {probability: 0.1, fault: EMPTY_RESPONSE}
  - {probability: 0.1, fault: RANDOM_DATA_THEN_CLOSE}
  - {probability: 0.1, fault: MALFORMED_RESPONSE_CHUNK}
  - {probability: 0.1, fault: TRUNCATED_BODY, dribble: 2ms}
  - {probability: 0.3, delay: {uniform: [1ms, 9ms]}}
rules:
  - name: one of several
    then:
      one_of:
        - {card: invented, weight: 3, delay: {lognormal: {median: 2ms, sigma: 1}}}
        - {card: invented, warnings: [copy]}
        - {error: FailedOperation.ImageBlur}
        - {http: 504}
"""


@pytest.mark.parametrize("words", ["flaky-network", CHANCES], ids=["flaky-network", "inline"])
def test_the_same_calls_of_a_new_server_get_the_same_bytes_whoever_else_calls(
    serve: "Serve", signed: "Signed", words: str
) -> None:
    alone = bytes_of_calls(serve(), signed, words, others=False)
    in_company = bytes_of_calls(serve(), signed, words, others=True)

    assert in_company == alone
    assert len(set(alone)) > 3


def bytes_of_calls(
    server: "Running", signed: "Signed", words: str, others: bool
) -> list[tuple[bytes, float]]:
    """What comes of Alice's calls, and how late."""
    scenario = LIBRARY.inline(words, "inline")
    alice = new_account(server, "alice", scenario)
    strangers = [new_account(server, name, scenario) for name in ("bob", "carol")]
    got = []
    for _ in range(30):
        for stranger in strangers if others else ():
            bytes_of_call(server, signed, stranger)
        reply = bytes_of_call(server, signed, alice)
        performed = exchanges(server, "alice")[-1].performed
        got.append((reply, performed.delay_seconds if performed else 0.0))
    return got


def bytes_of_call(server: "Running", signed: "Signed", account: Account) -> bytes:
    """All that comes over the wire, but RequestId and Date; `(reset)` for a connection reset."""
    ((secret_id, secret_key),) = account.keys.items()
    body = json.dumps(ASKED).encode()
    headers = signed(server.endpoint, body, secret_id=secret_id, secret_key=secret_key)
    headers |= {"Content-Length": str(len(body)), "Connection": "close"}
    lines = ["POST / HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "\r\n"]
    host, _, port = server.endpoint.partition(":")
    got = b""
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall("\r\n".join(lines).encode() + body)
        try:
            while piece := connection.recv(65536):
                got += piece
        except ConnectionResetError:
            got += b"(reset)"
    return re.sub(rb'(?i)("RequestId":"[-0-9a-f]*|\r\ndate: [^\r]+)', b"", got)
