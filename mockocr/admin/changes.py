"""The event that the active scenarios changed."""

from collections.abc import Mapping
from typing import Any

from mockocr.pipeline.state import State


def publish_scenarios(state: State, account: str | None = None) -> None:
    """Publishes the scenarios that are active for an account or, with None, for every account."""
    registry = state.registry

    def data() -> Mapping[str, Any]:
        rulebook = registry.shared_rulebook() if account is None else registry.rulebook(account)
        return {
            "account": account,
            "playing": [scenario.name for scenario in rulebook.scenarios],
            "refused": dict(registry.refused),
        }

    state.events.publish("scenarios", data)
