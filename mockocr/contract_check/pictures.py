"""The pictures of contract cases: ready-made specimens, and pictures of one colour."""

from base64 import b64encode
from functools import lru_cache
from textwrap import wrap

from mockocr.actions.action import AnyAction
from mockocr.contract_check.case_spec import PictureSpec
from mockocr.specimens.draw.unreadable import blank


def picture_text(spec: PictureSpec, action: AnyAction) -> str:
    """The value of ImageBase64."""
    text, media_type = _base64(spec, action)
    match spec.written:
        case "lines":
            return "\r\n".join(wrap(text, 76))
        case "data_url":
            return f"data:image/{media_type};base64,{text}"
        case _:
            return text


@lru_cache(maxsize=64)
def _base64(spec: PictureSpec, action: AnyAction) -> tuple[str, str]:
    """The text, and the type of the picture. Cached: drawing takes tens of milliseconds."""
    if spec.blank is not None:
        return b64encode(blank(spec.blank, spec.format)).decode(), spec.format.lower()
    assert spec.specimen is not None and action.specimens is not None  # noqa: S101, PT018 - validated
    return b64encode(action.specimens.picture(spec.specimen)).decode(), "jpeg"
