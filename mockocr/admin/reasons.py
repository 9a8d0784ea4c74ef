"""Why a call was refused, and its notes, in replies of the admin API."""

from mockocr.admin.replies import Reply
from mockocr.journal.exchange import Exchange


class HintView(Reply):
    en: str
    zh: str


class ReasonView(Reply):
    parameter: str
    """The parameter of the call, or the setting of the account."""
    value: str | None
    """The value that was sent, masked; only its length or type if it may be personal."""
    expected: str | None


class NoteView(ReasonView):
    """A parameter or flag without effect, or data that was left out. The call succeeded."""

    name: str
    """The name of an entry in docs/troubleshooting.md."""
    hint: HintView


def reason_view(exchange: Exchange) -> ReasonView | None:
    reason = exchange.reason
    return ReasonView(**reason) if reason else None


def hint_view(exchange: Exchange) -> HintView | None:
    hint = exchange.hint
    return HintView(en=hint["en"], zh=hint["zh"]) if hint else None


def note_views(exchange: Exchange) -> list[NoteView]:
    return [NoteView(**note.to_dict()) for note in exchange.notes]
