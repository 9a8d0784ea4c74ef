"""What server this is, its reset, and the language of its scenarios."""

import time
from typing import Literal

from starlette.requests import Request

from mockocr.actions.catalogue import all_actions
from mockocr.admin.endpoint import Endpoint, Parameter
from mockocr.admin.filters import journaled_account
from mockocr.admin.replies import Reply, Shown
from mockocr.pipeline.state import State
from mockocr.scenario.schema import scenario_schema
from mockocr.settings import Settings
from mockocr.version import __version__


class JournalView(Reply):
    calls: int
    """Calls that are kept."""
    bytes: int
    """That they take, about."""
    max_calls: int
    max_bytes: int


class Info(Reply):
    """What server this is."""

    version: str
    contract: str
    """The API is answered as it was on this day, where accounts and scenarios say nothing else."""
    seed: int
    auth: Literal["strict", "lenient", "off"]
    uptime_seconds: float
    accounts: int
    """So many there are."""
    scenarios: list[str]
    """The names of those that play for everybody, in the order of play."""
    journal: JournalView
    actions: list[str]


class SchemaDocument(Shown):
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
            scenarios=[it.name for it in state.registry.shared_rulebook().scenarios],
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
        # Those that are gone, or never were, have calls in the journal only.
        state.journal.reset()
        for account in state.accounts.all():
            state.reset(account.name)

    async def show_schema(request: Request) -> SchemaDocument:
        return SchemaDocument(scenario_schema())

    return [
        Endpoint("GET", "/info", "What server this is", show_info),
        Endpoint(
            "POST",
            "/reset",
            "Forget all calls: counters, rate, package, moved clocks, journal",
            reset_accounts,
            (Parameter("account", "Those of this account; default: of all."),),
            {
                204: "As if nobody had ever called; accounts and scenarios stay.",
                404: "Neither an account nor a call of this name is there.",
            },
        ),
        Endpoint("GET", "/schema", "The JSON Schema of scenarios", show_schema),
    ]
