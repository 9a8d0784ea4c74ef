"""The endpoint that describes the parameters of an action, for the form of the console."""

from datetime import UTC, date, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request

from mockocr.accounts.account import Account
from mockocr.actions.catalogue import UnknownActionError, choose_action
from mockocr.admin.endpoint import Endpoint, Parameter
from mockocr.admin.filters import queried_account
from mockocr.admin.replies import Reply
from mockocr.pipeline.state import State
from mockocr.protocol.reasons import OwnLanguage
from mockocr.settings import Settings

QUERY = (
    Parameter("action", "Its name; default: the only action."),
    Parameter("account", "By the contract of this account; default: the first account."),
)


class ParameterView(Reply):
    """A parameter, or a member of a parameter that is JSON text."""

    name: str
    type: str
    """The vendor's type: string or bool."""
    since: str
    """The day of the first contract that has it."""
    is_known: bool
    """Whether the contract has it. A call with a parameter that it does not have is refused."""
    sentence: dict[OwnLanguage, str]
    """As it is documented; the English one is a translation."""
    values: list[str]
    """All allowed values; empty if there is no list of them."""
    part_of: str | None
    """The parameter that has it as a member, such as Config."""
    is_required: bool
    """Whether a call needs it, or another required parameter instead of it."""


class ActionParameters(Reply):
    action: str
    version: str
    contract: str
    """The day of the contract."""
    regions: list[str]
    """The regions that a call may name."""
    parameters: list[ParameterView]
    """Those of all contracts."""


def parameter_endpoint(state: State, settings: Settings) -> Endpoint:
    def _contract(account: Account | None) -> date:
        if account is None:
            return settings.contract
        now = state.clock_of(account).at(datetime.now(UTC))
        return state.settings_of(account, state.registry.rulebook(account.name), now).contract

    def list_parameters(request: Request) -> ActionParameters:
        day = _contract(queried_account(request, state) or state.accounts.first())
        try:
            action = choose_action(request.query_params.get("action"))
        except UnknownActionError as error:
            raise HTTPException(400, str(error)) from None
        return ActionParameters(
            action=action.name,
            version=action.version,
            contract=day.isoformat(),
            regions=sorted(action.regions),
            parameters=[
                ParameterView(
                    name=each.name,
                    type=each.type,
                    since=each.since.isoformat(),
                    is_known=each.since <= day,
                    sentence=dict(each.sentence),
                    values=list(each.values),
                    part_of=each.part_of,
                    is_required=each.is_required,
                )
                for each in action.documentation()
            ],
        )

    return Endpoint(
        "GET",
        "/parameters",
        "Describe the request parameters of an action",
        list_parameters,
        QUERY,
        {200: "The parameters.", 404: "No account has this name."},
    )
