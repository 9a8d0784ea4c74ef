"""Names of characters that look like YAML syntax, or that YAML does not allow."""

import re
from collections.abc import Mapping

_FULL_WIDTH: Mapping[str, tuple[str, str]] = {
    "：": ("colon", ": "),
    "，": ("comma", ", "),
    "“": ("quotation mark", '"'),
    "”": ("quotation mark", '"'),
    "‘": ("quotation mark", "'"),
    "’": ("quotation mark", "'"),
    "｛": ("brace", "{"),
    "｝": ("brace", "}"),
    "［": ("bracket", "["),
    "］": ("bracket", "]"),
    "【": ("bracket", "["),
    "】": ("bracket", "]"),
    "＃": ("number sign", "#"),
    "－": ("hyphen", "- "),
    "\u3000": ("blank", " "),
    "\xa0": ("blank", " "),
}
_INVISIBLE = {"\u3000": "a full-width space U+3000", "\xa0": "a no-break space U+00A0"}
_LOOKALIKE = re.compile("[" + "".join(_FULL_WIDTH) + "]")


def lookalike(text: str) -> str | None:
    """A name for the first character that looks like one of YAML's, with the one to write instead;
    None if there is none."""
    found = _LOOKALIKE.search(text)
    if found is None:
        return None
    name, instead = _FULL_WIDTH[found[0]]
    named = _INVISIBLE.get(found[0], f"a full-width {name} {found[0]}")
    return f"{named}; write {instead.strip() or 'a space'}"


def suspect(text: str, line: int) -> str | None:
    """The unusual character in this line (from 1) of invalid YAML, or in the line before it."""
    lines = text.splitlines()
    for number in (line, line - 1):
        written = lines[number - 1] if 0 < number <= len(lines) else ""
        if "\t" in written and not written.split("\t", 1)[0].strip():
            return f"line {number} is indented with a tab; indent with spaces"
        code = written.partition(" #")[0]
        if (found := lookalike(code)) is not None:
            return f"line {number} has {found}"
        if "\t" in code:
            return f"line {number} has a tab; write a space"
    return None
