"""The language of mockocr's own texts in replies: `--lang`, else Accept-Language, else English."""

from starlette.requests import Request

from mockocr.protocol.reasons import OwnLanguage
from mockocr.settings import Settings


def language_of(request: Request, settings: Settings) -> OwnLanguage:
    if settings.lang is not None:
        return settings.lang
    weights: dict[OwnLanguage, float] = {"en": 0.0, "zh": 0.0}
    for part in request.headers.get("accept-language", "").split(","):
        name, _, parameter = part.partition(";")
        for language in weights:
            if name.strip().lower().split("-")[0] == language:
                weights[language] = max(weights[language], _weight(parameter))
    return "zh" if weights["zh"] > weights["en"] else "en"


def _weight(parameter: str) -> float:
    """Of `q=0.8`; 1 if it is missing or invalid."""
    try:
        return float(parameter.strip().removeprefix("q="))
    except ValueError:
        return 1.0
