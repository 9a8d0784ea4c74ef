"""An account as a test holds it (where to call and with what, what is answered, what happened), and
the server that it is made on."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Literal

from mockocr.actions.catalogue import specimen_catalogue
from mockocr.client.client import NoServerError
from mockocr.terminal import difference
from mockocr.testing.admin import Admin, RefusedError
from mockocr.testing.bugs import BugError, Bugs
from mockocr.testing.calls import Call, differences, wanted_rule
from mockocr.testing.clock import MovableClock
from mockocr.testing.scenarios import Scenario, as_sent, told_with

_CONFLICT = 409
_RESPOND = "respond"


@dataclass
class RunningServer:
    url: str
    """Of http."""
    admin: Admin
    https: str | None = None
    ca: Path | None = None
    """The certificate (PEM) that clients of https have to trust; None: of somebody's own."""
    folder: Path = Path()
    """What relative paths of scenarios begin at."""
    bugs: Bugs | None = None
    """What went wrong in it; None: it runs elsewhere."""

    def __post_init__(self) -> None:
        self._numbers = count(1)
        self._unlimited: set[str] = set()

    @property
    def https_url(self) -> str:
        if self.https is None:
            raise LookupError(f"where {self.url} speaks https, if it does, is not known here")
        return self.https

    def account(self, **words: Any) -> "Account":
        """A fresh one, without a limit of its calls a second unless the words, or a scenario that
        plays for it, say one. The words are those of `POST /__admin/accounts`; without a name it
        has one that is the same in every run: what chance brings depends on it.

        Raises RefusedError.
        """
        name = words.pop("name", None) or f"account-{next(self._numbers)}"
        scenarios = words.pop("scenarios", ())
        told = self._make(name, words)
        account = Account(self, told)
        if told["rate"] and "rate" not in words:
            self._lift_limit(account.name)
        try:
            for scenario in scenarios:
                account.play(scenario)
        except BaseException:
            account.remove()
            raise
        return account

    def reraise_bugs(self, account: "Account") -> None:
        """What is wrong with mockocr itself: of a server elsewhere, it can only be told where it
        happened. InternalError that a rule or chaos ordered is none."""
        if self.bugs is not None:
            self.bugs.reraise()
            return
        query = {"account": account.name, "outcome": "InternalError"}
        ended = self.admin.ask("GET", "requests", query=query)["requests"]
        if met := [it["RequestId"] for it in ended if it["rule"] is None]:
            raise BugError(
                f"a bug of mockocr: the call {met[0]} ended in it; the log of the"
                f" server at {self.url} has the traceback"
            )

    def _make(self, name: str, words: Mapping[str, Any], number: int = 1) -> dict[str, Any]:
        tried = name if number == 1 else f"{name[:56]} ({number})"
        try:
            return self.admin.ask("POST", "accounts", json_body={**words, "name": tried})
        except RefusedError as error:
            if error.status != _CONFLICT or "keys" in words:
                raise
        # On a server that others use too, one of the name may be there.
        return self._make(name, words, number + 1)

    def _lift_limit(self, account: str) -> None:
        """Of a server that limits everybody who says nothing else."""
        playing = self.admin.ask("GET", "scenarios", query={"account": account})["scenarios"]
        if not any("rate" in it["overrides"] for it in playing):
            self.admin.ask("PATCH", "accounts", account, json_body={"rate": 0})
            self._unlimited.add(account)

    def limit_as_played(self, account: str, played: Mapping[str, Any]) -> None:
        """A scenario that limits calls is what asks for a limit."""
        if account in self._unlimited and "rate" in played["overrides"]:
            self.admin.ask("PATCH", "accounts", account, json_body={"rate": None})
            self._unlimited.remove(account)


