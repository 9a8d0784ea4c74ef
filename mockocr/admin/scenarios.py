"""Endpoints of scenarios: list, show, play and stop them."""

from collections.abc import Iterator
from functools import partial
from typing import Literal

from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request

from mockocr.accounts.account import Account
from mockocr.admin.bodies import SentScenario
from mockocr.admin.changes import publish_scenarios
from mockocr.admin.endpoint import At, Endpoint, Parameter
from mockocr.admin.filters import queried_account
from mockocr.admin.library import invalid_scenarios, library_of
from mockocr.admin.replies import InvalidScenarioError, Problem, Reply
from mockocr.admin.scripts import (
    BoundsView,
    ChaosEntryView,
    OverridesView,
    RuleView,
    chaos_entries,
    expected,
    overrides,
    rules,
)
from mockocr.documents.document import DocumentError
from mockocr.pipeline.state import State
from mockocr.scenario.account_scenarios import problems_of
from mockocr.scenario.registry import ClashError
from mockocr.scenario.scenario import Scenario
from mockocr.settings import Settings
from mockocr.suggestions import unknown

Origin = Literal["file", "admin", "account"]


class _Active(Reply):
    name: str
    description: str
    source: str
    """Its file, or `inline`."""
    account: str | None
    """The account it belongs to; null: active for every account."""
    origin: Origin = Field(alias="from")
    """file: from the files of the server; admin: played over this API for every account; account:
    played for one account."""
    overrides: OverridesView
    expect: dict[str, int | BoundsView]
    """The expected number of calls of each rule."""


class ScenarioView(_Active):
    """An active scenario."""

    rules: list[str]
    """The names of its rules."""


class ScenarioDetails(_Active):
    """An active scenario with its rules and chaos, without the contents of scripted answers."""

    rules: list[RuleView]
    chaos: list[ChaosEntryView]


class ScenarioList(Reply):
    scenarios: list[ScenarioView]
    """In order of precedence: of accounts, then played for every account, then of files."""
    refused: dict[str, str]
    """Errors by file: why its content is not active. The last valid content stays active."""
    known: list[str]
    """Scenarios that can be played by name."""


ActiveScenario = tuple[Scenario, str | None, Origin]
"""A scenario, the account it belongs to (None: every account), and its origin."""


