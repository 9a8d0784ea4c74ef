"""The denominator: every outcome that a test suite should see, for actions and a contract.

The only definition. It asks each action for its errors and, if it has them, for its answers.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from mockocr.actions.action import AnyAction
from mockocr.actions.answer_rows import AnswerRow
from mockocr.coverage.error_scenarios import error_scenario
from mockocr.coverage.report import CoverageDetail, CoverageRow, Group
from mockocr.protocol.errors import Refusal
from mockocr.protocol.refusals import COMMON_ERRORS
from mockocr.protocol.wire import Fault

GATEWAY_STATUSES = (502, 503, 504)
"""Those of the ready-made scenarios. A scenario may send any status from 400 to 599; calls with
others are counted apart."""

RETRYABLE_ERRORS = frozenset(
    {
        "InternalError",
        "RequestLimitExceeded",
        "RequestLimitExceeded.GlobalRegionUinLimitExceeded",
        "RequestLimitExceeded.IPLimitExceeded",
        "RequestLimitExceeded.UinLimitExceeded",
        "ResourceInUse",
        "ResourceInsufficient",
        "ServiceUnavailable",
    }
)
"""Gateway errors after which the same call may succeed. An action names its own."""

NO_DETAIL = CoverageDetail(en="", zh="")


def denominator(actions: Sequence[AnyAction], day: date) -> list[CoverageRow]:
    """Rows that no call has seen. If there are several actions, the ids of their own rows begin
    with the name of the action."""
    rows = [
        row
        for action in actions
        for row in _own(action, f"{action.name}/" if len(actions) > 1 else "", day)
    ]
    return [*rows, *_common()]


def _own(action: AnyAction, prefix: str, day: date) -> Iterator[CoverageRow]:
    has_scenarios = action.coverage is not None
    for code, refusal in action.refusals.items():
        scenario = error_scenario(code) if has_scenarios else None
        yield _error("business", f"{prefix}error:{code}", refusal, scenario, action.name)
    for row in action.coverage.rows(day) if action.coverage else ():
        yield _answer(row, prefix, action.name)


def _answer(row: AnswerRow, prefix: str, action: str) -> CoverageRow:
    return CoverageRow(
        id=f"{prefix}{row.id}",
        group=row.group,
        action=action,
        detail=CoverageDetail(**row.detail._asdict()),
        scenario=row.scenario,
        respond=respond(row.outcome),
        parameters=dict(row.parameters),
        possible=row.is_possible,
    )


def _common() -> Iterator[CoverageRow]:
    """The rows that all actions share."""
    for code, refusal in sorted(COMMON_ERRORS.items()):
        yield _error("gateway", f"error:{code}", refusal, error_scenario(code))
    for fault in Fault:
        name = fault.lower().replace("_", "-")
        yield _row("fault", f"fault:{fault}", f"fault-{name}", {"fault": fault.value})
    for status in GATEWAY_STATUSES:
        yield _row("http", f"http:{status}", f"gateway-{status}", {"http": status})
    for name, scenario, outcome, en, zh in _RECOVERIES:
        detail = CoverageDetail(en=f"the same body succeeds after {en}", zh=f"{zh}后同一请求体成功")
        once = {**outcome, "times": 1}
        yield _row("recovery", f"recovery:{name}", scenario, once, detail=detail)


_RECOVERIES: tuple[tuple[str, str, Mapping[str, Any], str, str], ...] = (
    (
        "error",
        "recovers-after-retry",
        {"error": "InternalError"},
        "a retryable error",
        "可重试的错误",
    ),
    ("http", "network-recovers", {"http": 503}, "a gateway status", "网关状态码"),
    (
        "fault",
        "network-recovers",
        {"fault": "CONNECTION_RESET_BY_PEER"},
        "a fault",
        "网络故障",
    ),
)


def _error(
    group: Group, row_id: str, refusal: Refusal, scenario: str | None, action: str | None = None
) -> CoverageRow:
    detail = CoverageDetail(en=refusal.en, zh=refusal.zh)
    return _row(group, row_id, scenario, {"error": refusal.code}, action, detail)


def _row(
    group: Group,
    row_id: str,
    scenario: str | None,
    outcome: Mapping[str, Any],
    action: str | None = None,
    detail: CoverageDetail = NO_DETAIL,
) -> CoverageRow:
    return CoverageRow(
        id=row_id,
        group=group,
        action=action,
        detail=detail,
        scenario=scenario,
        respond=respond(outcome),
        parameters={},
        possible=True,
    )


def respond(outcome: Mapping[str, Any]) -> str:
    """The line of a test with the fixture `mockocr`."""
    arguments = (
        f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in outcome.items()
    )
    return f"mockocr.respond({', '.join(arguments)})"
