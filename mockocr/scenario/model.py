"""The models of a scenario for the registered actions: their parameters, answers and errors.

CamelCase keys are the API's own; lower-case keys are mockocr's.
"""

from collections.abc import Mapping, Sequence
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, ForwardRef, Literal

from pydantic import AfterValidator, BaseModel, Discriminator, Field, Tag, create_model

from mockocr.actions.action import AnyAction
from mockocr.actions.matchers import one_or_more
from mockocr.documents.messages import OWN_RULE
from mockocr.protocol.refusals import COMMON_ERRORS
from mockocr.scenario.outcome_spec import ChaosEntrySpec, ChoiceSpec, OutcomeSpec, StepSpec
from mockocr.scenario.rule_spec import ConditionSpec, PictureSpec, RuleSpec, with_conditions
from mockocr.scenario.scenario_spec import ScenarioSpec


@cache
def scenario_model(
    actions: Sequence[AnyAction], default: AnyAction | None
) -> type[ScenarioSpec[Any, Any]]:
    """The model of a scenario with rules for these actions.

    `default` is the action of rules that do not name one. If it is None, each rule must name its
    action, and an entry of chaos without one is for all actions: it has no answers and no business
    errors.
    """
    names = tuple(action.name for action in actions)
    rules: dict[str, Any] = {}
    chaos: dict[str, Any] = {}
    for action in actions:
        # Models of several actions need different names.
        prefix = "" if len(actions) == 1 else action.name
        rules[action.name], chaos[action.name] = _models_of(action, prefix)
    if default is None:
        _, chaos[_ANY_ACTION] = _outcome_models("Any", None)
    rule: Any = _by_action(rules, default)
    entry: Any = _by_action(chaos, default)
    return create_model(
        "Scenario",
        __base__=ScenarioSpec[rule, entry],
        __doc__=ScenarioSpec.__doc__,
        action=_narrowed(ScenarioSpec, "action", Literal[names]),
    )


_ANY_ACTION = "any action"


def _by_action(models: Mapping[str, Any], default: AnyAction | None) -> Any:
    """The model of the action that a rule or an entry of chaos names."""
    if len(models) == 1:
        (model,) = models.values()
        return model
    unnamed = default.name if default else _ANY_ACTION

    def action_name(entry: Any) -> Any:
        name = entry.get("action") if isinstance(entry, dict) else getattr(entry, "action", None)
        return unnamed if name is None else name

    names = [name for name in models if name != _ANY_ACTION]
    tagged = [Annotated[model, Tag(name)] for name, model in models.items()]
    return Annotated[
        reduce(or_, tagged),
        Discriminator(
            action_name,
            custom_error_type=OWN_RULE,
            custom_error_message=f"several actions are registered; name one of {', '.join(names)}"
            " with `action:`, here or for the whole file",
        ),
    ]


def _models_of(action: AnyAction, prefix: str) -> tuple[Any, Any]:
    """The models of a rule and of an entry of chaos."""
    step, entry = _outcome_models(prefix, action)
    region: Any = Literal[tuple(sorted(action.regions))]
    name = f"{prefix}When"
    inner: Any = Annotated[
        ForwardRef(name),
        AfterValidator(with_conditions),
        Field(json_schema_extra={"minProperties": 1}),
    ]
    some: Any = Annotated[list[inner], Field(min_length=1)]
    about = "Matches unless all these conditions match."
    when: Any = create_model(
        name,
        __base__=(action.rule_conditions(), ConditionSpec),
        Region=(one_or_more(region), None),
        picture=(_picture_model(prefix, action) | None, None),
        not_=(inner | None, Field(default=None, alias="not", description=about)),
        any=(
            some | None,
            Field(default=None, description="Matches if all conditions of one entry match."),
        ),
    )
    steps: Any = one_or_more(step)
    rule = create_model(
        f"{prefix}Rule",
        __base__=RuleSpec[when, steps],
        __doc__=RuleSpec.__doc__,
        action=_narrowed(RuleSpec, "action", Literal[action.name]),
    )
    return rule, entry


def _outcome_models(prefix: str, action: AnyAction | None) -> tuple[Any, Any]:
    """The models of a step and of an entry of chaos."""
    own = action.refusals if action else {}
    codes: Any = Literal[tuple(sorted({*own, *COMMON_ERRORS}))]
    error = (codes | None, Field(default=None, description="A documented error code."))

    def outcome(name: str, base: type[OutcomeSpec], **more: Any) -> Any:
        bases: Any = (action.answer_spec(), base) if action else (base,)
        made: Any = create_model(f"{prefix}{name}", __base__=bases, error=error, **more)
        return _with_answer_key(made, action.answer_key if action else None)

    choice = outcome("Choice", ChoiceSpec)
    choices: Any = Annotated[list[choice], Field(min_length=1)] | None  # type: ignore[valid-type]
    one_of = (
        choices,
        Field(default=None, description="One of these outcomes, by weight."),
    )
    names: Any = Literal[action.name] if action else str
    named = _narrowed(ChaosEntrySpec, "action", names)
    entry = outcome("ChaosEntry", ChaosEntrySpec, one_of=one_of, action=named)
    return outcome("Outcome", StepSpec, one_of=one_of), entry


def _with_answer_key(model: Any, key: str | None) -> Any:
    model.ANSWER_KEY = key
    return model


def _narrowed(model: type[BaseModel], field: str, kind: Any) -> Any:
    """A field of a base model that allows only the values of `kind`."""
    return (kind | None, Field(default=None, description=model.model_fields[field].description))


def _picture_model(prefix: str, action: AnyAction) -> Any:
    """With a condition on specimens if the action has any."""
    if action.specimens is None:
        return PictureSpec
    names: Any = one_or_more(Literal[action.specimens.recognized_names()])
    about = "The name of a specimen that is recognized in the picture, or a list."
    return create_model(
        f"{prefix}PictureConditions",
        __base__=PictureSpec,
        __doc__="Conditions on the picture, which is examined only if a rule has any.",
        specimen=(names, Field(default=None, description=about)),
    )
