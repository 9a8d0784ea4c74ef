"""What server this is, its reset, and the language of its scenarios."""

import time
from typing import Literal

from pydantic import Field
from starlette.requests import Request

from mockocr.actions.catalogue import ACTIONS
from mockocr.admin.endpoint import Endpoint, Parameter
from mockocr.admin.filters import journaled_account
from mockocr.admin.replies import Reply, Shown
from mockocr.pipeline.pipeline import Service
from mockocr.scenario.schema import scenario_schema
from mockocr.settings import Settings
from mockocr.version import __version__


class JournalView(Reply):
    calls: int
    """Calls that are kept."""
    bytes: int
    """That they take, about."""
    max_calls: int = Field(alias="maxCalls")
    max_bytes: int = Field(alias="maxBytes")


class Info(Reply):
    """What server this is."""

    version: str
    contract: str
    """The API is answered as it was on this day, where accounts and scenarios say nothing else."""
    seed: int
    auth: Literal["strict", "lenient", "off"]
    uptime_in_seconds: float = Field(alias="uptimeInSeconds")
    accounts: int
    """So many there are."""
    scenarios: list[str]
    """The names of those that play for everybody, in the order of play."""
    journal: JournalView
    actions: list[str]


class SchemaDocument(Shown):
    """A JSON Schema."""

    media_type = "application/schema+json"


def info_endpoints(service: Service, settings: Settings, started: float) -> list[Endpoint]:
    async def show_info(request: Request) -> Info:
        size = service.journal.size()
        return Info(
            version=__version__,
            contract=settings.contract.isoformat(),
            seed=settings.seed,
            auth=settings.auth,
            uptime_in_seconds=round(time.monotonic() - started, 3),
            accounts=len(service.accounts.all()),
            scenarios=[it.name for it in service.registry.shared_rulebook().scenarios],
            journal=JournalView(
                calls=size.calls,
                bytes=size.bytes,
                max_calls=settings.journal_calls,
                max_bytes=settings.journal_bytes,
            ),
            actions=[action.name for action in ACTIONS],
        )

    async def reset_accounts(request: Request) -> None:
        name = journaled_account(request, service, status=404)
        if name is not None:
            service.reset(name)
            return
        # Those that are gone, or never were, have calls in the journal only.
        service.journal.reset()
        for account in service.accounts.all():
            service.reset(account.name)

    async def show_schema(request: Request) -> SchemaDocument:
        return SchemaDocument(scenario_schema(ACTIONS[0]))

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
