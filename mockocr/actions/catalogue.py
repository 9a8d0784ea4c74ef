"""The actions there are: one line each."""

from typing import Any

from mockocr.actions.action import Action
from mockocr.actions.idcard.action import ID_CARD_OCR
from mockocr.protocol import refusals
from mockocr.protocol.call import Call

ACTIONS: tuple[Action[Any, Any], ...] = (ID_CARD_OCR,)


def find_action(product: str | None, call: Call) -> Action[Any, Any]:
    """The action of a product; no product named is any.

    Raises ApiError for a product, then a version, then an action that there is not.
    """
    for action in ACTIONS:
        if (action.name, action.version) == (call.action, call.version) and (
            product in (None, action.service)
        ):
            return action
    of_product = [action for action in ACTIONS if product in (None, action.service)]
    if not of_product:
        raise refusals.NO_SUCH_PRODUCT.error()
    of_version = [action for action in of_product if action.version == call.version]
    if not of_version:
        raise refusals.NO_SUCH_VERSION.error(version=call.version, service=of_product[0].service)
    raise refusals.INVALID_ACTION.error()
