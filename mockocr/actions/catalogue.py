"""The actions there are: one line each."""

from typing import Any

from mockocr.actions.action import Action
from mockocr.actions.idcard.action import ID_CARD_OCR
from mockocr.protocol import refusals

ACTIONS: tuple[Action[Any, Any, Any], ...] = (ID_CARD_OCR,)


def find_action(name: str, version: str) -> Action[Any, Any, Any]:
    """Raises ApiError for a version that the product has not, then for an unknown action."""
    of_version = [action for action in ACTIONS if action.version == version]
    if not of_version:
        raise refusals.NO_SUCH_VERSION.error(version=version, service=ACTIONS[0].service)
    for action in of_version:
        if action.name == name:
            return action
    raise refusals.INVALID_ACTION.error()
