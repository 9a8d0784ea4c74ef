"""Who listens is told that something else plays."""

from collections.abc import Mapping
from typing import Any

from mockocr.pipeline.state import State


def tell_of_scenarios(state: State, account: str | None = None) -> None:
    """What plays for an account or, None, for everybody."""
    registry = state.registry

    def told() -> Mapping[str, Any]:
        rulebook = registry.shared_rulebook() if account is None else registry.rulebook(account)
        return {
            "account": account,
            "playing": [scenario.name for scenario in rulebook.scenarios],
            "refused": dict(registry.refused),
        }

    state.events.publish("scenarios", told)
