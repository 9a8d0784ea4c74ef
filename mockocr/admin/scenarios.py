"""What plays, over HTTP."""

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import Literal

from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request

from mockocr.accounts.account import Account
from mockocr.admin.bodies import SentScenario
from mockocr.admin.changes import tell_of_scenarios
from mockocr.admin.endpoint import At, Endpoint, Parameter
from mockocr.admin.filters import account_asked_about
from mockocr.admin.library import library_of, wrong_scenarios
from mockocr.admin.replies import Problem, Reply, WrongError
from mockocr.admin.scripts import (
    BoundsView,
    ChaosEntryView,
    OverridesView,
    RuleView,
    expected,
    overrides,
    rules,
    strikes,
)
from mockocr.documents.document import DocumentError
from mockocr.pipeline.state import State
from mockocr.scenario.account_scenarios import problems_of
from mockocr.scenario.registry import ClashError
from mockocr.scenario.scenario import Scenario
from mockocr.settings import Settings
from mockocr.suggestions import unknown

Origin = Literal["file", "admin", "account"]


class _Playing(Reply):
    name: str
    description: str
    source: str
    """The file it was read from, or `inline`."""
    account: str | None
    """Whose own it is; null: everybody's."""
    origin: Origin = Field(alias="from")
    """file: the server was started with it; admin: it was given over this API; account: it was
    given to one account."""
    overrides: OverridesView
    expect: dict[str, int | BoundsView]
    """How many calls each rule is to take."""


class ScenarioView(_Playing):
    """A scenario that plays."""

    rules: list[str]
    """Their names."""


class ScenarioDetails(_Playing):
    """A scenario that plays, with what its rules do; of answers only that they are given."""

    rules: list[RuleView]
    chaos: list[ChaosEntryView]


class ScenarioList(Reply):
    scenarios: list[ScenarioView]
    """In the order of play: of accounts first, then what everybody was given, then files."""
    refused: dict[str, str]
    """By source: why what is in a file now does not play; the last good one goes on."""
    known: list[str]
    """Scenarios that can be played by name."""


Placed = tuple[Scenario, str | None, Origin]


