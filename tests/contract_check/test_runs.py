"""What a run sends, how fast, and what it does if something goes wrong."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from mockocr.client.client import NoServerError, Reply
from mockocr.contract_check.call import Credentials, HttpCall
from mockocr.contract_check.case_spec import EditSpec
from mockocr.contract_check.cases import Case, chosen_cases, read_cases
from mockocr.contract_check.pace import Pace
from mockocr.contract_check.run import Check, Result, Server, Status
from mockocr.settings import API_PAGE
from tests.conftest import BUILT_IN
from tests.contract_check.altered import Alteration, HttpReply, HttpRequest
from tests.contract_check.conftest import ALL, Altered, moment

CASES = """\
action: IDCardOCR
cases:
  - id: first
    about: The action is unknown.
    request: {common: {Action: NoSuchAction}}
    expect: {code: InvalidAction}
  - id: second
    about: The version is unknown.
    after: first
    request: {common: {Version: "2000-01-01"}}
    expect: {code: NoSuchVersion}
  - id: third
    about: The region is unknown.
    after: second
    request: {common: {Region: hk}}
    expect: {code: InvalidParameterValue}
  - id: billed
    about: There is no picture.
    billed: true
    expect: {code: FailedOperation.EmptyImageError}
  - id: after-billed
    about: The action is unknown.
    after: billed
    request: {common: {Action: NoSuchAction}}
    expect: {code: InvalidAction}
