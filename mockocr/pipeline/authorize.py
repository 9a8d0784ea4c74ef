"""Whether an account may make a call, and what the call uses up: rows 17, 18 and 22 to 25 of
docs/fidelity.md#the-order-of-checks."""

from collections.abc import Collection

from mockocr.accounts.call_settings import AccountState, CallSettings
from mockocr.accounts.quotas import Package, Packages, RateWindow
from mockocr.actions.action import AnyAction
from mockocr.actions.refusals import (
    CHARGE_EXCEPTION,
    IN_ARREARS,
    PACKAGE,
    PACKAGE_RUN_OUT,
    STATE,
    UNOPENED,
)
from mockocr.protocol import hints, refusals
from mockocr.protocol.errors import ApiError
from mockocr.protocol.reasons import Reason
from mockocr.scenario.call_counters import CallCounters

_REFUSALS_OF_STATES = {
    "unopened": UNOPENED,
    "arrears": IN_ARREARS,
    "charge_exception": CHARGE_EXCEPTION,
}


def not_permitted(action: AnyAction, request_id: str, allowed: Collection[str]) -> ApiError:
    """The refusal of an action that CAM does not permit."""
    expected = f"[{', '.join(sorted(allowed))}]"
    reason = Reason(hints.CAM, "allow", action.name, expected)
    operation = f"{action.service}:{action.name}"
    return refusals.UNAUTHORIZED_OPERATION.error(reason, request_id=request_id, operation=operation)


def not_open(action: AnyAction, state: AccountState) -> ApiError:
    """The refusal of an account whose state is not `ok`."""
    reason = Reason(STATE, "state", state, "ok")
    return action.refusals[_REFUSALS_OF_STATES[state]].error(reason)


class Charge:
    """What one call of an account uses up: a call of the rate limit, a call of the resource
    package, and call numbers of rules."""

    __slots__ = ("_billed_errors", "_package", "_packages", "_rates", "account", "call_counters")

    def __init__(
        self, account: str, rates: RateWindow, packages: Packages, call_counters: CallCounters
    ) -> None:
        self.account = account
        self._rates = rates
        self._packages = packages
        self._package: Package | None = None
        """The package that the call was taken from."""
        self._billed_errors: frozenset[str] = frozenset()
        self.call_counters = call_counters

    def check_rate(self, action: AnyAction, settings: CallSettings) -> None:
        """Counts the call. Raises ApiError if it is beyond the limit of its second."""
        second = int(settings.now.timestamp())
        times = self._rates.count(self.account, action.name, second)
        if times > settings.rate:
            reason = Reason(hints.RATE, "rate", f"{times}/s", f"≤ {settings.rate}/s")
            raise refusals.REQUEST_LIMIT_EXCEEDED.error(reason, times=times, limit=settings.rate)

    def check_package(self, action: AnyAction, settings: CallSettings) -> None:
        """Takes the call from the package. Raises ApiError if the package has none left."""
        self._package = self._packages.take(self.account, settings.package)
        if self._package is None:
            reason = Reason(PACKAGE, "package", f"> {settings.package}", f"≤ {settings.package}")
            raise action.refusals[PACKAGE_RUN_OUT].error(reason)
        self._billed_errors = action.billed_errors

    def refund(self, error: BaseException | None = None) -> None:
        """Returns a call without an answer to the package, unless its error is billed."""
        is_billed = isinstance(error, ApiError) and error.code in self._billed_errors
        if self._package is not None and not is_billed:
            self._package.give_back()
