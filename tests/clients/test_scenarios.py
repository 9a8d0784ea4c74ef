"""Every shipped scenario, with the official Python SDK over a real socket. The error scenarios
are in test_error_scenarios.py."""

import json
import re
import socket
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.retry import StandardRetryer

from mockocr.accounts.account import Account
from mockocr.accounts.clock import Clock
from mockocr.journal.exchange import Exchange
from mockocr.journal.journal import CallFilter
from mockocr.scenario.library import SHIPPED
from tests.clients.scenario_calls import LIBRARY, called, client_of, new_account
from tests.clients.seen import ASKED, SEEN, Value

if TYPE_CHECKING:
    from tests.conftest import Running, Serve, Signed


NAMES = sorted(file.stem for file in SHIPPED.glob("*.yaml") if not file.stem.startswith("error-"))
"""The error scenarios are in test_error_scenarios.py."""


def exchanges(server: "Running", account: str) -> list[Exchange]:
    """The calls of an account, the oldest first."""
    return server.state.journal.newest_first(CallFilter(account=account))[::-1]


def lacking(found: Mapping[str, Any], wanted: Mapping[str, Value]) -> dict[str, Any]:
    """The members that are not as expected."""
    return {name: found.get(name) for name, value in wanted.items() if not fits(found, name, value)}


def fits(found: Mapping[str, Any], name: str, wanted: Value) -> bool:
    return name in found and (
        bool(wanted(found[name])) if callable(wanted) else found[name] == wanted
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_client_sees_what_a_scenario_is_for(scenario_server: "Running", name: str) -> None:
    scenario = LIBRARY.named(name)
    account = new_account(scenario_server, name, scenario)
    client = client_of(
        account, scenario_server, timeout_seconds=1 if name == "fault-timeout" else 10
    )
    start = datetime.now(UTC).replace(microsecond=0)

    for seen in SEEN[name]:
        if seen.at_seconds is not None:
            moment = start + timedelta(seconds=seen.at_seconds)
            scenario_server.state.clocks.move(name, Clock(frozen_at=moment))
        outcome, fields = called(client, {**ASKED, **seen.asked})

        assert outcome == seen.outcome
        assert lacking(fields, seen.fields) == {}
        assert lacking(json.loads(fields.get("AdvancedInfo", "{}")), seen.info) == {}
        resolved = exchanges(scenario_server, name)[-1].resolved
        timing = {
            "late": resolved.delay_seconds if resolved else 0.0,
            "dribble": resolved.dribble_seconds if resolved else 0.0,
        }
        assert lacking(timing, {"late": seen.late, "dribble": seen.dribble}) == {}

    taken = scenario_server.state.journal.rule_counts(name)
    assert all(each.is_met(taken[name, each.rule]) for each in scenario.expect)


def test_every_shipped_scenario_has_a_test() -> None:
    assert sorted(SEEN) == NAMES


def test_the_retryer_of_the_sdk_calls_until_it_succeeds(scenario_server: "Running") -> None:
    account = new_account(scenario_server, "standard", LIBRARY.named("recovers-after-retry"))
    retryer = StandardRetryer(backoff_fn=lambda tried: 0)

    # A bug of the SDK's (3.1.195, common/retry.py): having had the answer, it raises the error of
    # the call before, which it never forgets.
    called(client_of(account, scenario_server, retryer=retryer))

    assert [each.outcome for each in exchanges(scenario_server, "standard")] == [
        "RequestLimitExceeded",
        "RequestLimitExceeded",
        "ok",
    ]


class Patient:
    """A retryer for the SDK."""

    def send_request(self, send: Callable[[], Any]) -> Any:
        while True:
            try:
                return send()
            except TencentCloudSDKException as error:
                if error.code != "RequestLimitExceeded":
                    raise


def test_a_client_that_retries_gets_its_answer(scenario_server: "Running") -> None:
    account = new_account(scenario_server, "patient", LIBRARY.named("recovers-after-retry"))

    outcome, fields = called(client_of(account, scenario_server, retryer=Patient()))

    assert (outcome, bool(fields["Name"])) == ("ok", True)
    assert len(exchanges(scenario_server, "patient")) == 3


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
def test_the_same_calls_get_the_same_bytes_from_a_new_server_despite_other_callers(
    serve: "Serve", signed: "Signed", words: str
) -> None:
    alone = bytes_of_calls(serve(), signed, words, others=False)
    in_company = bytes_of_calls(serve(), signed, words, others=True)

    assert in_company == alone
    assert len(set(alone)) > 3


def bytes_of_calls(
    server: "Running", signed: "Signed", words: str, others: bool
) -> list[tuple[bytes, float]]:
    """The results of Alice's calls, and their delays."""
    scenario = LIBRARY.inline(words, "inline")
    alice = new_account(server, "alice", scenario)
    strangers = [new_account(server, name, scenario) for name in ("bob", "carol")]
    got = []
    for _ in range(30):
        for stranger in strangers if others else ():
            bytes_of_call(server, signed, stranger)
        reply = bytes_of_call(server, signed, alice)
        resolved = exchanges(server, "alice")[-1].resolved
        got.append((reply, resolved.delay_seconds if resolved else 0.0))
    return got


def bytes_of_call(server: "Running", signed: "Signed", account: Account) -> bytes:
    """All bytes of a reply except RequestId and Date; `(reset)` for a connection reset."""
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
