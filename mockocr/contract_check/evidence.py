"""The rows of docs/fidelity.md: what is known of the real service."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from mockocr.documents.reading import read_document

EVIDENCE = Path(__file__).parent.parent / "evidence.yaml"


@cache
def evidence_rows() -> Mapping[str, Mapping[str, Any]]:
    """By id."""
    return {row["id"]: row for group in evidence_groups() for row in group["rows"]}


@cache
def evidence_groups() -> tuple[Mapping[str, Any], ...]:
    return tuple(read_document(EVIDENCE).data["groups"])
