"""Names of outcomes."""

from mockocr.scenario.outcomes import (
    FaultOutcome,
    Forwarded,
    GatewayError,
    Outcome,
    Recognized,
    Refused,
)


def outcome_name(outcome: Outcome) -> str:
    """As `Exchange.outcome` names it: ok, an error code, fault:NAME or http:STATUS. `forwarded` for
    a call that is not made, and that another server would answer."""
    match outcome:
        case Recognized():
            return "ok"
        case Refused(refusal):
            return refusal.code
        case FaultOutcome(fault):
            return f"fault:{fault}"
        case GatewayError(status):
            return f"http:{status}"
        case Forwarded():
            return "forwarded"
