"""The canonical request was built wrongly: its method, its path, or its lines."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from mockocr.explainer.attempt import Attempt, LayOut, lay_out
from mockocr.explainer.case import Case
from mockocr.explainer.mistake import Family, Mistake, Phrase, Step, named
from mockocr.explainer.mistakes.text_changes import COMMON_CHANGES, RARE_CHANGES, TextChange

LAYOUT = "canonical_request_layout"


def methods_and_paths(case: Case) -> Family:
    method = case.request.method
    other = {"GET": "POST", "POST": "GET"}[method]
    for text in (method.lower(), other, "", other.lower()):
        yield _line(Step.METHOD, named("method", "请求方法", text), method=text)
    host = case.request.headers.get("host", "")
    action = case.request.headers.get("x-tc-action", "")
    common = ("", "/?", "//", f"https://{host}/", f"http://{host}/", f"/{action}")
    rare = (f"https://{host}", f"http://{host}", f"{host}/", host, "%2F", "/ocr", "/ocr/", "/v3")
    for path in dict.fromkeys(common + rare):
        phrase = named("path", "路径", path)
        yield _line(Step.PATH, phrase, alone=path in rare, path=path)


def _line(step: str, phrase: Phrase, alone: bool = False, **fields: Any) -> Mistake:
    def apply(attempt: Attempt) -> Attempt:
        return attempt._replace(**fields)

    return Mistake(LAYOUT, step, phrase, apply, alone=alone)


_PARTS: Mapping[str, Callable[[Attempt], Sequence[str]]] = {
    "method": lambda attempt: [attempt.method],
    "path": lambda attempt: [attempt.path],
    "query": lambda attempt: [attempt.query],
    "headers": lambda attempt: attempt.header_lines,
    "blank": lambda attempt: [""],
    "names": lambda attempt: [attempt.names],
    "payload": lambda attempt: [attempt.payload],
    "algorithm": lambda attempt: [attempt.algorithm],
    "method+path": lambda attempt: [f"{attempt.method} {attempt.path}"],
    "path+query": lambda attempt: [
        f"{attempt.path}?{attempt.query}" if attempt.query else attempt.path
    ],
    "headers-in-one": lambda attempt: ["".join(attempt.header_lines)],
    "headers-by-semicolon": lambda attempt: [";".join(attempt.header_lines)],
    "headers-by-ampersand": lambda attempt: ["&".join(attempt.header_lines)],
}

_ARRANGED: tuple[tuple[str, str, str], ...] = (
    (
        "method path query headers names payload",
        "the blank line after the headers is missing",
        "缺少请求头之后的空行",
    ),
    (
        "method path headers blank names payload",
        "the line of the query is missing",
        "缺少查询字符串这一行",
    ),
    (
        "method path headers names payload",
        "the line of the query and the blank line are missing",
        "缺少查询字符串行和空行",
    ),
    (
        "method query headers blank names payload",
        "the line of the path is missing",
        "缺少路径这一行",
    ),
    (
        "path query headers blank names payload",
        "the line of the method is missing",
        "缺少请求方法这一行",
    ),
    (
        "method path query blank names payload",
        "the lines of the headers are missing",
        "缺少请求头各行",
    ),
    (
        "method path query names payload",
        "the lines of the headers and the blank line are missing",
        "缺少请求头各行和空行",
    ),
    (
        "method path query headers blank payload",
        "the line of the header names is missing",
        "缺少 SignedHeaders 这一行",
    ),
    (
        "method path query headers blank names",
        "the line of the payload hash is missing",
        "缺少请求体哈希这一行",
    ),
    (
        "method path query headers blank names blank",
        "the line of the payload hash is empty",
        "请求体哈希这一行为空",
    ),
    (
        "method path query headers blank blank names payload",
        "a second blank line follows the headers",
        "请求头之后多了一个空行",
    ),
    (
        "method path query blank headers blank names payload",
        "there is a blank line before the headers",
        "请求头之前多了一个空行",
    ),
    (
        "method path query headers-in-one blank names payload",
        "all headers are on one line",
        "各请求头写在同一行",
    ),
    (
        "method path query headers-by-semicolon blank names payload",
        "the headers are joined by `;`",
        "各请求头用 `;` 连接",
    ),
    (
        "method path query headers-by-ampersand blank names payload",
        "the headers are joined by `&`",
        "各请求头用 `&` 连接",
    ),
    (
        "method path+query headers blank names payload",
        "path and query are on one line",
        "路径和查询字符串写在同一行",
    ),
    (
        "method path query headers blank payload names",
        "the payload hash is before the header names",
        "请求体哈希写在 SignedHeaders 之前",
    ),
    (
        "method+path query headers blank names payload",
        "method and path are on one line",
        "请求方法与路径写在同一行",
    ),
    (
        "algorithm method path query headers blank names payload",
        "the algorithm is on the first line",
        "第一行多了算法名",
    ),
)

_CHANGED: tuple[TextChange, ...] = (
    *COMMON_CHANGES,
    (lambda text: text.replace("\n", "&"), ("the lines are joined by `&`", "各行用 `&` 连接")),
    (str.lower, ("the whole text is in lower case", "整个文本转成了小写")),
    *RARE_CHANGES,
)
_COMMON_ARRANGED = 13


def layouts(case: Case) -> Family:
    for number, (parts, en, zh) in enumerate(_ARRANGED):
        made = partial(_arranged, parts.split())
        yield _layout((en, zh), made, alone=number >= _COMMON_ARRANGED)
    for number, (change, phrase) in enumerate(_CHANGED):
        yield _layout(phrase, partial(_changed, change), alone=number >= len(COMMON_CHANGES))


def _arranged(parts: Sequence[str], attempt: Attempt) -> str:
    return "\n".join(line for part in parts for line in _PARTS[part](attempt))


def _changed(change: Callable[[str], str], attempt: Attempt) -> str:
    return change(lay_out(attempt))


def _layout(phrase: Phrase, made: LayOut, alone: bool) -> Mistake:
    def apply(attempt: Attempt) -> Attempt:
        return attempt._replace(lay_out=made)

    return Mistake(LAYOUT, Step.CANONICAL_REQUEST, phrase, apply, alone=alone)
