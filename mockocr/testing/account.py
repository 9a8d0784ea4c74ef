"""The account of a test (URL and keys, scenarios, recorded calls), and the server it belongs to."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Literal

from mockocr.actions.catalogue import specimen_catalogue
from mockocr.client.client import NoServerError
from mockocr.protocol.redact import redacted_condition
from mockocr.scenario.rule import Difference
from mockocr.terminal import difference
from mockocr.testing.admin import Admin, RefusedError
from mockocr.testing.bugs import BugError, Bugs
from mockocr.testing.calls import Call, differences, rule_of
from mockocr.testing.clock import MovableClock
from mockocr.testing.scenarios import Scenario, request_of, with_locations

_CONFLICT = 409
_RESPOND = "respond"


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

    def account(self, **spec: Any) -> "Account":
        """A fresh account; `spec` has the members of `POST /__admin/accounts`.

        The default name is the same in every run, because random choices depend on it. The rate is
        unlimited unless `spec` or an active scenario sets it. Raises RefusedError.
        """
        name = spec.pop("name", None) or f"account-{next(self._numbers)}"
        scenarios = spec.pop("scenarios", ())
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
            if error.status != _CONFLICT or "keys" in spec:
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
        self._responses = 0

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

    def account(self, **spec: Any) -> "Account":
        """Another fresh account; `spec` has the members of `POST /__admin/accounts`."""
        name = f"{self.name[:60]}.{len(self._children) + 2}"
        child = self.server.account(**{"name": name, **spec})
        self._children.append(child)
        return child

    def family(self) -> "Iterator[Account]":
        """This account, and those created through it."""
        yield self
        for child in self._children:
            yield from child.family()

    def play(self, scenario: Scenario) -> None:
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

    def respond(self, *, action: str | None = None, **outcome: Any) -> None:
        """Answers every call from now on with this outcome of a rule, before all scenarios:
        `card={"Name": "李明"}, warnings=["copy"]`, `error="FailedOperation.ImageBlur"` or
        `fault="TIMEOUT"`. `action` is needed if several actions are registered."""
        self._responses += 1
        rule = {"name": f"{_RESPOND} {self._responses}", "priority": 1, "then": outcome}
        if action is not None:
            rule["action"] = action
        try:
            self.play({"name": _RESPOND, "rules": [rule]})
        except RefusedError as error:
            message = str(error).replace("rules[0].then", _RESPOND)
            raise RefusedError(message, error.status) from None

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
        self, times: int | None = None, *, action: str | None = None, **when: Any
    ) -> None:
        """Asserts the number of calls (None: at least one) that match the `when` of a rule:
        `assert_called(2, CardSide="FRONT", Config={"TempIdWarn": True})`.

        A call that was refused before its parameters were read matches only if there are no
        conditions. Of an ImageUrl, scheme, host and path are compared. `action`: only calls of this
        action; conditions need it if several actions are registered. Raises AssertionError, and
        ValueError for the value of a header that the journal does not store.
        """
        rule = rule_of(when, action)
        compared = [(call, differences(call, rule, action)) for call in self.requests]
        matching = sum(differing == [] for _, differing in compared)
        if matching == times or (times is None and matching):
            return
        total = _calls(len(compared))
        lines = [f"expected {_expected(times)}, got {matching} ({total} in total)"]
        for call, differing in compared:
            if differing != []:
                why = "; ".join(map(_described, differing or ())) or call.outcome
                lines.append(f"  not {call.request_id}: {why}")
        raise AssertionError("\n".join(lines))

    def card(
        self, side: Literal["front", "back", "both", "temporary"] = "front", **fields: str
    ) -> bytes:
        """A specimen as PNG; the server answers its fields. Fields that are not set (`Name="李明"`)
        are generated from the account's seed, so a front and a back show the same person.

        Raises ValueError for fields that no card can have.
        """
        # Imported late: drawing takes 0.1 s to import.
        from mockocr.specimens.card_data import Kind

        specimens = specimen_catalogue()
        return specimens.draw(Kind(side), fields, self._seed, datetime.now(UTC)).content

    def remove(self) -> None:
        """Removes it and the accounts created through it; their calls stay in the journal."""
        for account in self.family():
            # The account or the server may already be gone.
            with suppress(RefusedError, NoServerError):
                self.server.admin.ask("DELETE", "accounts", account.name)

    def _ask(self, method: str, *path: str, **body: Any) -> dict[str, Any]:
        return self.server.admin.ask(method, *path, query={"account": self.name}, **body)

    def __repr__(self) -> str:
        return f"<mockocr account {self.name!r} at {self.url}>"


def _described(differing: Difference) -> str:
    expected = redacted_condition(differing.name, differing.expected)
    return difference({**differing._asdict(), "expected": expected})


def _expected(times: int | None) -> str:
    return "at least 1 matching call" if times is None else _calls(times, "matching ")


def _calls(number: int, kind: str = "") -> str:
    return f"{number} {kind}call{'' if number == 1 else 's'}"
