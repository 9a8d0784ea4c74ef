"""The characters of the shipped font. No Pillow here: scripts/make-font imports this module too."""

BEYOND_GB2312 = frozenset("·–—•〇埇沚浉瀍猇硚鄠")
"""Characters of divisions and long names that are not in GB2312. The font has these and GB2312."""

STAND_IN = "〓"
"""Drawn for a character that is not in the font (U+3013, 下駄記号)."""


def covered(character: str) -> bool:
    """Whether the font has this character."""
    if character in BEYOND_GB2312:
        return True
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return character.isprintable() or character == "\u3000"


def drawable(text: str) -> str:
    """The text with STAND_IN for each character that is not in the font."""
    return "".join(one if covered(one) else STAND_IN for one in text)
