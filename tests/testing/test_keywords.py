"""The types of keyword arguments have the names of the models that check the values."""

from dataclasses import fields
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import BaseModel

from mockocr.accounts.spec import AccountSpec
from mockocr.actions import keywords as action_keywords
from mockocr.actions.catalogue import all_actions
from mockocr.actions.idcard.answer_spec import CardFields
from mockocr.actions.idcard.conditions import FlagConditions
from mockocr.actions.idcard.keywords import Flags
from mockocr.protocol.wire import Fault
from mockocr.scenario.model import scenario_model
from mockocr.scenario.rule_spec import PictureSpec
from mockocr.settings import Settings
from mockocr.testing import keywords


def names(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def models() -> dict[str, type[BaseModel]]:
    """The models of a rule's conditions, of its outcomes and of choices."""
    (action,) = all_actions()
    rule: Any = scenario_model((action,), action).model_fields["rules"].annotation
    (rule_model,) = get_args(rule)
    when = get_args(rule_model.model_fields["when"].annotation)[0]
    step: Any = rule_model.model_fields["then"].annotation
    (step_model,) = get_args(get_args(step)[0]) or get_args(step)
    choices: Any = get_args(step_model.model_fields["one_of"].annotation)[0]
    (choice_model,) = get_args(get_args(choices)[0])
    return {"when": when, "outcome": step_model, "choice": choice_model}


def test_rules_and_outcomes() -> None:
    found = models()

    assert get_type_hints(keywords.When).keys() == names(found["when"])
    assert get_type_hints(keywords.Outcome).keys() == names(found["outcome"])
    assert get_type_hints(keywords.Choice).keys() == names(found["choice"])


@pytest.mark.parametrize(
    ("typed", "model"),
    [
        (keywords.AccountSettings, AccountSpec),
        (action_keywords.CardFields, CardFields),
        (Flags, FlagConditions),
    ],
)
def test_other_keywords(typed: Any, model: type[BaseModel]) -> None:
    assert get_type_hints(typed).keys() == names(model)


def test_settings_pictures_and_faults() -> None:
    assert set(get_type_hints(keywords.ServerSettings)) == {each.name for each in fields(Settings)}
    assert get_type_hints(keywords.Picture).keys() == {*names(PictureSpec), "specimen"}
    assert set(get_args(keywords.FaultName)) == set(map(str, Fault))
