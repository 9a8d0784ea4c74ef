"""Sends contract cases to a server, one after the other, and collects how its replies differ."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from mockocr.actions.refusals import ACCOUNT_REFUSALS
from mockocr.client.client import NoServerError, Reply
from mockocr.contract_check.call import CaseError, Credentials, HttpCall, Moment, http_call
from mockocr.contract_check.case_spec import CaseSpec, ExpectSpec, RequestSpec
from mockocr.contract_check.cases import Case
from mockocr.contract_check.compare import code_of, differences, response_of
from mockocr.contract_check.matchers import Difference
from mockocr.contract_check.pace import Pace

RATE_LIMIT = "RequestLimitExceeded"
MAX_SILENT = 3
"""Calls without an answer, one after the other, that end a run."""
_PAUSE_SECONDS = 1.0


class Status(StrEnum):
    SAME = "same"
    DIFFERS = "differs"
    FAILED = "could not run"
    NOT_SENT = "not sent"


class Result(NamedTuple):
    case: Case
    status: Status
    differences: tuple[Difference, ...] = ()
    reason: str = ""
    """Why the case could not run, or was not sent."""


class Server(NamedTuple):
    """Where cases are sent, and how."""

    url: str
    keys: Credentials
    send: Callable[[HttpCall], Reply]
    """Raises NoServerError."""
    moment: Callable[[], Moment]
    pace: Pace


class Check:
    """One run."""

    obstacle: str | None = None
    """Why nothing can be checked: no server answers, or it does not accept the key pair."""
    is_mockocr = False
    """Whether the server says that it is one."""

    def __init__(self, server: Server, contract: date, spend: int) -> None:
        """`contract`: the day of the API that the server should answer by. `spend`: the most calls
        that the vendor may bill."""
        self._server, self._contract, self._left = server, contract, spend
        self._silent = 0
        self._statuses: dict[str, Status] = {}

    def results(self, cases: Sequence[Case]) -> Iterator[Result]:
        """The result of each case that holds for the contract, as soon as there is one."""
        held = [case for case in cases if case.spec.holds_on(self._contract)]
        self.obstacle = self._obstacle(held[0]) if held else None
        for case in held:
            if self.obstacle is not None:
                yield Result(case, Status.FAILED, reason=self.obstacle)
                continue
            result = self._result(case)
            self._statuses[case.id] = result.status
            yield result

    def _obstacle(self, case: Case) -> str | None:
        """Makes a call that is refused, but neither for its signature nor for its account."""
        spec = CaseSpec(
            id="server",
            about="An unknown parameter is refused.",
            request=RequestSpec(parameters={"Mockocr": ""}),
            expect=ExpectSpec(code=["UnknownParameter"]),
        )
        url = self._server.url
        try:
            reply = self._reply(case._replace(spec=spec))
        except NoServerError as error:
            return f"no server at {url}: {error}"
        response = response_of(reply)
        if response is None:
            got = f"status {reply.status}, {len(reply.body)} bytes"
            return f"expected an API response from {url}, got {got}"
        code = code_of(response)
        if code.startswith("AuthFailure."):
            return f"{url} refuses the key pair, or the clock of this machine is wrong: {code}"
        return None

    def _result(self, case: Case) -> Result:
        after = case.spec.after
        before = self._statuses.get(after, Status.FAILED) if after else Status.SAME
        if before is Status.NOT_SENT:
            return Result(case, before, reason=f"comes after {after}, which is not sent")
        if before is not Status.SAME:
            return Result(case, Status.FAILED, reason=f"the set-up failed: {after}: {before}")
        if self._silent >= MAX_SILENT:
            return Result(case, Status.FAILED, reason=f"no answer to {MAX_SILENT} calls before")
        if self._server.keys.token and "Token" in case.spec.request.common:
            return Result(case, Status.NOT_SENT, reason="it is about a permanent key pair")
        if case.spec.billed:
            if not self._left:
                return Result(case, Status.NOT_SENT, reason="the vendor may bill it")
            self._left -= 1
        try:
            reply = self._reply(case)
        except CaseError as error:
            return Result(case, Status.FAILED, reason=str(error))
        except NoServerError as error:
            self._silent += 1
            return Result(case, Status.FAILED, reason=f"no answer: {error}")
        self._silent = 0
        code = code_of(response_of(reply) or {})
        if code not in case.spec.expect.code and (code in ACCOUNT_REFUSALS or code == RATE_LIMIT):
            return Result(case, Status.FAILED, reason=f"the account cannot make the call: {code}")
        found = tuple(differences(case, reply, tuple(filter(None, self._server.keys))))
        return Result(case, Status.DIFFERS if found else Status.SAME, found)

    def _reply(self, case: Case) -> Reply:
        """Sends the call again if the calls of this second were too many. Raises NoServerError or
        CaseError."""
        reply = self._sent(case)
        if code_of(response_of(reply) or {}) == RATE_LIMIT:
            self._server.pace.pause(_PAUSE_SECONDS)
            reply = self._sent(case)
        return reply

    def _sent(self, case: Case) -> Reply:
        server = self._server
        server.pace.wait()
        reply = server.send(http_call(case, server.url, server.keys, server.moment()))
        self.is_mockocr |= any(name.startswith("x-mockocr-") for name in reply.headers)
        return reply
