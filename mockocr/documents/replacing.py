"""Replaces values in a text of YAML. Everything else stays as it was written, with its comments."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from mockocr.documents.document import DocumentError
from mockocr.documents.messages import KeyPath
from mockocr.documents.reading import parse_document


def with_data(text: str, before: Any, after: Any) -> str | None:
    """The text of a document with the data `before`, changed to have the data `after`.

    None if that is not possible, because a value is an alias or a block of lines.
    """
    changes = dict(_differences(before, after, ()))
    if changes:
        root: Any = yaml.CSafeLoader(text).get_single_node()
        values = {span: changes[path] for path, span in _spans(root, (), changes)}
        for start, end in sorted(values, reverse=True):
            # JSON in one line is YAML everywhere.
            value = json.dumps(values[start, end], ensure_ascii=False)
            text = text[:start] + value + text[end:]
    try:
        return text if parse_document(text, "").data == after else None
    except DocumentError:
        return None


def _differences(before: Any, after: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    """The values of `after` that differ, the innermost ones."""
    match before, after:
        case dict(), dict() if before.keys() == after.keys():
            for key, value in before.items():
                yield from _differences(value, after[key], (*path, key))
        case list(), list() if len(before) == len(after):
            for index, value in enumerate(before):
                yield from _differences(value, after[index], (*path, index))
        case _ if before != after:
            yield path, after


def _spans(
    node: yaml.Node, path: KeyPath, wanted: Mapping[KeyPath, Any]
) -> Iterator[tuple[KeyPath, tuple[int, int]]]:
    """Where the wanted values begin and end in the text."""
    if path in wanted:
        yield path, (node.start_mark.index, node.end_mark.index)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _spans(value, (*path, key.value), wanted)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _spans(value, (*path, index), wanted)
