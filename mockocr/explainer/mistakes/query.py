"""The query was signed in another form than it was sent."""

from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qsl, quote, quote_plus, unquote_plus

from mockocr.explainer.attempt import Attempt
from mockocr.explainer.case import Case
from mockocr.explainer.mistake import Family, Mistake, Phrase, Step
from mockocr.protocol.wire import WIRE_ENCODING

_quoted = partial(quote, errors="surrogateescape")

_ENCODINGS: tuple[tuple[Callable[[str], str], Phrase], ...] = (
    (partial(quote_plus, errors="surrogateescape"), ("spaces as +", "空格写作 +")),
    (partial(_quoted, safe=""), ("spaces as %20", "空格写作 %20")),
    (
        partial(_quoted, safe="~()*!.'"),
        ("like encodeURIComponent", "encodeURIComponent 的写法"),
    ),
    (_quoted, ("slashes not encoded", "斜杠未编码")),
    (str, ("not encoded", "未编码")),
)
_IN_LOWER_CASE = ("escapes such as %2f in lower case", "%2f 等转义为小写")


def queries(case: Case) -> Family:
    query = case.request.query
    if case.request.method == "POST":
        if query:
            phrase = "the query of a POST was signed", "对 POST 的查询字符串做了签名"
            yield _mistake("canonical_request_layout", phrase, query, expected="(empty)")
        return
    parts = query.split("&")
    for ordered in (sorted(parts), sorted(parts, key=str.lower)):
        if ordered != parts:
            yield _mistake("query_sorted", ("sorted", "已排序"), "&".join(ordered))
    cause = "query_not_as_sent"
    yield _mistake(cause, ("left out", "未包含"), "")
    yield _mistake(cause, ("with its question mark", "包含问号"), f"?{query}")
    decoded = unquote_plus(query, errors="surrogateescape")
    yield _mistake(cause, ("not encoded", "未编码"), _wire(decoded))
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    for in_order in (pairs, sorted(pairs)):
        for encode, phrase in _ENCODINGS:
            text = "&".join(f"{encode(name)}={encode(value)}" for name, value in in_order)
            yield _mistake(cause, phrase, _wire(text))
            if (lower := _lower_hex(text)) != text:
                yield _mistake(cause, _IN_LOWER_CASE, _wire(lower))
    common = [("Action", "x-tc-action"), ("Version", "x-tc-version"), ("Region", "x-tc-region")]
    sent = [(name, case.request.headers.get(header, "")) for name, header in common]
    words = "&".join(f"{name}={value}" for name, value in sent if value)
    also = "with the common parameters, which are sent as headers", "包含了应放在请求头中的公共参数"
    yield _mistake(cause, also, f"{words}&{query}")
    yield _mistake(cause, also, f"{query}&{words}")


def _wire(text: str) -> str:
    return text.encode(errors="surrogateescape").decode(WIRE_ENCODING)


def _lower_hex(text: str) -> str:
    parts = text.split("%")
    return "%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])])


def _mistake(
    cause: str, phrase: Phrase, query: str, expected: str = "the query as it is sent"
) -> Mistake:
    def apply(attempt: Attempt) -> Attempt:
        return attempt._replace(query=query)

    return Mistake(cause, Step.QUERY, phrase, apply, expected=expected, found=phrase[0])
