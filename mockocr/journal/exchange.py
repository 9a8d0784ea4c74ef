"""The record of one call. Journal, admin API, log and tests read this record and nothing else.

Everything in it may be shown, except `Exchange.facts` and `Exchange.search`: pictures are never
stored, and secrets and personal data are masked before they are stored (docs/security.md).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mockocr.actions.facts import Facts
from mockocr.images.image import ImageError, Picture
from mockocr.protocol.errors import ApiError, Language
from mockocr.protocol.reasons import Note, OwnLanguage
from mockocr.protocol.redact import redacted_headers
from mockocr.protocol.signature import Signature
from mockocr.protocol.wire import WireRequest
from mockocr.scenario.outcomes import FaultOutcome, GatewayError, ResolvedOutcome
from mockocr.scenario.rulebook import Rulebook

if TYPE_CHECKING:
    from mockocr.explainer.causes import Cause
    from mockocr.explainer.search import Search


@dataclass(slots=True)
class Exchange:
    """One call, filled from top to bottom by the stages of the pipeline. The first field that is
    None although later stages would set it shows where the call stopped."""

    request_id: str
    received_at: datetime
    method: str
    path: str
    headers: Mapping[str, str]
    """Masked."""
    body_bytes: int
    head_bytes: int = 0
    """At most how long the request line and the headers were."""
    account: str | None = None
    action: str | None = None
    language: Language | None = None
    unproven: str | None = None
    """With --auth lenient: the code with which the call would have been refused."""
    cause: "Cause | None" = None
    """Why authentication failed."""
    search: "Search | None" = None
    """The search for the cause, until it is over. It has the request as it was sent: never show
    it."""
    signature: Signature | None = None
    parameters: Mapping[str, Any] | None = None
    """Masked."""
    notes: tuple[Note, ...] = ()
    """Notes on parameters and flags without effect, and on data that was left out. Not part of the
    reply."""
    facts: Facts | None = None
    """What the conditions of rules were compared with; None if there are no rules. Not masked:
    never show all of it."""
    rulebook: Rulebook | None = None
    """The rules that were active when the call was received."""
    rule: str | None = None
    """The name of the rule that matched, or of the chaos entry that decided."""
    scenario: str | None = None
    """The name of the scenario of that rule."""
    resolved: ResolvedOutcome | None = None
    """The outcome that the rule, the chaos entry or the picture led to."""
    delayed_by: str | None = None
    """The chaos entry that only delayed the answer."""
    picture: Picture | ImageError | None = None
    """What was found in the picture; None if no stage examined it."""
    reading: Mapping[str, Any] | None = None
    """Which cards were read in the picture, without what is printed on them; None if it was not
    read."""
    error: ApiError | None = None
    response: Mapping[str, Any] | None = None
    """Masked."""
    marks: tuple[str, ...] = ()
    """What outcome coverage counts of the answer: ids of rows, no personal data."""
    is_counted: bool = False
    """Whether outcome coverage no longer counts it: it was counted before, or forgotten."""
    masked_bytes: int | None = None
    """The estimated memory of `parameters` and `response`, if it is already known."""
    milliseconds: float = 0.0
    size_bytes: int = 0
    """The estimated memory of this record, set by the journal."""

    @property
    def outcome(self) -> str:
        """`ok`, an error code, `fault:NAME` or `http:502`."""
        if self.error:
            return self.error.code
        outcome = self.resolved.outcome if self.resolved else None
        if isinstance(outcome, FaultOutcome):
            return f"fault:{outcome.fault}"
        if isinstance(outcome, GatewayError):
            return f"http:{outcome.status}"
        return "ok"

    @property
    def matched(self) -> bool | None:
        """Whether a rule matched the call. None if there were no rules, or the call was refused
        before them."""
        if self.rule is not None:
            return True
        return False if self.rulebook and self.rulebook.has_rules else None

    @property
    def message(self) -> str | None:
        """The message of the error, in the language in which it was sent."""
        return self.error.message(self.language) if self.error else None

    @property
    def reason(self) -> dict[str, str | None] | None:
        """The value that was sent and the expected one; None if the call succeeded, or if a
        scenario refused it."""
        reason = self.error and self.error.reason
        return reason.to_dict() if reason else None

    @property
    def side(self) -> str | None:
        """CardSide, as it was sent."""
        side = (self.parameters or {}).get("CardSide")
        return side if isinstance(side, str) else None

    @property
    def hint(self) -> Mapping[OwnLanguage, str] | None:
        """The hint for a refused call, by language. Also None while the search for the cause of a
        wrong signature continues."""
        if self.cause is not None:
            return self.cause.hint
        error = self.error
        return error.reason.hints(error.code) if error and error.reason else None

    def summary(self) -> dict[str, Any]:
        """The JSON of a list of calls."""
        return {
            "RequestId": self.request_id,
            "time": self.received_at.isoformat(timespec="milliseconds"),
            "account": self.account,
            "action": self.action,
            "outcome": self.outcome,
            "cause": self.cause.name if self.cause else None,
            "reason": self.reason,
            "side": self.side,
            "notes": [note.to_dict() for note in self.notes],
            "rule": self.rule,
            "scenario": self.scenario,
            "unmatched": self.matched is False,
            "milliseconds": round(self.milliseconds, 3),
        }

    def details(self) -> dict[str, Any]:
        """The JSON of a single call: the summary and all other fields, masked."""
        error, resolved = self.error, self.resolved
        return self.summary() | {
            "method": self.method,
            "path": self.path,
            "headers": self.headers,
            "body_bytes": self.body_bytes,
            "unproven": self.unproven,
            "signature": asdict(self.signature) if self.signature else None,
            "parameters": self.parameters,
            "hint": self.hint,
            "delay_seconds": round(resolved.delay_seconds, 6) if resolved else 0.0,
            "dribble_seconds": resolved.dribble_seconds if resolved else 0.0,
            "delayed_by": self.delayed_by,
            "picture": self._picture(),
            "error": {"Code": error.code, "Message": self.message} if error else None,
            "response": self.response,
        }

    def _picture(self) -> Mapping[str, Any] | str | None:
        picture = self.picture
        if isinstance(picture, Picture):
            return picture._asdict() | {"reading": self.reading}
        return picture


def exchange_of(request: WireRequest) -> Exchange:
    """The record of a call that has been received, before any stage of the pipeline."""
    # Not by keyword, which makes this a third slower.
    return Exchange(
        request.request_id,
        request.received_at,
        request.method,
        request.path,
        redacted_headers(request.headers),
        request.body_bytes,
        request.head_bytes,
    )
