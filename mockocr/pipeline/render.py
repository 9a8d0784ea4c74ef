"""From an outcome to the members of Response."""

from mockocr.accounts.call_settings import CallSettings
from mockocr.journal.exchange import Exchange
from mockocr.journal.journal import size_bytes_of
from mockocr.pipeline.body_cache import Answer, ParsedBody
from mockocr.protocol.envelope import members as members_of
from mockocr.protocol.wire import Fault
from mockocr.recognition.call_image import CallImage
from mockocr.scenario.outcomes import FaultOutcome, Outcome, Recognized, Refused


def render(
    parsed_body: ParsedBody,
    outcome: Outcome,
    settings: CallSettings,
    call_image: CallImage,
    exchange: Exchange,
) -> bytes:
    """The members of Response without RequestId, as JSON; empty if the outcome has none.

    Raises ApiError if the outcome is a refusal, or the picture is refused.
    """
    try:
        match outcome:
            case Recognized():
                answer = parsed_body.answer(outcome, settings, call_image, _answer)
                call_image.restore(answer.snapshot)
                exchange.response = answer.masked
                exchange.marks = answer.marks
                if answer.notes:
                    exchange.notes += answer.notes
                exchange.masked_bytes = parsed_body.masked_bytes + answer.masked_bytes
                return answer.members
            case Refused(refusal):
                raise refusal.error()
            case FaultOutcome(Fault.TRUNCATED_BODY | Fault.BAD_JSON):
                action, query = parsed_body.action, parsed_body.query()
                rendering = action.render(query, action.invented, settings, call_image)
                return members_of(rendering.members)
            case _:
                return b""
    finally:
        exchange.picture = call_image.found
        if call_image.reading is not None:
            exchange.reading = call_image.to_dict()


def _answer(
    parsed_body: ParsedBody, outcome: Recognized, settings: CallSettings, call_image: CallImage
) -> Answer:
    action = parsed_body.action
    query = parsed_body.query()
    fields, notes = action.render(query, outcome.answer, settings, call_image)
    masked, snapshot = action.mask(fields), call_image.snapshot()
    marks = action.marks(query, fields, settings.contract)
    size_bytes = size_bytes_of(masked)
    return Answer(outcome, members_of(fields), masked, size_bytes, marks, notes, snapshot)