def scenario_endpoints(state: State, settings: Settings) -> list[Endpoint]:
    registry = state.registry

    def playing(account: str | None) -> Iterator[Placed]:
        """For an account in the order of play; None: for anybody."""
        for name in registry.accounts() if account is None else [account]:
            for scenario in registry.for_account(name):
                yield scenario, name, "account"
        for scenario in registry.for_all:
            yield scenario, None, "admin"
        for scenario in registry.from_files:
            yield scenario, None, "file"

    async def list_scenarios(request: Request) -> ScenarioList:
        account = account_asked_about(request, state)
        shown = [_shown(*it) for it in playing(account.name if account else None)]
        refused = dict(registry.refused)
        try:
            known = library_of(settings).names()
        except DocumentError as error:
            refused, known = refused | {error.source: str(error)}, []
        return ScenarioList(scenarios=shown, refused=refused, known=known)

    async def show_scenario(request: Request) -> ScenarioDetails:
        name, account = request.path_params["name"], account_asked_about(request, state)
        found = list(playing(account.name if account else None))
        for scenario, owner, origin in found:
            if scenario.name == name and (account is not None or owner is None):
                return _detailed(scenario, owner, origin)
        owners = [str(owner) for scenario, owner, _ in found if scenario.name == name]
        if owners:
            told = f"{name!r} plays for {', '.join(owners)} only: ask with ?account="
            raise HTTPException(404, told)
        raise _not_playing(name, [scenario.name for scenario, _, _ in found])

    async def play_scenario(request: Request, sent: SentScenario) -> At[ScenarioView]:
        return await _play(request, sent, None)

    async def put_scenario(request: Request, sent: SentScenario) -> At[ScenarioView]:
        return await _play(request, sent, request.path_params["name"])

    async def _play(request: Request, sent: SentScenario, name: str | None) -> At[ScenarioView]:
        account = account_asked_about(request, state)
        scenario = await read(sent, account, name)
        if name not in (None, scenario.name):
            text = f"the scenario is called {scenario.name!r}, and the path says {name!r}"
            raise WrongError(text, [Problem(path="name", line=None, column=None, text=text)])
        # Asked for again: it may have been removed meanwhile.
        account = account_asked_about(request, state)
        owner = account.name if account else None
        before = registry.for_all if owner is None else registry.for_account(owner)
        replaces = any(it.name == scenario.name for it in before)
        try:
            registry.play(scenario, owner)
        except ClashError as error:
            raise HTTPException(409, str(error)) from None
        tell_of_scenarios(state, owner)
        shown = _shown(scenario, owner, "admin" if owner is None else "account")
        return At(200 if replaces else 201, shown)

    async def read(sent: SentScenario, account: Account | None, name: str | None) -> Scenario:
        contract = account.contract if account else None
        try:
            inline = partial(library_of(settings).inline, contract=contract, name=name)
            # Elsewhere: a megabyte of YAML would hold up the loop.
            return await asyncio.to_thread(inline, sent.words)
        except DocumentError as error:
            raise wrong_scenarios(problems_of(error)) from None

    async def stop_scenarios(request: Request) -> None:
        stop(request, None)

    async def stop_scenario(request: Request) -> None:
        stop(request, request.path_params["name"])

    def stop(request: Request, name: str | None) -> None:
        account = account_asked_about(request, state)
        owner = account.name if account else None
        names = [
            it.name for it in (registry.for_all if owner is None else registry.for_account(owner))
        ]
        try:
            stopped = registry.stop(name, owner)
        except ClashError as error:
            raise HTTPException(409, str(error)) from None
        if name is not None and not stopped:
            raise _not_playing(name, names)
        if stopped:
            tell_of_scenarios(state, owner)

    for_whom = (Parameter("account", "For this account; default: for everybody."),)
    whose = (
        Parameter("account", "Of this account, with what everybody was given; default: of all."),
    )
    clash = "A scenario of this name plays from a file: files are changed on the disk."
    unknown = "There is no such account, or no such scenario plays."
    invalid = "It cannot play: everything that is wrong in it."
    playable = {
        201: "It plays.",
        200: "It plays, in the place of the one of its name.",
        404: "There is no account of this name.",
        409: clash,
        422: invalid,
    }
    return [
        Endpoint(
            "GET",
            "/scenarios",
            "What plays, and what can be played",
            list_scenarios,
            whose,
            {200: "What plays.", 404: "There is no account of this name."},
        ),
        Endpoint("POST", "/scenarios", "Play a scenario", play_scenario, for_whom, playable),
        Endpoint(
            "DELETE",
            "/scenarios",
            "Stop what was given over this API, to everybody or to one account",
            stop_scenarios,
            for_whom,
            {204: "It has stopped; files go on.", 404: "There is no account of this name."},
        ),
        Endpoint(
            "GET",
            "/scenarios/{name:path}",
            "One scenario that plays, with its rules",
            show_scenario,
            whose,
            {200: "The scenario.", 404: unknown},
        ),
        Endpoint(
            "PUT",
            "/scenarios/{name:path}",
            "Play a scenario under a name; one without a name takes that of the path",
            put_scenario,
            for_whom,
            playable,
        ),
        Endpoint(
            "DELETE",
            "/scenarios/{name:path}",
            "Stop a scenario",
            stop_scenario,
            for_whom,
            {204: "It has stopped.", 404: unknown, 409: clash},
        ),
    ]


def _not_playing(name: str, known: list[str]) -> HTTPException:
    return HTTPException(404, unknown("active scenario", name, known))


def _shown(scenario: Scenario, account: str | None, origin: Origin) -> ScenarioView:
    return ScenarioView(
        name=scenario.name,
        description=scenario.description,
        source=scenario.source,
        account=account,
        origin=origin,
        overrides=overrides(scenario.overrides),
        expect={it.rule: expected(it) for it in scenario.expect},
        rules=[rule.name for rule in scenario.rules],
    )


def _detailed(scenario: Scenario, account: str | None, origin: Origin) -> ScenarioDetails:
    short = _shown(scenario, account, origin)
    said = {name: getattr(short, name) for name in _Playing.model_fields}
    return ScenarioDetails(**said, rules=rules(scenario), chaos=strikes(scenario))
