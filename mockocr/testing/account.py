"""The account of a test (URL and keys, scenarios, recorded calls), and the server it belongs to."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Unpack

from mockocr.client.client import NoServerError
from mockocr.suggestions import quoted
from mockocr.testing.admin import Admin
from mockocr.testing.bugs import BugError, Bugs
from mockocr.testing.calls import Call, mismatch, rule_of
from mockocr.testing.clock import MovableClock
from mockocr.testing.errors import RefusedError, UsageError, is_for_the_user
from mockocr.testing.responding import Responses
from mockocr.testing.rules import Rule, check_times, expect_calls
from mockocr.testing.scenarios import request_of, with_locations
from mockocr.testing.written import written

if TYPE_CHECKING:
    from mockocr.actions.keywords import CardFields
    from mockocr.specimens.card_data import DefectName
    from mockocr.testing.keywords import AccountSettings, Outcome, Scenario, When

__tracebackhide__ = is_for_the_user

_CONFLICT = 409
_SECRET = ("keys", "tokens")


@dataclass
class RunningServer:
    """A server in this process, or a connection to one that runs elsewhere."""

    url: str
    """The HTTP URL."""
    admin: Admin
    https: str | None = None
    ca: Path | None = None
    """The CA certificate (PEM) that HTTPS clients must trust; None if it is not mockocr's own."""
    folder: Path = Path()
    """The folder of relative scenario paths."""
    bugs: Bugs | None = None
    """Bugs of mockocr in this server; None if it runs elsewhere."""

    def __post_init__(self) -> None:
        self._numbers = count(1)
        self._unlimited: set[str] = set()

    @property
    def https_url(self) -> str:
        if self.https is None:
            raise LookupError(
                f"the HTTPS URL of {self.url} is unknown: it has none, or runs elsewhere"
            )
        return self.https

    def account(self, **settings: "Unpack[AccountSettings]") -> "Account":
        """A fresh account; the settings are the members of `POST /__admin/accounts`.

        The default name is the same in every run, because random choices depend on it. The rate is
        unlimited unless the settings or an active scenario set it. Raises UsageError, or
        RefusedError for a scenario or a SecretId that is taken.
        """
        scenarios = settings.get("scenarios", ())
        if isinstance(scenarios, str | Mapping):
            raise UsageError(f"account: scenarios: expected a list, got {quoted(scenarios)}")
        spec = written(
            {name: value for name, value in settings.items() if name != "scenarios"}, "account"
        )
        name = spec.pop("name", None) or f"account-{next(self._numbers)}"
        created = self._create(name, spec)
        account = Account(self, created)
        if created["rate"] and "rate" not in spec:
            self._lift_limit(account.name)
        try:
            for scenario in scenarios:
                account.play(scenario)
        except BaseException:
            account.remove()
            raise
        return account

    def reraise_bugs(self, account: "Account") -> None:
        """Raises the first bug in mockocr that the account's calls met: the original exception, or
        BugError if the server runs elsewhere. A scripted InternalError is not a bug."""
        if self.bugs is not None:
            self.bugs.reraise()
            return
        query = {"account": account.name, "outcome": "InternalError"}
        calls = self.admin.ask("GET", "requests", query=query)["requests"]
        if met := [call["RequestId"] for call in calls if call["rule"] is None]:
            raise BugError(
                f"the call {met[0]} failed because of a bug in mockocr; the log of the server at"
                f" {self.url} has the traceback"
            )

    def _create(self, name: str, spec: Mapping[str, Any], number: int = 1) -> dict[str, Any]:
        candidate = name if number == 1 else f"{name[:56]} ({number})"
        try:
            return self.admin.ask("POST", "accounts", json_body={**spec, "name": candidate})
        except RefusedError as error:
            if error.status != _CONFLICT:
                got = _got({**spec, "name": name}, str(error))
                raise UsageError(f"account: {error}{got}") from None
            if "keys" in spec:
                raise
        # On a shared server, the name may be taken.
        return self._create(name, spec, number + 1)

    def _lift_limit(self, account: str) -> None:
        """Removes the server's default limit, unless an active scenario sets one."""
        active = self.admin.ask("GET", "scenarios", query={"account": account})["scenarios"]
        if not any("rate" in scenario["overrides"] for scenario in active):
            self.admin.ask("PATCH", "accounts", account, json_body={"rate": 0})
            self._unlimited.add(account)

    def restore_limit(self, account: str, scenario: Mapping[str, Any]) -> None:
        """Undoes `_lift_limit` if a scenario that was played later sets a rate."""
        if account in self._unlimited and "rate" in scenario["overrides"]:
            self.admin.ask("PATCH", "accounts", account, json_body={"rate": None})
            self._unlimited.remove(account)


