"""The endpoints of outcome coverage."""

from datetime import UTC, date, datetime

from starlette.requests import Request

from mockocr.actions.catalogue import all_actions
from mockocr.admin.endpoint import Endpoint, Parameter
from mockocr.admin.filters import tallied_account
from mockocr.coverage.coverage import coverage
from mockocr.coverage.report import CoverageReport
from mockocr.pipeline.state import State

DESCRIPTION = (
    "Counts all calls since the server was started, also those that the journal has forgotten and"
    " those of removed accounts. What is possible is decided by the contract of the account;"
    " without one, by that of the server."
)


def coverage_endpoints(state: State) -> list[Endpoint]:
    def show_coverage(request: Request) -> CoverageReport:
        name = tallied_account(request, state)
        tally = state.journal.tally()
        return coverage(all_actions(), _contract(state, name), tally, name)

    async def forget_coverage(request: Request) -> None:
        state.journal.forget_tally(tallied_account(request, state))

    account = Parameter("account", "Only calls of this account; default: all calls.")
    return [
        Endpoint(
            "GET",
            "/coverage",
            "Show which outcomes the calls have had",
            show_coverage,
            (account,),
            {200: "Every outcome that calls can have, and who saw it."},
            DESCRIPTION,
        ),
        Endpoint(
            "DELETE",
            "/coverage",
            "Count outcomes anew from now on; the recorded calls stay",
            forget_coverage,
            (account,),
        ),
    ]


def _contract(state: State, name: str | None) -> date:
    """Of an account; for a removed one, and for all accounts, that of the server."""
    account = state.accounts.named(name) if name is not None else None
    if account is None:
        return state.defaults.contract
    rulebook = state.registry.rulebook(account.name)
    return state.settings_of(account, rulebook, datetime.now(UTC)).contract
