"""Endpoints of the server as a whole: info, reset, and the scenario schema."""

import time
from typing import Literal

from starlette.requests import Request

from mockocr.actions.catalogue import all_actions
from mockocr.admin.endpoint import Endpoint, Parameter
from mockocr.admin.filters import journaled_account
from mockocr.admin.replies import Reply, SafeJSONResponse
from mockocr.pipeline.state import State
from mockocr.settings import Settings
from mockocr.version import __version__


class JournalView(Reply):
    calls: int
    """The number of recorded calls."""
    bytes: int
    """Their approximate size."""
    max_calls: int
    max_bytes: int


class Info(Reply):
    """The server: version, settings, state."""

    version: str
    contract: str
    """The day of the API's contract, unless an account or scenario sets another."""
    seed: int
    auth: Literal["strict", "lenient", "off"]
    uptime_seconds: float
    accounts: int
    """The number of accounts."""
    scenarios: list[str]
    """The names of the scenarios active for every account, in order of precedence."""
    journal: JournalView
    actions: list[str]


class SchemaDocument(SafeJSONResponse):
    """A JSON Schema."""

    media_type = "application/schema+json"


def info_endpoints(state: State, settings: Settings, started: float) -> list[Endpoint]:
    async def show_info(request: Request) -> Info:
        size = state.journal.size()
        return Info(
            version=__version__,
            contract=settings.contract.isoformat(),
            seed=settings.seed,
            auth=settings.auth,
            uptime_seconds=round(time.monotonic() - started, 3),
            accounts=len(state.accounts.all()),
            scenarios=[each.name for each in state.registry.shared_rulebook().scenarios],
            journal=JournalView(
                calls=size.calls,
                bytes=size.bytes,
                max_calls=settings.journal_calls,
                max_bytes=settings.journal_bytes,
            ),
            actions=[action.name for action in all_actions()],
        )

    async def reset_accounts(request: Request) -> None:
        name = journaled_account(request, state, status=404)
        if name is not None:
            state.reset(name)
            return
        # Also forgets calls of removed and unknown accounts.
        state.journal.reset()
        for account in state.accounts.all():
            state.reset(account.name)

    def show_schema(request: Request) -> SchemaDocument:
        # Late, as in scenario.library.
        from mockocr.scenario.schema import scenario_schema

        return SchemaDocument(scenario_schema())

    return [
        Endpoint("GET", "/info", "Show version, settings and state of the server", show_info),
        Endpoint(
            "POST",
            "/reset",
            "Forget all calls: counters, rates, packages, moved clocks, journal",
            reset_accounts,
            (Parameter("account", "Only this account; default: all accounts."),),
            {
                204: "Calls are forgotten; accounts and scenarios stay.",
                404: "No account and no recorded call has this name.",
            },
        ),
        Endpoint("GET", "/schema", "The JSON Schema of scenarios", show_schema),
    ]