"""


@pytest.fixture
def five(tmp_path: Path) -> list[Case]:
    (tmp_path / "cases.yaml").write_text(CASES, encoding="utf-8")
    return list(read_cases(tmp_path / "cases.yaml"))


def run(server: Server, cases: list[Case], spend: int = 0) -> list[Result]:
    return list(Check(server, API_PAGE, spend).results(cases))


def statuses(results: list[Result]) -> dict[str, Status]:
    return {result.case.id: result.status for result in results}


def test_billed_calls_are_not_sent(altered: Altered, five: list[Case]) -> None:
    results = run(altered.server(), five)

    assert [result.status for result in results] == [*[Status.SAME] * 3, *[Status.NOT_SENT] * 2]
    assert results[3].reason == "the vendor may bill it"
    # The first call is that of the set-up.
    assert len(altered.app.calls) == 4


def test_as_many_billed_calls_are_sent_as_may_be_spent(altered: Altered, cases: list[Case]) -> None:
    billed = [case for case in cases if case.spec.billed and case.spec.holds_on(API_PAGE)]

    results = run(altered.server(), billed, spend=2)

    assert len(altered.app.calls) == 3
    assert [each.status for each in results[:3]] == [Status.SAME, Status.SAME, Status.NOT_SENT]


def test_the_set_up_itself_is_never_billed(altered: Altered, five: list[Case]) -> None:
    run(altered.server(), five)

    assert altered.app.calls[0].parameters == {"Mockocr": ""}


def test_a_case_whose_set_up_differs_could_not_run(altered: Altered, five: list[Case]) -> None:
    def other_code(_: HttpRequest, reply: HttpReply) -> HttpReply:
        if reply.code != "InvalidAction":
            return reply
        return reply.with_response({**reply.response, "Error": {"Code": "No", "Message": ""}})

    altered.app.alteration = Alteration(other_code)
    first, second, third, *_ = run(altered.server(), five, ALL)

    assert first.status is Status.DIFFERS
    assert (second.status, third.status) == (Status.FAILED, Status.FAILED)
    assert second.reason == "the set-up failed: first: differs"


def test_only_chosen_cases_are_sent_with_those_before_them(five: list[Case]) -> None:
    assert [case.id for case in chosen_cases(five, ["third"])] == ["first", "second", "third"]


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ((BUILT_IN[0], "wrong"), "AuthFailure.SignatureFailure"),
        (("AKIDnobody", "wrong"), "AuthFailure.SecretIdNotFound"),
    ],
)
def test_a_wrong_key_pair_ends_the_run_with_the_first_call(
    altered: Altered, five: list[Case], keys: tuple[str, str], code: str
) -> None:
    check = Check(altered.server(keys), API_PAGE, ALL)
    results = list(check.results(five))

    assert check.obstacle is not None
    assert check.obstacle.endswith(
        f"refuses the key pair, or the clock of this machine is wrong: {code}"
    )
    assert {result.status for result in results} == {Status.FAILED}
    assert len(altered.app.calls) == 1


def served(*replies: Reply | Exception) -> tuple[Server, list[HttpCall]]:
    """A server that gives these replies, and what it got."""
    calls: list[HttpCall] = []
    rest = iter(replies)

    def send(call: HttpCall) -> Reply:
        calls.append(call)
        reply = next(rest)
        if isinstance(reply, Exception):
            raise reply
        return reply

    return Server(
        "http://127.0.0.1:1", Credentials(*BUILT_IN), send, moment, Pace(sleep=lambda _: None)
    ), calls


def refusing(code: str) -> Reply:
    body = '{"Response": {"Error": {"Code": "%s", "Message": "-"}, "RequestId": "%s"}}'
    request_id = "a0b1c2d3-0000-4000-8000-0123456789ab"
    return Reply(200, {"content-type": "application/json"}, (body % (code, request_id)).encode())


SET_UP = refusing("UnknownParameter")


def test_a_server_that_is_silent_is_not_asked_for_every_case(cases: list[Case]) -> None:
    silence = NoServerError("timed out")
    server, calls = served(SET_UP, *[silence] * 3)

    results = run(server, [case for case in cases if not case.spec.billed])

    assert len(calls) == 4
    assert {result.status for result in results} == {Status.FAILED}
    assert results[0].reason == "no answer: timed out"
    assert results[-1].reason == "no answer to 3 calls before"


@pytest.mark.parametrize(
    ("reply", "obstacle"),
    [
        (
            NoServerError("connection refused"),
            "no server at http://127.0.0.1:1: connection refused",
        ),
        (
            Reply(502, {}, b"<html>"),
            "expected an API response from http://127.0.0.1:1, got status 502, 6 bytes",
        ),
    ],
)
def test_no_case_is_sent_to_a_server_that_does_not_answer_the_set_up(
    five: list[Case], reply: Any, obstacle: str
) -> None:
    server, calls = served(reply)
    check = Check(server, API_PAGE, ALL)

    assert {result.reason for result in check.results(five)} == {obstacle}
    assert len(calls) == 1


def test_a_call_beyond_the_rate_limit_is_sent_once_more(five: list[Case]) -> None:
    too_many = refusing("RequestLimitExceeded")
    server, calls = served(SET_UP, too_many, refusing("InvalidAction"))
    (result,) = run(server, five[:1])

    assert (result.status, len(calls)) == (Status.SAME, 3)


@pytest.mark.parametrize("code", ["RequestLimitExceeded", "ResourceUnavailable.InArrears"])
def test_an_account_that_cannot_make_calls_is_no_difference(five: list[Case], code: str) -> None:
    server, _ = served(SET_UP, *[refusing(code)] * 2)
    (result,) = run(server, five[:1])

    assert result.status is Status.FAILED
    assert result.reason == f"the account cannot make the call: {code}"


def test_an_edit_that_changes_nothing_could_not_run(altered: Altered, five: list[Case]) -> None:
    edit = EditSpec(pattern="no such text", by="")
    request = five[0].spec.request.model_copy(update={"edit": edit})
    spec = five[0].spec.model_copy(update={"request": request})
    (result,) = run(altered.server(), [five[0]._replace(spec=spec)])

    assert (result.status, result.reason) == (
        Status.FAILED,
        "edit: 'no such text' is not in the signature",
    )
    assert len(altered.app.calls) == 1


def test_no_second_has_more_than_five_calls() -> None:
    now = 100.0
    times = []

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    pace = Pace(5, lambda: now, sleep)
    for number in range(50):
        pace.wait()
        times.append(now)
        # Replies take different times.
        now += 0.03 * (number % 13)

    assert all(times[at + 5] - times[at] > 0.999 for at in range(len(times) - 5))
    assert min(later - earlier for earlier, later in pairwise(times)) < 0.21


def test_a_pace_without_a_limit_never_waits() -> None:
    def sleep(_: float) -> None:
        raise AssertionError

    pace = Pace(None, lambda: 0.0, sleep)
    for _ in range(10):
        pace.wait()
