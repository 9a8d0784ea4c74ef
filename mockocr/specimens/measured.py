"""What was measured of a specimen: values, each with its threshold and what it warns of. No PIL."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

Region = Literal["NationalEmblem", "Portrait", "RecognitionField", "Others"]
"""Of a card, in the words of ReflectDetailInfo (docs/fidelity.md#reflect-positions)."""

LEAST_QUALITY = 50
"""That is not blurred: 建议阈值≥50 (API page §3)."""
MOST_BORDER = 50
"""BorderCodeValue of a whole card: 建议阈值≤50 (API page §3)."""


class Score(NamedTuple):
    name: str
    value: float
    threshold: float
    warnings: tuple[str, ...] = ()
    """Names of `PLANTED` that it gives beyond its threshold."""
    least: bool = False
    """Whether the threshold is the least that is good; else it is the most."""

    @property
    def beyond(self) -> bool:
        return self.value < self.threshold if self.least else self.value > self.threshold


class Measured(NamedTuple):
    """Of one card in a picture."""

    scores: tuple[Score, ...]
    quality: int
    """0 to 100, "分数越低越模糊" (API page §3)."""
    border: int | None = None
    """0 to 100, "分数越低边框遮挡可能性越低" (API page §3); None where the corners of the card are
    not known well enough."""
    reflections: tuple[Region, ...] = ()
    """Where reflections lie."""

    @property
    def warnings(self) -> frozenset[str]:
        return frozenset(name for score in self.scores if score.beyond for name in score.warnings)

    def shown(self) -> Mapping[str, Any]:
        """For whoever asks why: nothing of what stands on the card."""
        return {
            score.name: {
                "value": round(score.value, 1),
                "threshold": score.threshold,
                "least": score.least,
                "warns": list(score.warnings) if score.beyond else [],
            }
            for score in self.scores
        }
