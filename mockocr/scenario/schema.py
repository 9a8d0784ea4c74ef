"""The scenario language as a JSON Schema, for editors (docs/scenarios.md)."""

from typing import Any

from mockocr.actions.catalogue import all_actions
from mockocr.scenario.model import scenario_model

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def scenario_schema() -> dict[str, Any]:
    """The JSON Schema of scenarios for all registered actions."""
    actions = all_actions()
    model = scenario_model(actions, actions[0] if len(actions) == 1 else None)
    schema: dict[str, Any] = _without_nulls(model.model_json_schema())
    for part in ("rules", "chaos"):
        # pydantic writes oneOf, but a rule that names no action may be valid for several.
        items = schema["properties"][part]["items"]
        if "oneOf" in items:
            items["anyOf"] = items.pop("oneOf")
    names = ", ".join(action.name for action in actions)
    head = {"$schema": DIALECT, "title": f"mockocr scenario for {names}"}
    return head | {key: value for key, value in schema.items() if key not in head}


def _without_nulls(part: Any) -> Any:
    """Keys without a value are refused, so editors must not offer null."""
    if isinstance(part, list):
        return [_without_nulls(entry) for entry in part]
    if not isinstance(part, dict):
        return part
    schema = {
        key: _without_nulls(value)
        for key, value in part.items()
        if not (key == "default" and value is None)
    }
    choices = schema.get("anyOf")
    if not isinstance(choices, list):
        return schema
    choices = [choice for choice in choices if choice != {"type": "null"}]
    if len(choices) != 1:
        return schema | {"anyOf": choices}
    del schema["anyOf"]
    # The description of the key replaces the description of its type.
    return choices[0] | schema
