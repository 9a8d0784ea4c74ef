"""A whole scenario as people write it (docs/scenarios.md)."""

from datetime import date
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from mockocr.accounts.call_settings import AccountState, Overrides
from mockocr.accounts.clock_spec import ClockSpec
from mockocr.actions.matchers import Spec
from mockocr.documents.messages import invalid
from mockocr.scenario.outcome_spec import Count
from mockocr.scenario.rule_spec import Name
from mockocr.settings import contract_date

RuleT = TypeVar("RuleT", bound=BaseModel)
ChaosEntryT = TypeVar("ChaosEntryT", bound=BaseModel)


def _day(value: Any) -> date | None:
    """None if the value is None: the loader reports keys without a value."""
    try:
        return None if value is None else contract_date(str(value))
    except ValueError as error:
        raise invalid(str(error)) from None


Day: TypeAlias = Annotated[
    date | None,
    BeforeValidator(
        _day, json_schema_input_type=Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    ),
]


class AccountSettingsSpec(Spec):
    """Settings for the accounts that the scenario is active for, unless they set their own."""

    state: AccountState | None = None
    package: Count | None = None
    rate: Count | None = None


class BoundsSpec(Spec):
    at_least: Count | None = None
    at_most: Count | None = None

    @model_validator(mode="after")
    def _is_possible(self) -> "BoundsSpec":
        if self.at_least is None and self.at_most is None:
            raise invalid("expected at_least or at_most, got neither")
        if self.at_most is not None and (self.at_least or 0) > self.at_most:
            raise invalid(f"at_least ({self.at_least}) is more than at_most ({self.at_most})")
        return self


CallCountSpec: TypeAlias = Annotated[
    Annotated[Count, Tag("exactly")] | Annotated[BoundsSpec, Tag("bounds")],
    Discriminator(lambda value: "bounds" if isinstance(value, dict | BoundsSpec) else "exactly"),
]
"""3, or {at_least: 1, at_most: 4}."""


CONTENT_KEYS = ("rules", "chaos", "account", "clock", "contract", "seed", "expect")
"""A scenario has at least one of these keys."""


class ScenarioSpec(Spec, Generic[RuleT, ChaosEntryT]):
    """A scenario. The first rule that matches a call decides its outcome."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": [key]} for key in CONTENT_KEYS]}
    )

    name: Name
    description: str = ""
    action: str | None = Field(
        default=None, description="The action of rules that do not name one."
    )
    seed: Annotated[int, Field(ge=-(2**63), lt=2**63)] | None = Field(
        default=None, description="The seed of all generated data and of all random choices."
    )
    contract: Day = Field(
        default=None, description="The API answers as it did on this day, YYYY-MM-DD."
    )
    clock: ClockSpec | None = Field(
        default=None, description="{freeze: 2026-01-01T00:00:00Z} or {offset: +400s}."
    )
    account: AccountSettingsSpec | None = None
    chaos: list[ChaosEntryT] = Field(
        default_factory=list,
        description="Outcomes that may replace those of the rules, for any call.",
    )
    rules: list[RuleT] = Field(default_factory=list)
    expect: dict[Name, CallCountSpec] = Field(
        default_factory=dict,
        description="How many calls each rule must match, checked on request.",
    )

    @model_validator(mode="after")
    def _is_not_empty(self) -> "ScenarioSpec[RuleT, ChaosEntryT]":
        if self.model_fields_set.isdisjoint(CONTENT_KEYS):
            raise invalid(f"the scenario is empty; expected one of {', '.join(CONTENT_KEYS)}")
        return self

    def overrides(self) -> Overrides:
        account = self.account or AccountSettingsSpec()
        return Overrides(
            seed=self.seed,
            contract=self.contract,
            clock=self.clock.clock() if self.clock else None,
            state=account.state,
            package=account.package,
            rate=account.rate,
        )
