"""Why a call was refused, and its notes, in replies of the admin API."""

from mockocr.admin.replies import Reply
from mockocr.journal.exchange import Exchange


class HintView(Reply):
    en: str
    zh: str


class ReasonView(Reply):
    parameter: str
    """Of the call, or of the account."""
    value: str | None
    """The value that was sent: masked, and only its length or type if it may be personal."""
    expected: str | None


class NoteView(ReasonView):
    """What a call asks for without effect."""

    name: str
    """An entry of docs/troubleshooting.md."""
    hint: HintView


def reason_view(exchange: Exchange) -> ReasonView | None:
    reason = exchange.reason
    return ReasonView(**reason) if reason else None


def hint_view(exchange: Exchange) -> HintView | None:
    hint = exchange.hint
    return HintView(en=hint["en"], zh=hint["zh"]) if hint else None


def note_views(exchange: Exchange) -> list[NoteView]:
    return [NoteView(**note.to_dict()) for note in exchange.notes]
