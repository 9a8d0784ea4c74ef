"""What the words of all actions, in scenarios, have in common."""

from typing import Annotated, Any

from pydantic import BeforeValidator


def one_or_more(kind: Any) -> Any:
    """The type of a list of this kind, for which one alone may also be written."""
    return Annotated[
        list[kind], BeforeValidator(_as_list, json_schema_input_type=kind | list[kind])
    ]


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]