def scenario_endpoints(state: State, settings: Settings) -> list[Endpoint]:
    registry = state.registry

    def active(account: str | None) -> Iterator[ActiveScenario]:
        """The scenarios of an account (None: of all accounts), in order of precedence."""
        for name in registry.accounts() if account is None else [account]:
            for scenario in registry.for_account(name):
                yield scenario, name, "account"
        for scenario in registry.for_all:
            yield scenario, None, "admin"
        for scenario in registry.from_files:
            yield scenario, None, "file"

    def list_scenarios(request: Request) -> ScenarioList:
        account = queried_account(request, state)
        views = [_view(*each) for each in active(account.name if account else None)]
        refused = dict(registry.refused)
        try:
            names = library_of(settings).names()
        except DocumentError as error:
            refused, names = refused | {error.source: str(error)}, []
        return ScenarioList(scenarios=views, refused=refused, known=names)

    def show_scenario(request: Request) -> ScenarioDetails:
        name, account = request.path_params["name"], queried_account(request, state)
        candidates = list(active(account.name if account else None))
        for scenario, owner, origin in candidates:
            if scenario.name == name and (account is not None or owner is None):
                return _details(scenario, owner, origin)
        owners = [str(owner) for scenario, owner, _ in candidates if scenario.name == name]
        if owners:
            where = f"{name!r} is active for {', '.join(owners)} only"
            raise HTTPException(404, f"{where}; add ?account=NAME")
        raise _not_active(name, [scenario.name for scenario, _, _ in candidates])

    async def play_scenario(request: Request, sent: SentScenario) -> At[ScenarioView]:
        return await _play(request, sent, None)

    async def put_scenario(request: Request, sent: SentScenario) -> At[ScenarioView]:
        return await _play(request, sent, request.path_params["name"])

    async def _play(request: Request, sent: SentScenario, name: str | None) -> At[ScenarioView]:
        account = queried_account(request, state)
        scenario = await read(sent, account, name)
        if name not in (None, scenario.name):
            text = f"expected the name {name!r} as in the path, got {scenario.name!r}"
            raise InvalidScenarioError(
                text, [Problem(path="name", line=None, column=None, text=text)]
            )
        # Look it up again: it may have been removed in the meantime.
        account = queried_account(request, state)
        owner = account.name if account else None
        before = registry.for_all if owner is None else registry.for_account(owner)
        replaces = any(each.name == scenario.name for each in before)
        try:
            registry.play(scenario, owner)
        except ClashError as error:
            raise HTTPException(409, str(error)) from None
        publish_scenarios(state, owner)
        view = _view(scenario, owner, "admin" if owner is None else "account")
        return At(200 if replaces else 201, view)

    async def read(sent: SentScenario, account: Account | None, name: str | None) -> Scenario:
        contract = account.contract if account else None
        try:
            inline = partial(library_of(settings).inline, contract=contract, name=name)
            # In a thread: a megabyte of YAML would block the loop.
            return await state.pools.admin.run(inline, sent.scenario)
        except DocumentError as error:
            raise invalid_scenarios(problems_of(error)) from None

    async def stop_scenarios(request: Request) -> None:
        stop(request, None)

    async def stop_scenario(request: Request) -> None:
        stop(request, request.path_params["name"])

    def stop(request: Request, name: str | None) -> None:
        account = queried_account(request, state)
        owner = account.name if account else None
        stoppable = registry.for_all if owner is None else registry.for_account(owner)
        try:
            stopped = registry.stop(name, owner)
        except ClashError as error:
            raise HTTPException(409, str(error)) from None
        if name is not None and not stopped:
            raise _not_active(name, [scenario.name for scenario in stoppable])
        if stopped:
            publish_scenarios(state, owner)

    target = (Parameter("account", "Only for this account; default: for every account."),)
    owner_filter = (
        Parameter(
            "account",
            "Only scenarios that are active for this account; default: all scenarios.",
        ),
    )
    no_account = "No account has this name."
    clash = "A file has an active scenario of this name: change the file instead."
    not_active = "No account has this name, or no such scenario is active."
    play_statuses = {
        201: "The scenario is active.",
        200: "The scenario is active and replaced the one of the same name.",
        404: no_account,
        409: clash,
        422: "The scenario is invalid; the reply lists every error.",
    }
    return [
        Endpoint(
            "GET",
            "/scenarios",
            "List the active scenarios, and those that can be played by name",
            list_scenarios,
            owner_filter,
            {200: "The scenarios.", 404: no_account},
        ),
        Endpoint("POST", "/scenarios", "Play a scenario", play_scenario, target, play_statuses),
        Endpoint(
            "DELETE",
            "/scenarios",
            "Stop the scenarios that were played over this API",
            stop_scenarios,
            target,
            {204: "Stopped; scenarios of files stay active.", 404: no_account},
        ),
        Endpoint(
            "GET",
            "/scenarios/{name:path}",
            "Show an active scenario with its rules",
            show_scenario,
            owner_filter,
            {200: "The scenario.", 404: not_active},
        ),
        Endpoint(
            "PUT",
            "/scenarios/{name:path}",
            "Play a scenario by name; a scenario without a name gets that of the path",
            put_scenario,
            target,
            play_statuses,
        ),
        Endpoint(
            "DELETE",
            "/scenarios/{name:path}",
            "Stop a scenario",
            stop_scenario,
            target,
            {204: "Stopped.", 404: not_active, 409: clash},
        ),
    ]


def _not_active(name: str, names: list[str]) -> HTTPException:
    return HTTPException(404, unknown("active scenario", name, names))


def _view(scenario: Scenario, account: str | None, origin: Origin) -> ScenarioView:
    return ScenarioView(
        name=scenario.name,
        description=scenario.description,
        source=scenario.source,
        account=account,
        origin=origin,
        overrides=overrides(scenario.overrides),
        expect={each.rule: expected(each) for each in scenario.expect},
        rules=[rule.name for rule in scenario.rules],
    )


def _details(scenario: Scenario, account: str | None, origin: Origin) -> ScenarioDetails:
    view = _view(scenario, account, origin)
    members = {name: getattr(view, name) for name in _Active.model_fields}
    return ScenarioDetails(**members, rules=rules(scenario), chaos=chaos_entries(scenario))
