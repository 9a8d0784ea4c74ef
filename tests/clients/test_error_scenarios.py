"""Every documented error has one shipped scenario, with which each call gets this error."""

import re
from typing import TYPE_CHECKING

import pytest

from mockocr.actions.idcard.refusals import REFUSALS
from mockocr.protocol.refusals import COMMON_ERRORS
from mockocr.scenario.library import SHIPPED
from tests.clients.scenario_calls import LIBRARY, called, client_of, new_account

if TYPE_CHECKING:
    from tests.conftest import Running

CODES = [*REFUSALS, *COMMON_ERRORS]


def kebab(name: str) -> str:
    """id-card-info-illegal for IdCardInfoIllegal, mfa-failure for MFAFailure."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name)
    return re.sub(r"[._]", "-", words).lower()


def name_of_code(code: str) -> str:
    """From the last part of the code, or the whole code if two codes end in the same part."""
    lasts = [each.rpartition(".")[2] for each in CODES]
    last = code.rpartition(".")[2]
    return f"error-{kebab(last if lasts.count(last) == 1 else code)}"


def test_there_is_one_error_scenario_for_each_code() -> None:
    names = sorted(file.stem for file in SHIPPED.glob("error-*.yaml"))

    assert names == sorted(map(name_of_code, CODES))


@pytest.mark.parametrize("code", CODES)
def test_each_call_gets_the_error_that_the_scenario_is_named_for(
    scenario_server: "Running", code: str
) -> None:
    name = name_of_code(code)
    account = new_account(scenario_server, name, LIBRARY.named(name))
    client = client_of(account, scenario_server)

    assert [called(client) for _ in range(2)] == [(code, {})] * 2
