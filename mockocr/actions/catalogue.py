"""The registered actions, one line each. The only module that knows a concrete action."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from mockocr.actions.action import AnyAction
from mockocr.actions.idcard.action import ID_CARD_OCR
from mockocr.protocol import hints, refusals
from mockocr.protocol.call import Call
from mockocr.protocol.reasons import Hint, Reason, shown_name
from mockocr.suggestions import closest, unknown

if TYPE_CHECKING:
    from mockocr.actions.specimens import SpecimenCatalogue
    from mockocr.specimens.finding import NamedSpecimens

_ACTIONS: tuple[AnyAction, ...] = (ID_CARD_OCR,)
"""Every function below reads it on each call, so a test that registers an action replaces only
this."""


class UnknownActionError(ValueError):
    """No registered action has the name, or no name was given and there are several."""


def all_actions() -> tuple[AnyAction, ...]:
    return _ACTIONS


def is_registered(name: str | None) -> bool:
    for action in _ACTIONS:  # noqa: SIM110 - a loop is cheaper than `any`, in the path of a call
        if action.name == name:
            return True
    return False


def find_action(product: str | None, call: Call) -> AnyAction:
    """The action that a call names. `product` is None if the host does not tell the product.

    Raises ApiError if the product, the version or the action does not exist, in this order.
    """
    for action in _ACTIONS:
        if (
            action.name == call.action
            and action.version == call.version
            and (product is None or product == action.service)
        ):
            return action
    of_product = [action for action in _ACTIONS if product in (None, action.service)]
    if not of_product:
        services = {action.service for action in _ACTIONS}
        raise refusals.NO_SUCH_PRODUCT.error(_reason(hints.PRODUCT, "Host", product, services))
    of_version = [action for action in of_product if action.version == call.version]
    if not of_version:
        versions = {action.version for action in of_product}
        reason = _reason(hints.VERSION, call.sent_as("Version"), call.version, versions)
        service = of_product[0].service
        raise refusals.NO_SUCH_VERSION.error(reason, version=call.version, service=service)
    names = {action.name for action in of_version}
    reason = _reason(hints.ACTION, call.sent_as("Action"), call.action, names)
    raise refusals.INVALID_ACTION.error(reason)


def _reason(hint: Hint, parameter: str, got: str | None, names: Collection[str]) -> Reason:
    got = got or ""
    return Reason(hint, parameter, shown_name(got), ", ".join(sorted(names)), closest(got, names))


def choose_action(name: str | None = None) -> AnyAction:
    """The action of a name; the only action if the name is None.

    Raises UnknownActionError, which lists the names.
    """
    if name is None and len(_ACTIONS) == 1:
        return _ACTIONS[0]
    for action in _ACTIONS:
        if action.name == name:
            return action
    names = [action.name for action in _ACTIONS]
    if name is None:
        raise UnknownActionError(f"several actions are registered; name one of {', '.join(names)}")
    raise UnknownActionError(unknown("action", name, names))


def specimen_catalogue() -> "SpecimenCatalogue":
    """The specimens of the first action that has any. Raises LookupError if none has."""
    for action in _ACTIONS:
        if action.specimens is not None:
            return action.specimens
    raise LookupError("no registered action has specimens")


def specimens_by_code() -> "NamedSpecimens":
    """The specimens of all actions, by the text of the small code in the picture."""
    catalogues = [action.specimens for action in _ACTIONS if action.specimens is not None]
    return {code: named for catalogue in catalogues for code, named in catalogue.by_code().items()}