def _got(spec: Mapping[str, Any], problem: str) -> str:
    """The value of the member that a problem is about; the server quotes none."""
    member = problem.partition(":")[0].partition(".")[0]
    if member not in spec or member in _SECRET or "unknown key" in problem:
        return ""
    return f", got {quoted(spec[member])}"


class Account:
    """A fresh account of a server, isolated from all other accounts."""

    def __init__(self, server: RunningServer, created: Mapping[str, Any]) -> None:
        """`created`: the reply of `POST /__admin/accounts`."""
        self.server = server
        self.name: str = created["name"]
        self.secret_id: str = created["keys"][0]["SecretId"]
        self.secret_key: str = created["keys"][0]["SecretKey"]
        self.clock = MovableClock(server.admin, self.name)
        self._seed: int = created["seed"]
        self._children: list[Account] = []
        self._responses = Responses()

    @property
    def url(self) -> str:
        """The HTTP URL of the server."""
        return self.server.url

    @property
    def https_url(self) -> str:
        """The HTTPS URL of the server; clients must trust `server.ca`. Raises LookupError."""
        return self.server.https_url

    @property
    def endpoint(self) -> str:
        """Host and port for HTTP, as SDKs expect them."""
        return self.url.removeprefix("http://")

    @property
    def env(self) -> dict[str, str]:
        """Environment variables for the code under test and for `mockocr` commands."""
        return {
            "TENCENTCLOUD_SECRET_ID": self.secret_id,
            "TENCENTCLOUD_SECRET_KEY": self.secret_key,
            "MOCKOCR_URL": self.url,
        }

    def account(self, **settings: "Unpack[AccountSettings]") -> "Account":
        """Another fresh account; the settings are the members of `POST /__admin/accounts`."""
        settings.setdefault("name", f"{self.name[:60]}.{len(self._children) + 2}")
        child = self.server.account(**settings)
        self._children.append(child)
        return child

    def family(self) -> "Iterator[Account]":
        """This account, and those created through it."""
        yield self
        for child in self._children:
            yield from child.family()

    def play(self, scenario: "Scenario") -> None:
        """Activates a scenario: replaces one of the same name, else follows the active ones.

        A relative path starts at the current folder, with pytest at the root directory of the run.
        Raises RefusedError with every error of the scenario.
        """
        source, body = request_of(scenario, self.server.folder)
        try:
            played = self._ask("POST", "scenarios", **body)
        except RefusedError as error:
            raise RefusedError(with_locations(source, error), error.status) from None
        self.server.restore_limit(self.name, played)

    def respond(
        self,
        *outcomes: "Outcome",
        when: "When | None" = None,
        action: str | None = None,
        **outcome: "Unpack[Outcome]",
    ) -> Rule:
        """Answers the calls that match `when` (default: every call) from now on, before all
        scenarios: `card={"Name": "李明"}, warnings=["copy"]`, `error="FailedOperation.ImageBlur"`
        or `fault="TIMEOUT"`. Several outcomes are a sequence, one for each call:
        `respond({"error": "FailedOperation.OcrFailed", "times": 2}, {"card": "from_picture"})`.
        The last one is repeated, unless it has `times`: then later calls are answered as if the
        rule did not exist.

        A newer rule comes before older ones. Without `when` it replaces them, and with the same
        `when` the one that has it. `action` is needed if several actions are registered. Raises
        UsageError.
        """
        scenario = self._responses.scenario(outcomes, outcome, when, action)
        name = scenario["name"]
        try:
            self._ask("POST", "scenarios", query={"first": "true"}, json_body=scenario)
        except RefusedError as error:
            self._responses.refused(name)
            raise UsageError(self._responses.readable(str(error))) from None
        for replaced in self._responses.replaced_by(name):
            self._ask("DELETE", "scenarios", replaced)
        return Rule(name, lambda: self.requests)

    @property
    def requests(self) -> list[Call]:
        """The calls of this account, oldest first."""
        rows = self._ask("GET", "requests")["requests"]
        return [Call.of(row, self.server.admin) for row in reversed(rows)]

    def explain(self, RequestId: str | None = None) -> dict[str, Any]:  # noqa: N803 - the API's word
        """Why a call (default: the last one) got its answer: cause, hint, each step of the
        signature, the rules that did not match. The reply of `GET requests/{RequestId}/explain`.
        """
        if RequestId is not None:
            return self._ask("GET", "requests", RequestId, "explain")
        if calls := self.requests:
            return calls[-1].explanation
        raise LookupError(f"the account {self.name!r} has made no calls")

    def assert_called(
        self, times: int | None = None, *, action: str | None = None, **when: "Unpack[When]"
    ) -> None:
        """Asserts the number of calls (None: at least one) that match the `when` of a rule:
        `assert_called(2, CardSide="FRONT", Config={"TempIdWarn": True})`.

        A call that was refused before its parameters were read matches only if there are no
        conditions. Of an ImageUrl, scheme, host and path are compared. `action`: only calls of this
        action; conditions need it if several actions are registered. Raises AssertionError, and
        UsageError for a condition on something that the journal does not store.
        """
        check_times(times)
        rule = rule_of(when, action)
        calls = self.requests
        reasons = {call.request_id: mismatch(call, rule, action) for call in calls}
        others = [call for call in calls if reasons[call.request_id]]
        expect_calls(times, len(calls) - len(others), others, lambda call: reasons[call.request_id])

    def assert_not_called(self, *, action: str | None = None, **when: "Unpack[When]") -> None:
        """`assert_called(0, ...)`."""
        self.assert_called(0, action=action, **when)

    def card(
        self,
        side: Literal["front", "back", "both", "temporary"] | None = None,
        *,
        specimen: str | None = None,
        defects: "Sequence[DefectName] | Mapping[DefectName, float]" = (),
        **fields: "Unpack[CardFields]",
    ) -> bytes:
        """A specimen picture; the server answers its fields.

        Either the file of a ready-made one (`specimen="warning-reflection"`, docs/cards.md), or a
        new one as PNG. Fields that are not set (`Name="李明"`) are generated from the account's
        seed, so a front (the default) and a back show the same person. `defects` are drawn at full
        strength, or with the strength of each from 0 to 1: `{"blur": 0.5}`.

        Raises UsageError, also for fields that no card can have.
        """
        # Imported late: drawing takes 0.1 s to import.
        from mockocr.testing.cards import new_card, ready_card

        if specimen is None:
            return new_card(side or "front", fields, defects, self._seed)
        if side or fields or defects:
            raise UsageError("card: specimen cannot be combined with a side, defects or fields")
        return ready_card(specimen)

    def remove(self) -> None:
        """Removes it and the accounts created through it; their calls stay in the journal."""
        for account in self.family():
            # The account or the server may already be gone.
            with suppress(RefusedError, NoServerError):
                self.server.admin.ask("DELETE", "accounts", account.name)

    def _ask(
        self, method: str, *path: str, query: Mapping[str, str] | None = None, **body: Any
    ) -> dict[str, Any]:
        query = {"account": self.name, **(query or {})}
        return self.server.admin.ask(method, *path, query=query, **body)

    def __repr__(self) -> str:
        return f"<mockocr account {self.name!r} at {self.url}>"
