"""Writes YAML."""

from typing import Any

import yaml


def yaml_of(data: Any) -> str:
    """Block style with the keys in their order; text that YAML could misread is quoted."""
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100)
