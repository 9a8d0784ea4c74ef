"""The scores of a card in a picture. Values only; this module does not import Pillow."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

Region = Literal["NationalEmblem", "Portrait", "RecognitionField", "Others"]
"""A region of a card, by its name in ReflectDetailInfo (docs/fidelity.md#reflect-positions)."""

LEAST_QUALITY = 50
"""A lower Quality means that the picture is blurred: 建议阈值≥50 (API page §3)."""
MOST_BORDER = 50
"""A higher BorderCodeValue means that the card is cut off: 建议阈值≤50 (API page §3)."""


class Score(NamedTuple):
    """One measured value, and the warnings that it causes beyond its threshold."""

    name: str
    value: float
    threshold: float
    warnings: tuple[str, ...] = ()
    """Names of `card_data.DEFECTS`."""
    least: bool = False
    """Whether the threshold is the lowest good value; otherwise it is the highest."""

    @property
    def beyond(self) -> bool:
        return self.value < self.threshold if self.least else self.value > self.threshold


class Measured(NamedTuple):
    """The scores of one card in a picture."""

    scores: tuple[Score, ...]
    quality: int
    """0 to 100, "分数越低越模糊" (API page §3)."""
    border: int | None = None
    """0 to 100, "分数越低边框遮挡可能性越低" (API page §3); None if the corners of the card are not
    exact enough."""
    reflections: tuple[Region, ...] = ()
    """The regions that reflections cover."""

    @property
    def warnings(self) -> frozenset[str]:
        return frozenset(name for score in self.scores if score.beyond for name in score.warnings)

    def to_dict(self) -> Mapping[str, Any]:
        """The scores by name, for the journal."""
        return {
            score.name: {
                "value": round(score.value, 1),
                "threshold": score.threshold,
                "least": score.least,
                "warns": list(score.warnings) if score.beyond else [],
            }
            for score in self.scores
        }
