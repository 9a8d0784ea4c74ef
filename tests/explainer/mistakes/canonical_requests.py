"""Mistakes in the layout of the canonical request."""

from collections.abc import Callable
from typing import Any

from tests.explainer.mistakes.mistake import SignerMistake
from tests.explainer.mistakes.requests import LAYOUT
from tests.explainer.signing import six_parts


def arranged(parts: str, joined_by: str = "\n") -> Callable[[Any], str]:
    """A canonical request of these parts: fields of the signer, `headers`, `method+path` or
    `blank`. `joined_by` joins the headers."""

    def arrange(signer: Any) -> str:
        lines = {
            "headers": joined_by.join(signer.lines),
            "blank": "",
            "method+path": f"{signer.method} {signer.path}",
        }
        return "\n".join(
            lines[part] if part in lines else getattr(signer, part) for part in parts.split()
        )

    return arrange


def rewritten(change: Callable[[str], str]) -> Callable[[Any], str]:
    return lambda signer: change(six_parts(signer))


CANONICAL = [
    SignerMistake(LAYOUT, "canonical request", {"arrange": arrange})
    for arrange in (
        arranged("method path query headers names payload"),
        arranged("method path headers blank names payload"),
        arranged("method path headers names payload"),
        arranged("method query headers blank names payload"),
        arranged("path query headers blank names payload"),
        arranged("method path query blank names payload"),
        arranged("method path query names payload"),
        arranged("method path query headers blank payload"),
        arranged("method path query headers blank names"),
        arranged("method path query headers blank names blank"),
        arranged("method path query headers blank blank names payload"),
        arranged("method path query headers blank names payload", joined_by=""),
        rewritten(lambda text: text + "\n"),
        rewritten(lambda text: text.replace("\n", "\r\n")),
        rewritten(lambda text: text.replace("\n", "\\n")),
        rewritten(lambda text: text.replace("\n", "")),
        rewritten(lambda text: text.replace("\n", " ")),
    )
]
RARE_CANONICAL = [
    SignerMistake(LAYOUT, "canonical request", {"arrange": arrange})
    for arrange in (
        arranged("method path query headers blank names payload", joined_by=";"),
        arranged("method path query headers blank payload names"),
        arranged("method+path query headers blank names payload"),
        rewritten(lambda text: text.replace("\n", "\n    ")),
        rewritten(str.lower),
    )
]
