"""Which characters the shipped font has. No PIL here: scripts/make-font asks this as well."""

BEYOND_GB2312 = frozenset("·–—•〇埇沚浉瀍猇硚鄠")
"""Those of the divisions and of long names that GB2312 has not; the font has all GB2312 has."""

STAND_IN = "〓"
"""Drawn for a character that is not in the font, as printers do for a sort they lack."""


def covered(character: str) -> bool:
    """Whether the font draws this character: printable, and in GB2312 or beside it."""
    if character in BEYOND_GB2312:
        return True
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return character.isprintable() or character == "\u3000"


def drawable(text: str) -> str:
    """The text with a stand-in for whatever the font has not."""
    return "".join(one if covered(one) else STAND_IN for one in text)
