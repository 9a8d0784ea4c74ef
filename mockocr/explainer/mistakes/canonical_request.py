"""The canonical request was put together otherwise: method, path, and the lines as a whole."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from mockocr.explainer.attempt import Attempt, LayOut, lay_out
from mockocr.explainer.case import Case
from mockocr.explainer.mistake import Family, Mistake, Said, Step, value

LAYOUT = "canonical_request_layout"


def methods_and_paths(case: Case) -> Family:
    method = case.request.method
    other = {"GET": "POST", "POST": "GET"}[method]
    for text in (method.lower(), other, "", other.lower()):
        said = value(text) if text else ("no method", "缺少请求方法")
        yield _line(Step.METHOD, said, method=text)
    host = case.request.headers.get("host", "")
    action = case.request.headers.get("x-tc-action", "")
    common = ("", "/?", "//", f"https://{host}/", f"http://{host}/", f"/{action}")
    rare = (f"https://{host}", f"http://{host}", f"{host}/", host, "%2F", "/ocr", "/ocr/", "/v3")
    for path in dict.fromkeys(common + rare):
        said = value(path) if path else ("no path", "缺少路径")
        yield _line(Step.PATH, said, alone=path in rare, path=path)


def _line(step: str, said: Said, alone: bool = False, **fields: Any) -> Mistake:
    def apply(attempt: Attempt) -> Attempt:
        return attempt._replace(**fields)

    return Mistake(LAYOUT, step, said, apply, alone=alone)


_PARTS: Mapping[str, Callable[[Attempt], Sequence[str]]] = {
    "method": lambda it: [it.method],
    "path": lambda it: [it.path],
    "query": lambda it: [it.query],
    "headers": lambda it: it.header_lines,
    "blank": lambda it: [""],
    "names": lambda it: [it.names],
    "payload": lambda it: [it.payload],
    "algorithm": lambda it: [it.algorithm],
    "method+path": lambda it: [f"{it.method} {it.path}"],
    "path+query": lambda it: [f"{it.path}?{it.query}" if it.query else it.path],
    "headers-in-one": lambda it: ["".join(it.header_lines)],
    "headers-by-semicolon": lambda it: [";".join(it.header_lines)],
    "headers-by-ampersand": lambda it: ["&".join(it.header_lines)],
}

_ARRANGED: tuple[tuple[str, str, str], ...] = (
    (
        "method path query headers names payload",
        "the blank line behind the headers is missing",
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
        "a blank line stands before the headers",
        "请求头之前多了一个空行",
    ),
    (
        "method path query headers-in-one blank names payload",
        "the headers stand in one line",
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
        "path and query stand in one line",
        "路径和查询字符串写在同一行",
    ),
    (
        "method path query headers blank payload names",
        "the payload hash stands before the header names",
        "请求体哈希写在 SignedHeaders 之前",
    ),
    (
        "method+path query headers blank names payload",
        "method and path stand in one line",
        "请求方法与路径写在同一行",
    ),
    (
        "algorithm method path query headers blank names payload",
        "the algorithm stands in the first line",
        "第一行多了算法名",
    ),
)

_CHANGED: tuple[tuple[Callable[[str], str], str, str], ...] = (
    (lambda text: f"{text}\n", "a line end follows the last line", "末尾多了换行符"),
    (lambda text: text.replace("\n", "\r\n"), "the line ends are CR LF", "换行符是 CR LF"),
    (
        lambda text: text.replace("\n", "\\n"),
        "the line ends are the two characters `\\n`",
        "换行符写成了两个字符 `\\n`",
    ),
    (lambda text: text.replace("\n", ""), "there are no line ends", "各行之间没有换行符"),
    (lambda text: text.replace("\n", " "), "the lines are joined by blanks", "各行用空格连接"),
    (lambda text: text.replace("\n", "&"), "the lines are joined by `&`", "各行用 `&` 连接"),
    (lambda text: text.replace("\n", "\n    "), "the lines are indented", "各行带有缩进"),
    (lambda text: f"\n{text}", "a line end stands before the first line", "开头多了换行符"),
    (str.lower, "the whole text is in lower case", "整个文本转成了小写"),
    (lambda text: f"{text} ", "a blank follows the last line", "末尾多了空格"),
)


_COMMON_ARRANGED, _COMMON_CHANGED = 13, 5


def layouts(case: Case) -> Family:
    for number, (parts, en, zh) in enumerate(_ARRANGED):
        made = partial(_arranged, parts.split())
        yield _layout((en, zh), made, alone=number >= _COMMON_ARRANGED)
    for number, (change, en, zh) in enumerate(_CHANGED):
        yield _layout((en, zh), partial(_changed, change), alone=number >= _COMMON_CHANGED)


def _arranged(parts: Sequence[str], attempt: Attempt) -> str:
    return "\n".join(line for part in parts for line in _PARTS[part](attempt))


def _changed(change: Callable[[str], str], attempt: Attempt) -> str:
    return change(lay_out(attempt))


def _layout(said: Said, made: LayOut, alone: bool) -> Mistake:
    def apply(attempt: Attempt) -> Attempt:
        return attempt._replace(lay_out=made)

    return Mistake(LAYOUT, Step.CANONICAL_REQUEST, said, apply, alone=alone)
