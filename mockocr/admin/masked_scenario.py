"""A scenario as it was written, without tokens, pictures, the queries of URLs, and the personal
data in answers."""

from collections.abc import Mapping
from typing import Any

from pydantic import RootModel
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from mockocr.actions.action import AnyAction
from mockocr.protocol.redact import redacted_condition
from mockocr.scenario.scenario import Scenario


class WrittenScenario(RootModel[dict[str, Any]]):
    """A scenario as it was written, with `***` for tokens, the queries of URLs and the personal
    data of answers. If nothing is masked, it can be sent again. Its schema is at
    /__admin/schema."""


class WrittenText(PlainTextResponse):
    """The same in YAML, with the comments of the text that was played."""

    media_type = "application/yaml"


def written(scenario: Scenario, request: Request) -> WrittenScenario | WrittenText:
    """In YAML if the request accepts that."""
    masked = masked_scenario(scenario)
    if WrittenText.media_type not in request.headers.get("accept", ""):
        return WrittenScenario(masked)
    # Late, as in scenario.library.
    from mockocr.documents.replacing import with_data
    from mockocr.documents.writing import yaml_of

    text = None
    if scenario.text is not None:
        text = with_data(scenario.text, scenario.document, masked)
    return WrittenText(yaml_of(masked) if text is None else text)


def masked_scenario(scenario: Scenario) -> dict[str, Any]:
    document = dict(scenario.document)
    actions: Mapping[str, list[AnyAction | None]] = {
        "rules": [rule.action for rule in scenario.rules],
        "chaos": [entry.action for entry in scenario.chaos],
    }
    for key in document.keys() & actions.keys():
        document[key] = [
            _masked(key, written, action)
            for written, action in zip(document[key], actions[key], strict=True)
        ]
    return document


def _masked(key: str, value: Any, action: AnyAction | None) -> Any:
    """The value of a key in a rule or a chaos entry; if it is a list, one value of the list."""
    if action is None:
        return value  # a chaos entry for all actions has no answers
    match value:
        case dict() if key == "when":
            return _masked_condition(key, value)
        case dict() if key == action.answer_key:
            return action.mask(value)
        case _ if key[0].isupper():  # a member of Response
            return action.mask({key: value})[key]
        case dict():
            return {name: _masked(name, part, action) for name, part in value.items()}
        case list():
            return [_masked(key, part, action) for part in value]
        case _:
            return value


def _masked_condition(name: str, expected: Any) -> Any:
    match name:
        case "when" | "not":
            return {key: _masked_condition(key, part) for key, part in expected.items()}
        case "any":
            return [_masked_condition("when", each) for each in expected]
        case "header":
            return {
                header: redacted_condition(f"header.{header}", value)
                for header, value in expected.items()
            }
        case _:
            return redacted_condition(name, expected)
