"""The colours of a specimen. No channel is above 235, so nearly white pixels in a photo of a
specimen are glare (docs/fidelity.md#specimen-colours)."""

from typing import TypeAlias

Colour: TypeAlias = tuple[int, int, int]

BRIGHTEST = 235

DESK: Colour = (112, 124, 138)
"""The background around the card."""
BOARD: Colour = (235, 235, 235)
"""The boards under the codes, and the plain patch."""
MODULE: Colour = (18, 22, 28)
"""The dark modules of a code."""
RED: Colour = (196, 30, 58)
INK: Colour = (34, 40, 52)
LABEL: Colour = (52, 106, 158)
FAINT: Colour = (120, 138, 152)

PAPER: tuple[Colour, Colour] = ((208, 224, 235), (235, 222, 224))
"""From left to right: pale blue to pale rose."""
PAPER_OF_TEMPORARY: tuple[Colour, Colour] = ((206, 228, 206), (222, 235, 214))
"""Pale green, like real temporary cards."""
