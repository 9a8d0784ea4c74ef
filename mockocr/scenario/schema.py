"""The scenario language as a JSON Schema, for editors (docs/scenarios.md)."""

from typing import Any

from mockocr.actions.action import Action
from mockocr.scenario.model import scenario_model

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def scenario_schema(action: Action[Any, Any]) -> dict[str, Any]:
    model = scenario_model(action)
    schema: dict[str, Any] = _without_nulls(model.model_json_schema())
    head = {"$schema": DIALECT, "title": f"mockocr scenario for {action.name}"}
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
