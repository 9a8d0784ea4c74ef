"""The endpoint that checks whether rules matched the expected numbers of calls."""

from collections import Counter
from collections.abc import Iterator, Sequence

from pydantic import ConfigDict, RootModel
from starlette.requests import Request

from mockocr.admin.endpoint import Endpoint, Parameter
from mockocr.admin.filters import journaled_account
from mockocr.admin.replies import InvalidScenarioError, Problem, Reply
from mockocr.pipeline.state import State
from mockocr.scenario.expectations import Checked, UnknownRuleError, check, check_rules
from mockocr.scenario.rule_spec import Name
from mockocr.scenario.scenario import Scenario
from mockocr.scenario.scenario_spec import CallCountSpec

DESCRIPTION = (
    "The body has the form of `expect` in a scenario, the expected number of calls of each rule:"
    ' {"flaky": 3} or {"flaky": {"at_least": 1, "at_most": 4}}. Without a body, the `expect` of the'
    " active scenarios is checked. Calls that the journal has already dropped count too."
)


class ExpectSpec(RootModel[dict[Name, CallCountSpec]]):
    """The expected number of calls by rule name."""

    model_config = ConfigDict(strict=True, frozen=True)


class ExpectationView(Reply):
    rule: str
    scenario: str | None
    """The scenario of the rule; null if several have a rule of this name."""
    account: str | None
    """The account whose calls were counted; null: all accounts."""
    at_least: int
    at_most: int | None
    """null: any number."""
    found: int
    """The number of calls it matched."""
    ok: bool


class Verdict(Reply):
    ok: bool
    """Whether all expectations are met; true if there are none."""
    expectations: list[ExpectationView]


def verify_endpoints(state: State) -> list[Endpoint]:
    async def verify_requests(request: Request, spec: ExpectSpec) -> Verdict:
        account = journaled_account(request, state)
        if spec.root:
            views = _check_given(spec, account, state)
        else:
            views = list(_check_active(account, state))
        return Verdict(ok=all(view.ok for view in views), expectations=views)

    return [
        Endpoint(
            "POST",
            "/requests/verify",
            "Check whether rules matched the expected numbers of calls",
            verify_requests,
            (Parameter("account", "Only this account's scenarios and calls; default: all."),),
            {200: "The verdict.", 422: "A rule is unknown, or a number of calls is invalid."},
            DESCRIPTION,
        )
    ]


def _check_given(spec: ExpectSpec, account: str | None, state: State) -> list[ExpectationView]:
    # Late, as in scenario.library.
    from mockocr.scenario.compile import expectation

    expectations = [expectation(rule, calls) for rule, calls in spec.root.items()]
    registry = state.registry
    if account is not None:
        scenarios: list[Scenario] = list(registry.rulebook(account).scenarios)
    else:
        own = (each for name in registry.accounts() for each in registry.for_account(name))
        scenarios = [*own, *registry.shared_rulebook().scenarios]
    try:
        checked = check_rules(expectations, scenarios, state.journal.rule_counts(account))
    except UnknownRuleError as error:
        problem = Problem(path=None, line=None, column=None, text=str(error))
        raise InvalidScenarioError(str(error), [problem]) from None
    return [_view(each, account) for each in checked]


def _check_active(account: str | None, state: State) -> Iterator[ExpectationView]:
    registry, rule_counts = state.registry, state.journal.rule_counts
    if account is not None:
        for checked in check(registry.rulebook(account).scenarios, rule_counts(account)):
            yield _view(checked, account)
        return
    shared_counts: Counter[tuple[str, str]] = rule_counts()
    for name in registry.accounts():
        own: Sequence[Scenario] = registry.for_account(name)
        own_counts = rule_counts(name)
        for checked in check(own, own_counts):
            yield _view(checked, name)
        # A shared scenario may have the same name: do not count the account's own rules for it.
        names = {scenario.name for scenario in own}
        shared_counts.subtract({key: n for key, n in own_counts.items() if key[0] in names})
    for checked in check(registry.shared_rulebook().scenarios, shared_counts):
        yield _view(checked, None)


def _view(checked: Checked, account: str | None) -> ExpectationView:
    return ExpectationView(
        rule=checked.expected.rule,
        scenario=checked.scenario,
        account=account,
        at_least=checked.expected.at_least,
        at_most=checked.expected.at_most,
        found=checked.found,
        ok=checked.ok,
    )
