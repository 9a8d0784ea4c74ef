"""Who listens is told that something else plays."""

from collections.abc import Mapping
from typing import Any

from mockocr.pipeline.pipeline import Service


def tell_of_scenarios(service: Service, account: str | None = None) -> None:
    """What plays for an account or, None, for everybody."""
    stage = service.stage

    def told() -> Mapping[str, Any]:
        book = stage.everybodys() if account is None else stage.book(account)
        return {
            "account": account,
            "playing": [scenario.name for scenario in book.scenarios],
            "refused": dict(stage.refused),
        }

    service.events.publish("scenarios", told)
