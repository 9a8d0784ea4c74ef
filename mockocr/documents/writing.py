"""Writes YAML."""

from typing import Any

import yaml


def compact_yaml_of(data: Any) -> str:
    """As `yaml_of`, with mappings and lists that contain no others in one line."""
    return yaml.safe_dump(
        data, allow_unicode=True, sort_keys=False, width=100, default_flow_style=None
    )


def yaml_of(data: Any) -> str:
    """Block style with the keys in their order; text that YAML could misread is quoted."""
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100)
