"""The ready-made scenario of each documented error: `error-image-blur` for
FailedOperation.ImageBlur."""

import re
from functools import cache

from mockocr.actions.catalogue import all_actions
from mockocr.protocol.refusals import COMMON_ERRORS
from mockocr.scenario.library import SHIPPED


def error_scenario(code: str) -> str | None:
    """The name of the scenario; None if there is none."""
    name = name_of_error(code)
    return name if name in _shipped() else None


def name_of_error(code: str) -> str:
    """From the last part of the code, or the whole code if two codes end in the same part."""
    last = code.rpartition(".")[2]
    codes = {*COMMON_ERRORS, *(each for action in all_actions() for each in action.refusals)}
    is_ambiguous = [each.rpartition(".")[2] for each in codes].count(last) > 1
    return f"error-{kebab(code if is_ambiguous else last)}"


def kebab(name: str) -> str:
    """id-card-info-illegal for IdCardInfoIllegal, mfa-failure for MFAFailure."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name)
    return re.sub(r"[._]", "-", words).lower()


@cache
def _shipped() -> frozenset[str]:
    return frozenset(file.stem for file in SHIPPED.glob("error-*.yaml"))
