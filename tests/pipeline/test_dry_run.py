"""A dry run has the same result as the call, up to the decision."""

from itertools import combinations

import pytest

from mockocr.accounts.account import Accounts
from mockocr.journal.journal import Journal
from mockocr.pipeline.dry_run import match
from mockocr.pipeline.state import Defaults, State
from mockocr.protocol.errors import ApiError
from mockocr.scenario.call_counters import CallCounters
from mockocr.scenario.registry import ScenarioRegistry
from tests.faults import FAULTS, Draft, Fault, ident
from tests.requests import HOST, TIMESTAMP

NOT_IN_DRY_RUNS = {
    "InvalidParameter: The request content not valid json",
    "RequestLimitExceeded: Your current request times equals to `2`",
}
"""A dry run has no second, and its body is always an object."""
_FIRST = next(at for at, fault in enumerate(FAULTS) if fault.code == "NoSuchProduct")
DRY_RUN_FAULTS = [each for each in FAULTS[_FIRST:-1] if ident(each) not in NOT_IN_DRY_RUNS]
"""The faults that are found after authentication and before the rules."""


@pytest.mark.parametrize(("earlier", "later"), list(combinations(DRY_RUN_FAULTS, 2)), ids=ident)
def test_a_dry_run_is_refused_like_the_call_and_counts_nothing(
    earlier: Fault, later: Fault
) -> None:
    draft = Draft()
    later.apply(draft)
    earlier.apply(draft)
    account = draft.account()
    state = State(
        Accounts([account]), ScenarioRegistry(CallCounters()), Journal(10, 2**20), Defaults()
    )

    with pytest.raises(ApiError) as refused:
        match(
            state,
            account,
            draft.parameters,
            headers=draft.request(TIMESTAMP, HOST).headers,
        )

    assert refused.value.code == earlier.code
    assert refused.value.message("en-US").startswith(earlier.words)
    assert state.packages.left("faulty", 9) == 9
    assert state.journal.newest_first() == []
