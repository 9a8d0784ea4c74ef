"""Endpoints of scenarios: list, show, play and stop them."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Literal

from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request

from mockocr.accounts.account import Account
from mockocr.admin.bodies import SentScenario
from mockocr.admin.changes import publish_scenarios
from mockocr.admin.endpoint import At, Endpoint, Parameter
from mockocr.admin.filters import queried_account, truth
from mockocr.admin.library import invalid_scenarios, library_of, problem_view
from mockocr.admin.masked_scenario import WrittenScenario, WrittenText, written
from mockocr.admin.replies import InvalidScenarioError, Problem, Reply
from mockocr.documents.document import DocumentError
from mockocr.pipeline.state import State
from mockocr.scenario.account_scenarios import problems_of
from mockocr.scenario.registry import ClashError
from mockocr.scenario.scenario import Scenario
from mockocr.settings import Settings
from mockocr.suggestions import unknown

Origin = Literal["file", "admin", "account"]
_SETTINGS = ("seed", "contract", "clock")
"""The keys of settings that are not below `account`."""


class ScenarioView(Reply):
    """An active scenario."""

    name: str
    description: str
    source: str
    """Its file, or `inline`."""
    account: str | None
    """The account it belongs to; null: active for every account."""
    origin: Origin = Field(alias="from")
    """file: from the files of the server; admin: played over this API for every account; account:
    played for one account."""
    overrides: dict[str, Any]
    """The settings of accounts that it sets, as written. An account's own settings take
    precedence."""
    expect: dict[str, Any]
    """The expected number of calls of each rule, as written."""
    warnings: list[Problem]
    """Warnings: values that are answered differently than written, and rules that are never
    reached."""
    rules: list[str]
    """The names of its rules."""


class ScenarioList(Reply):
    scenarios: list[ScenarioView]
    """In order of precedence: of accounts, then played for every account, then of files."""
    refused: dict[str, str]
    """Errors by file: why its content is not active. The last valid content stays active."""
    known: list[str]
    """Scenarios that can be played by name."""


class ScenarioValidation(Reply):
    """Whether a scenario could be played."""

    valid: bool
    name: str | None
    """Its name; null if it is not valid."""
    rules: list[str]
    """The names of its rules."""
    problems: list[Problem]
    """Every error."""
    warnings: list[Problem]
    """Values that are answered differently than written, and rules that are never reached."""


ActiveScenario = tuple[Scenario, str | None, Origin]
"""A scenario, the account it belongs to (None: every account), and its origin."""


_TARGET = (Parameter("account", "Only for this account; default: for every account."),)
_PLAYED = (
    *_TARGET,
    Parameter(
        "first",
        "true: its rules are tried before those of the account's other scenarios.",
        {"type": "boolean"},
    ),
)
_OWNER_FILTER = (
    Parameter(
        "account",
        "Only scenarios that are active for this account; default: all scenarios.",
    ),
)
_NO_ACCOUNT = "No account has this name."
_CLASH = "A file has an active scenario of this name: change the file instead."
_NOT_ACTIVE = "No account has this name, or no such scenario is active."
_PLAY_STATUSES = {
    201: "The scenario is active.",
    200: "The scenario is active and replaced the one of the same name.",
    404: _NO_ACCOUNT,
    409: _CLASH,
    422: "The scenario is invalid; the reply lists every error.",
}


def scenario_endpoints(state: State, settings: Settings) -> list[Endpoint]:
    answers = _Answers(state, settings)
    return [
        Endpoint(
            "GET",
            "/scenarios",
            "List the active scenarios, and those that can be played by name",
            answers.list_scenarios,
            _OWNER_FILTER,
            {200: "The scenarios.", 404: _NO_ACCOUNT},
        ),
        Endpoint(
            "POST", "/scenarios", "Play a scenario", answers.play_scenario, _PLAYED, _PLAY_STATUSES
        ),
        Endpoint(
            "POST",
            "/scenarios/validate",
            "Check a scenario without playing it",
            answers.validate_scenario,
            (Parameter("account", "For this account's contract; default: the server's."),),
            {200: "Whether it is valid, and every error and warning.", 404: _NO_ACCOUNT},
        ),
        Endpoint(
            "DELETE",
            "/scenarios",
            "Stop the scenarios that were played over this API",
            answers.stop_scenarios,
            _TARGET,
            {204: "Stopped; scenarios of files stay active.", 404: _NO_ACCOUNT},
        ),
        Endpoint(
            "GET",
            "/scenarios/{name:path}",
            "Show an active scenario as it was written",
            answers.show_scenario,
            _OWNER_FILTER,
            {200: "The scenario, in the form that the header Accept names.", 404: _NOT_ACTIVE},
        ),
        Endpoint(
            "PUT",
            "/scenarios/{name:path}",
            "Play a scenario by name; a scenario without a name gets that of the path",
            answers.put_scenario,
            _TARGET,
            _PLAY_STATUSES,
        ),
        Endpoint(
            "DELETE",
            "/scenarios/{name:path}",
            "Stop a scenario",
            answers.stop_scenario,
            _TARGET,
            {204: "Stopped.", 404: _NOT_ACTIVE, 409: _CLASH},
        ),
    ]


class _Answers:
    """The functions of the endpoints."""

    def __init__(self, state: State, settings: Settings) -> None:
        self._state = state
        self._registry = state.registry
        self._settings = settings

    def _active(self, account: str | None) -> Iterator[ActiveScenario]:
        """The scenarios of an account (None: of all accounts), in order of precedence."""
        for name in self._registry.accounts() if account is None else [account]:
            for scenario in self._registry.for_account(name):
                yield scenario, name, "account"
        for scenario in self._registry.for_all:
            yield scenario, None, "admin"
        for scenario in self._registry.from_files:
            yield scenario, None, "file"

    def list_scenarios(self, request: Request) -> ScenarioList:
        account = queried_account(request, self._state)
        views = [_view(*each) for each in self._active(account.name if account else None)]
        refused = dict(self._registry.refused)
        try:
            names = library_of(self._settings).names()
        except DocumentError as error:
            refused, names = refused | {error.source: str(error)}, []
        return ScenarioList(scenarios=views, refused=refused, known=names)

    def show_scenario(self, request: Request) -> WrittenScenario | WrittenText:
        name, account = request.path_params["name"], queried_account(request, self._state)
        candidates = list(self._active(account.name if account else None))
        for scenario, owner, _ in candidates:
            if scenario.name == name and (account is not None or owner is None):
                return written(scenario, request)
        owners = [str(owner) for scenario, owner, _ in candidates if scenario.name == name]
        if owners:
            where = f"{name!r} is active for {', '.join(owners)} only"
            raise HTTPException(404, f"{where}; add ?account=NAME")
        raise _not_active(name, [scenario.name for scenario, _, _ in candidates])

    async def play_scenario(self, request: Request, sent: SentScenario) -> At[ScenarioView]:
        return await self._play(request, sent, None)

    async def validate_scenario(self, request: Request, sent: SentScenario) -> ScenarioValidation:
        account = queried_account(request, self._state)
        try:
            scenario = await self._read(sent, account, None)
        except InvalidScenarioError as error:
            return ScenarioValidation(
                valid=False, name=None, rules=[], problems=list(error.problems), warnings=[]
            )
        return ScenarioValidation(
            valid=True,
            name=scenario.name,
            rules=[rule.name for rule in scenario.rules],
            problems=[],
            warnings=[problem_view(problem) for problem in scenario.warnings],
        )

    async def put_scenario(self, request: Request, sent: SentScenario) -> At[ScenarioView]:
        return await self._play(request, sent, request.path_params["name"])

    async def _play(
        self, request: Request, sent: SentScenario, name: str | None
    ) -> At[ScenarioView]:
        account = queried_account(request, self._state)
        first = truth("first", request.query_params.get("first")) or False
        scenario = await self._read(sent, account, name)
        if name not in (None, scenario.name):
            text = f"expected the name {name!r} as in the path, got {scenario.name!r}"
            raise InvalidScenarioError(
                text, [Problem(path="name", line=None, column=None, text=text)]
            )
        # Look it up again: it may have been removed in the meantime.
        account = queried_account(request, self._state)
        owner = account.name if account else None
        before = self._registry.for_all if owner is None else self._registry.for_account(owner)
        replaces = any(each.name == scenario.name for each in before)
        try:
            self._registry.play(scenario, owner, first=first)
        except ClashError as error:
            raise HTTPException(409, str(error)) from None
        publish_scenarios(self._state, owner)
        view = _view(scenario, owner, "admin" if owner is None else "account")
        return At(200 if replaces else 201, view)

    async def _read(
        self, sent: SentScenario, account: Account | None, name: str | None
    ) -> Scenario:
        contract = account.contract if account else None
        try:
            inline = partial(library_of(self._settings).inline, contract=contract, name=name)
            # In a thread: a megabyte of YAML would block the loop.
            return await self._state.pools.admin.run(inline, sent.scenario)
        except DocumentError as error:
            raise invalid_scenarios(problems_of(error)) from None

    async def stop_scenarios(self, request: Request) -> None:
        self._stop(request, None)

    async def stop_scenario(self, request: Request) -> None:
        self._stop(request, request.path_params["name"])

    def _stop(self, request: Request, name: str | None) -> None:
        account = queried_account(request, self._state)
        owner = account.name if account else None
        stoppable = self._registry.for_all if owner is None else self._registry.for_account(owner)
        try:
            stopped = self._registry.stop(name, owner)
        except ClashError as error:
            raise HTTPException(409, str(error)) from None
        if name is not None and not stopped:
            raise _not_active(name, [scenario.name for scenario in stoppable])
        if stopped:
            publish_scenarios(self._state, owner)


def _not_active(name: str, names: list[str]) -> HTTPException:
    return HTTPException(404, unknown("active scenario", name, names))


def _view(scenario: Scenario, account: str | None, origin: Origin) -> ScenarioView:
    written = scenario.document
    return ScenarioView(
        name=scenario.name,
        description=scenario.description,
        source=scenario.source,
        account=account,
        origin=origin,
        overrides={name: written[name] for name in _SETTINGS if name in written}
        | written.get("account", {}),
        expect=written.get("expect", {}),
        warnings=[problem_view(problem) for problem in scenario.warnings],
        rules=[rule.name for rule in scenario.rules],
    )
