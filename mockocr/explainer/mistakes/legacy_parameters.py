"""The signed parameters are not those that arrived, or they are written differently. Only for
legacy signatures."""

from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import parse_qsl, quote, quote_plus

from mockocr.explainer.case import Case
from mockocr.explainer.legacy_attempt import LegacyAttempt
from mockocr.explainer.mistake import Family, Mistake, Phrase, Step, value
from mockocr.protocol.call import V1_COMMON
from mockocr.protocol.wire import WIRE_ENCODING, WireRequest

CAUSE = "legacy_layout"

percent_encoded_plus = partial(quote_plus, errors="surrogateescape")
percent_encoded = partial(quote, safe="", errors="surrogateescape")
_component = partial(quote, safe="~()*!.'", errors="surrogateescape")


def parameters(case: Case) -> Family:
    yield from _encoded()
    yield from _in_other_orders(case)
    yield from _left_out()
    yield from _respelled()
    for seconds in (1, -1, 2, -2):
        yield _pairs(
            value(str(case.timestamp + seconds)),
            partial(_with, "Timestamp", str(case.timestamp + seconds)),
            f"Timestamp={case.timestamp + seconds}",
            cause="timestamp_differs",
        )


def _encoded() -> Family:
    encoded = ("values are percent-encoded", "参数值做了百分号编码")
    for encode in (percent_encoded, percent_encoded_plus, _component):
        yield _pairs(encoded, partial(_each, encode), "name=percent-encoded value")
    for encode in (percent_encoded, percent_encoded_plus):
        phrase = "sorted by name after percent-encoding, names too", "名称和值都做了百分号编码"
        yield _pairs(phrase, partial(_each_of_both, encode), "percent-encoded name=value")


def _in_other_orders(case: Case) -> Family:
    as_sent = [name for name, _ in _sent_pairs(case.request)]
    unsorted = ("parameters are not sorted", "参数没有排序")
    yield _pairs(
        unsorted, partial(_in_order, as_sent), "parameters in the order in which they are sent"
    )
    yield _pairs(unsorted, lambda pairs: pairs[::-1], "parameters in reverse order")
    yield _pairs(
        ("parameters are sorted by name in lower case", "参数排序忽略了大小写"),
        lambda pairs: sorted(pairs, key=lambda pair: pair[0].lower()),
        "parameters sorted by name in lower case",
    )


def _left_out() -> Family:
    for name in (
        "SignatureMethod",
        "Nonce",
        "Region",
        "Token",
        "Language",
        "RequestClient",
        "Version",
        "Timestamp",
        "SecretId",
        "Action",
    ):
        yield _pairs(
            (f"`{name}` was not signed", f"`{name}` 没有参与签名"),
            partial(_without, partial(_is, name)),
            f"all parameters except {name}",
        )
    yield _pairs(
        ("empty parameters were not signed", "空参数没有参与签名"),
        partial(_without, lambda pair: not pair[1]),
        "all parameters that are not empty",
    )
    phrase = "only the common parameters were signed", "只对公共参数签名"
    yield _pairs(phrase, partial(_without, _is_own), "the common parameters only")


def _respelled() -> Family:
    """The parameters with a name or a value changed, or with one parameter added."""
    yield _pairs(
        ("a `_` in a name was signed as `.`", "名称中的 `_` 写作 `.`"),
        lambda pairs: sorted((name.replace("_", "."), text) for name, text in pairs),
        "names with . for _",
    )
    yield _pairs(
        ("names are in lower case", "参数名转为小写"),
        lambda pairs: sorted((name.lower(), text) for name, text in pairs),
        "names in lower case",
    )
    yield _pairs(
        ("an empty `Signature` was signed", "空的 `Signature` 参与了签名"),
        lambda pairs: sorted([*pairs, ("Signature", "")]),
        "Signature= too",
    )
    yield _pairs(
        ("Booleans are written differently", "布尔值写法不同"),
        lambda pairs: [(name, _BOOLEANS.get(text, text)) for name, text in pairs],
        "true, True, 1 or an empty value",
    )
    yield _pairs(
        ("Booleans are written differently", "布尔值写法不同"),
        lambda pairs: [
            (name, "" if text in ("0", "false", "False") else text) for name, text in pairs
        ],
        "an empty value for false",
    )


_BOOLEANS = {
    "True": "true",
    "False": "false",
    "true": "True",
    "false": "False",
    "1": "true",
    "0": "false",
}


def _is(name: str, pair: tuple[str, str]) -> bool:
    return pair[0] == name


def _is_own(pair: tuple[str, str]) -> bool:
    return pair[0] not in V1_COMMON


def _sent_pairs(request: WireRequest) -> list[tuple[str, str]]:
    form = request.query if request.method == "GET" else request.body.decode(WIRE_ENCODING)
    text = form.encode(WIRE_ENCODING).decode("utf-8", "surrogateescape")
    return parse_qsl(text, keep_blank_values=True, errors="surrogateescape")


Changed = Sequence[tuple[str, str]]


def _each(encode: Callable[[str], str], pairs: Changed) -> Changed:
    return [(name, encode(text)) for name, text in pairs]


def _each_of_both(encode: Callable[[str], str], pairs: Changed) -> Changed:
    return sorted((encode(name), encode(text)) for name, text in pairs)


def _in_order(names: Sequence[str], pairs: Changed) -> Changed:
    return sorted(pairs, key=lambda pair: names.index(pair[0]) if pair[0] in names else len(names))


def _without(left_out: Callable[[tuple[str, str]], bool], pairs: Changed) -> Changed:
    return [each for each in pairs if not left_out(each)]


def _with(name: str, text: str, pairs: Changed) -> Changed:
    return [(each, text if each == name else old) for each, old in pairs]


def _pairs(
    phrase: Phrase, change: Callable[[Changed], Changed], found: str, cause: str = CAUSE
) -> Mistake:
    def apply(attempt: LegacyAttempt) -> LegacyAttempt:
        return attempt._replace(pairs=tuple(change(attempt.pairs)))

    expected = "all parameters except Signature, sorted by name, values not encoded"
    return Mistake(cause, Step.PARAMETERS, phrase, apply, expected=expected, found=found)