class Account:
    """A fresh account of a server: nothing that another account does is seen here."""

    def __init__(self, server: RunningServer, told: Mapping[str, Any]) -> None:
        self.server = server
        self.name: str = told["name"]
        self.secret_id: str = told["keys"][0]["SecretId"]
        self.secret_key: str = told["keys"][0]["SecretKey"]
        self.clock = MovableClock(server.admin, self.name)
        self._seed: int = told["seed"]
        self._made: list[Account] = []
        self._responses = 0

    @property
    def url(self) -> str:
        """Of http."""
        return self.server.url

    @property
    def https_url(self) -> str:
        """Clients have to trust `server.ca`."""
        return self.server.https_url

    @property
    def endpoint(self) -> str:
        """Host and port of http, as SDKs take it."""
        return self.url.removeprefix("http://")

    @property
    def env(self) -> dict[str, str]:
        """For code that is configured by its environment, and for `mockocr` commands."""
        return {
            "TENCENTCLOUD_SECRET_ID": self.secret_id,
            "TENCENTCLOUD_SECRET_KEY": self.secret_key,
            "MOCKOCR_URL": self.url,
        }

    def account(self, **words: Any) -> "Account":
        """Another fresh one on the same server; the words are those of `POST /__admin/accounts`."""
        made = self.server.account(**{"name": f"{self.name[:60]}.{len(self._made) + 2}", **words})
        self._made.append(made)
        return made

    def family(self) -> "Iterator[Account]":
        """This one, and those that were made through it."""
        yield self
        for made in self._made:
            yield from made.family()

    def play(self, scenario: Scenario) -> None:
        """From now on, in the place of one of the same name, else behind what plays already.

        A relative path is looked up in the current folder, with pytest in the root of the run.
        Raises RefusedError with everything that is wrong in it.
        """
        source, sent = as_sent(scenario, self.server.folder)
        try:
            played = self._ask("POST", "scenarios", **sent)
        except RefusedError as error:
            raise RefusedError(told_with(source, error), error.status) from None
        self.server.limit_as_played(self.name, played)

    def respond(self, *, action: str | None = None, **outcome: Any) -> None:
        """From now on every call is answered so, whatever else plays: an outcome of a rule, such as
        `card={"Name": "李明"}, warnings=["copy"]`, `error="FailedOperation.ImageBlur"` or
        `fault="TIMEOUT"`. `action` is needed if several actions are registered."""
        self._responses += 1
        rule = {"name": f"{_RESPOND} {self._responses}", "priority": 1, "then": outcome}
        if action is not None:
            rule["action"] = action
        try:
            self.play({"name": _RESPOND, "rules": [rule]})
        except RefusedError as error:
            told = str(error).replace("rules[0].then", _RESPOND)
            raise RefusedError(told, error.status) from None

    @property
    def requests(self) -> list[Call]:
        """The calls of this account, the oldest first."""
        told = self._ask("GET", "requests")["requests"]
        return [Call.of(it, self.server.admin) for it in reversed(told)]

    def explain(self, RequestId: str | None = None) -> dict[str, Any]:  # noqa: N803 - the API's word
        """Why a call, or else the last, was answered as it was: cause, hint, each step of the
        signature, the rules that did not take it. As `GET requests/{RequestId}/explain` tells it.
        """
        if RequestId is not None:
            return self._ask("GET", "requests", RequestId, "explain")
        if calls := self.requests:
            return calls[-1].explanation
        raise LookupError(f"the account {self.name!r} has made no call that could be told of")

    def assert_called(
        self, times: int | None = None, *, action: str | None = None, **when: Any
    ) -> None:
        """That so many calls (None: at least one) were as the `when` of a rule says:
        `assert_called(2, CardSide="FRONT", Config={"TempIdWarn": True})`.

        Calls that were refused before their parameters were read are counted only where nothing is
        said of parameters. The query of an ImageUrl is not compared. `action`: only calls of this
        action; conditions need it if several actions are registered.
        """
        wanted = wanted_rule(when, action)
        held = [(call, differences(call, wanted, action)) for call in self.requests]
        found = sum(it == [] for _, it in held)
        if found == times or (times is None and found):
            return
        lines = [f"{_times(times)} wanted, found {found} of {len(held)}"]
        for call, differ in held:
            if differ != []:
                why = "; ".join(difference(_told(it)) for it in differ or ()) or call.outcome
                lines.append(f"  not {call.request_id}: {why}")
        raise AssertionError("\n".join(lines))

    def card(
        self, side: Literal["front", "back", "both", "temporary"] = "front", **fields: str
    ) -> bytes:
        """A specimen as PNG: the server answers what stands on it. What the fields (`Name="李明"`)
        do not say is invented from the account's seed, so that a front and a back go together.

        Raises ValueError for what no card has.
        """
        # Late: what draws takes a tenth of a second to import.
        from mockocr.specimens.card_data import Kind

        specimens = specimen_catalogue()
        return specimens.draw(Kind(side), fields, self._seed, datetime.now(UTC)).content

    def remove(self) -> None:
        """With those that were made through it; its calls stay in the journal."""
        for account in self.family():
            # Gone already, or the server is.
            with suppress(RefusedError, NoServerError):
                self.server.admin.ask("DELETE", "accounts", account.name)

    def _ask(self, method: str, *path: str, **sent: Any) -> dict[str, Any]:
        return self.server.admin.ask(method, *path, query={"account": self.name}, **sent)

    def __repr__(self) -> str:
        return f"<mockocr account {self.name!r} at {self.url}>"


def _times(times: int | None) -> str:
    return "at least 1 call" if times is None else f"{times} call{'' if times == 1 else 's'}"


def _told(differs: Any) -> dict[str, Any]:
    return {"name": differs.name, "wanted": differs.wanted, "found": differs.found}
