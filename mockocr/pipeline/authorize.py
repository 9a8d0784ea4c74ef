"""What an account may do, and what a call uses up of it: calls within a second, calls of the
package, turns of what plays. `Counted` is a call that came; `Uncounted`, one that is asked about.
"""

from typing import Any

from mockocr.accounts.conditions import Conditions, State
from mockocr.accounts.quotas import Package, Packages, RateWindow
from mockocr.actions.action import Action
from mockocr.protocol import refusals
from mockocr.protocol.errors import ApiError
from mockocr.scenario.call_counters import CallCounters

REFUSALS_OF_STATES = {
    "unopened": "FailedOperation.UnOpenError",
    "arrears": "ResourceUnavailable.InArrears",
    "charge_exception": "ResourcesSoldOut.ChargeStatusException",
}
PACKAGE_RUN_OUT = "ResourceUnavailable.ResourcePackageRunOut"


def not_permitted(request_id: str, action: Action[Any, Any]) -> ApiError:
    """For an action that CAM does not permit."""
    return refusals.UNAUTHORIZED_OPERATION.error(
        request_id=request_id, operation=f"{action.service}:{action.name}"
    )


def not_open(action: Action[Any, Any], state: State) -> ApiError:
    """For an account that the service is not open to."""
    return action.refusals[REFUSALS_OF_STATES[state]].error()


class Charge:
    """A call that came, and what it has used up so far."""

    __slots__ = (
        "_account",
        "_billed_errors",
        "_packages",
        "_rates",
        "_taken_from",
        "call_counters",
    )

    def __init__(
        self, account: str, rates: RateWindow, packages: Packages, call_counters: CallCounters
    ) -> None:
        self._account = account
        self._rates = rates
        self._packages = packages
        self._taken_from: Package | None = None
        self._billed_errors: frozenset[str] = frozenset()
        self.call_counters = call_counters

    def check_rate(self, action: Action[Any, Any], conditions: Conditions) -> None:
        """Raises ApiError for one call too many within the second."""
        second = int(conditions.now.timestamp())
        times = self._rates.count(self._account, action.name, second)
        if times > conditions.rate:
            raise refusals.REQUEST_LIMIT_EXCEEDED.error(times=times, limit=conditions.rate)

    def check_package(self, action: Action[Any, Any], conditions: Conditions) -> None:
        """Takes a call out of the package. Raises ApiError where none is left."""
        self._taken_from = self._packages.take(self._account, conditions.package)
        if self._taken_from is None:
            raise action.refusals[PACKAGE_RUN_OUT].error()
        self._billed_errors = action.billed_errors

    def give_back(self, error: BaseException) -> None:
        """What was taken out of the package, for a call that ended in an error that is not
        billed."""
        if self._taken_from is None:
            return
        if not (isinstance(error, ApiError) and error.code in self._billed_errors):
            self._taken_from.give_back()


class DryCharge:
    """A call that did not come: of it only what would be left for the next one is told."""

    def __init__(self, account: str, packages: Packages, call_counters: CallCounters) -> None:
        self._account = account
        self._packages = packages
        self.call_counters = call_counters.snapshot()

    def check_rate(self, action: Action[Any, Any], conditions: Conditions) -> None:
        """Nobody knows within which second it would come."""

    def check_package(self, action: Action[Any, Any], conditions: Conditions) -> None:
        """Raises ApiError where no call is left in the package."""
        if self._packages.left(self._account, conditions.package) == 0:
            raise action.refusals[PACKAGE_RUN_OUT].error()
