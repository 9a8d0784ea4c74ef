"""The scenario language as a JSON Schema, for editors (docs/scenarios.md)."""

from typing import Any

from mockocr.actions.catalogue import all_actions
from mockocr.scenario.model import scenario_model

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def scenario_schema() -> dict[str, Any]:
    """The language for all registered actions."""
    actions = all_actions()
    model = scenario_model(actions, actions[0] if len(actions) == 1 else None)
    schema: dict[str, Any] = _without_nulls(model.model_json_schema())
    for part in ("rules", "chaos"):
        # pydantic says oneOf, but a rule that names no action may be right for several.
        items = schema["properties"][part]["items"]
        if "oneOf" in items:
            items["anyOf"] = items.pop("oneOf")
    names = ", ".join(action.name for action in actions)
    head = {"$schema": DIALECT, "title": f"mockocr scenario for {names}"}
    return head | {name: it for name, it in schema.items() if name not in head}


def _without_nulls(part: Any) -> Any:
    """A word without a value is refused: no editor is to offer null."""
    if isinstance(part, list):
        return [_without_nulls(it) for it in part]
    if not isinstance(part, dict):
        return part
    kept = {
        name: _without_nulls(it)
        for name, it in part.items()
        if not (name == "default" and it is None)
    }
    choices = kept.get("anyOf")
    if not isinstance(choices, list):
        return kept
    choices = [it for it in choices if it != {"type": "null"}]
    if len(choices) != 1:
        return kept | {"anyOf": choices}
    del kept["anyOf"]
    # What is said here, of this word, wins over what is said of its type.
    return choices[0] | kept
