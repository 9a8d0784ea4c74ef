"""Whether rules took as many calls as expected, over HTTP."""

from collections import Counter
from collections.abc import Iterator, Sequence

from pydantic import ConfigDict, RootModel
from starlette.requests import Request

from mockocr.admin.endpoint import Endpoint, Parameter
from mockocr.admin.filters import journaled_account
from mockocr.admin.replies import Problem, Reply, WrongError
from mockocr.pipeline.state import State
from mockocr.scenario.compile import expectation
from mockocr.scenario.expectations import Checked, UnknownRuleError, check, check_rules
from mockocr.scenario.rule_spec import Name
from mockocr.scenario.scenario import Scenario
from mockocr.scenario.scenario_spec import CallCountSpec

DESCRIPTION = (
    "The body has the shape of `expect` in a scenario: how many calls each rule is to have taken,"
    ' such as {"flaky": 3} or {"flaky": {"at_least": 1, "at_most": 4}}. Without a body, what the'
    " scenarios that play expect themselves. Calls that the journal had no room to keep count too."
)


class ExpectSpec(RootModel[dict[Name, CallCountSpec]]):
    """How many calls each rule is to have taken, by its name."""

    model_config = ConfigDict(strict=True, frozen=True)


class ExpectationView(Reply):
    rule: str
    scenario: str | None
    """Whose rule it is; null where several have one of that name."""
    account: str | None
    """Whose calls were counted; null: those of all."""
    at_least: int
    at_most: int | None
    """null: any number."""
    found: int
    """So many calls it took."""
    ok: bool


class Verdict(Reply):
    ok: bool
    """Whether all are met; true too where nothing is expected."""
    expectations: list[ExpectationView]


def verify_endpoints(state: State) -> list[Endpoint]:
    async def verify_requests(request: Request, words: ExpectSpec) -> Verdict:
        account = journaled_account(request, state)
        if words.root:
            shown = _check_rules(words, account, state)
        else:
            shown = list(_check_what_plays(account, state))
        return Verdict(ok=all(it.ok for it in shown), expectations=shown)

    return [
        Endpoint(
            "POST",
            "/requests/verify",
            "Whether rules took as many calls as expected",
            verify_requests,
            (Parameter("account", "What plays for this account, and its calls; default: all."),),
            {200: "Whether they did.", 422: "A rule that there is not, or no numbers of calls."},
            DESCRIPTION,
        )
    ]


def _check_rules(words: ExpectSpec, account: str | None, state: State) -> list[ExpectationView]:
    wanted = [expectation(rule, calls) for rule, calls in words.root.items()]
    registry = state.registry
    if account is not None:
        scenarios: list[Scenario] = list(registry.rulebook(account).scenarios)
    else:
        own = (it for name in registry.accounts() for it in registry.for_account(name))
        scenarios = [*own, *registry.shared_rulebook().scenarios]
    try:
        checked = check_rules(wanted, scenarios, state.journal.rule_counts(account))
    except UnknownRuleError as error:
        problem = Problem(path=None, line=None, column=None, text=str(error))
        raise WrongError(str(error), [problem]) from None
    return [_shown(it, account) for it in checked]


def _check_what_plays(account: str | None, state: State) -> Iterator[ExpectationView]:
    registry, rule_counts = state.registry, state.journal.rule_counts
    if account is not None:
        for it in check(registry.rulebook(account).scenarios, rule_counts(account)):
            yield _shown(it, account)
        return
    of_all: Counter[tuple[str, str]] = rule_counts()
    for name in registry.accounts():
        own: Sequence[Scenario] = registry.for_account(name)
        of_this = rule_counts(name)
        for it in check(own, of_this):
            yield _shown(it, name)
        # A scenario of its own and one of everybody's may have one name: these are its own.
        names = {scenario.name for scenario in own}
        of_all.subtract({key: calls for key, calls in of_this.items() if key[0] in names})
    for it in check(registry.shared_rulebook().scenarios, of_all):
        yield _shown(it, None)


def _shown(checked: Checked, account: str | None) -> ExpectationView:
    return ExpectationView(
        rule=checked.expected.rule,
        scenario=checked.scenario,
        account=account,
        at_least=checked.expected.at_least,
        at_most=checked.expected.at_most,
        found=checked.found,
        ok=checked.ok,
    )
