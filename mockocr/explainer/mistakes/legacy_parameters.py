"""Other parameters were signed than those that arrived, or in another way. Legacy only."""

from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import parse_qsl, quote, quote_plus

from mockocr.explainer.case import Case
from mockocr.explainer.legacy_attempt import LegacyAttempt
from mockocr.explainer.mistake import Family, Mistake, Said, Step, value
from mockocr.protocol.wire import WIRE_ENCODING, WireRequest

CAUSE = "legacy_layout"

percent_encoded_plus = partial(quote_plus, errors="surrogateescape")
percent_encoded = partial(quote, safe="", errors="surrogateescape")
_component = partial(quote, safe="~()*!.'", errors="surrogateescape")


def parameters(case: Case) -> Family:
    as_sent = [name for name, _ in _sent_pairs(case.request)]
    encoded = ("values are percent-encoded", "参数值做了百分号编码")
    for encode in (percent_encoded, percent_encoded_plus, _component):
        yield _pairs(encoded, partial(_each, encode), "name=percent-encoded value")
    for encode in (percent_encoded, percent_encoded_plus):
        said = "sorted by name after percent-encoding, names too", "名称和值都做了百分号编码"
        yield _pairs(said, partial(_each_of_both, encode), "percent-encoded name=value")
    unsorted = ("parameters are not sorted", "参数没有排序")
    yield _pairs(
        unsorted, partial(_in_order, as_sent), "parameters in the order in which they are sent"
    )
    yield _pairs(unsorted, lambda pairs: pairs[::-1], "parameters in reverse order")
    yield _pairs(
        ("parameters are sorted without regard to case", "参数排序忽略了大小写"),
        lambda pairs: sorted(pairs, key=lambda it: it[0].lower()),
        "parameters sorted by name in lower case",
    )
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
            f"all parameters but {name}",
        )
    yield _pairs(
        ("empty parameters were not signed", "空参数没有参与签名"),
        partial(_without, lambda it: not it[1]),
        "all parameters that are not empty",
    )
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
        ("`Signature` was signed, empty", "空的 `Signature` 参与了签名"),
        lambda pairs: sorted([*pairs, ("Signature", "")]),
        "Signature= too",
    )
    said = "only the common parameters were signed", "只对公共参数签名"
    yield _pairs(said, partial(_without, _is_own), "the common parameters only")
    yield _pairs(
        ("booleans in another spelling", "布尔值写法不同"),
        lambda pairs: [(name, _BOOLEANS.get(text, text)) for name, text in pairs],
        "true, True, 1 or an empty value",
    )
    yield _pairs(
        ("booleans in another spelling", "布尔值写法不同"),
        lambda pairs: [
            (name, "" if text in ("0", "false", "False") else text) for name, text in pairs
        ],
        "an empty value for false",
    )
    for seconds in (1, -1, 2, -2):
        yield _pairs(
            value(str(case.timestamp + seconds)),
            partial(_with, "Timestamp", str(case.timestamp + seconds)),
            f"Timestamp={case.timestamp + seconds}",
            cause="timestamp_differs",
        )


_BOOLEANS = {
    "True": "true",
    "False": "false",
    "true": "True",
    "false": "False",
    "1": "true",
    "0": "false",
}
_COMMON = frozenset(
    {
        "Action",
        "Version",
        "Region",
        "Timestamp",
        "Nonce",
        "SecretId",
        "SignatureMethod",
        "Token",
        "Language",
        "RequestClient",
    }
)


def _is(name: str, pair: tuple[str, str]) -> bool:
    return pair[0] == name


def _is_own(pair: tuple[str, str]) -> bool:
    return pair[0] not in _COMMON


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
    return sorted(pairs, key=lambda it: names.index(it[0]) if it[0] in names else len(names))


def _without(left_out: Callable[[tuple[str, str]], bool], pairs: Changed) -> Changed:
    return [it for it in pairs if not left_out(it)]


def _with(name: str, text: str, pairs: Changed) -> Changed:
    return [(it, text if it == name else old) for it, old in pairs]


def _pairs(
    said: Said, change: Callable[[Changed], Changed], found: str, cause: str = CAUSE
) -> Mistake:
    def apply(attempt: LegacyAttempt) -> LegacyAttempt:
        return attempt._replace(pairs=tuple(change(attempt.pairs)))

    expected = "all parameters but Signature, sorted by name, values not encoded"
    return Mistake(cause, Step.PARAMETERS, said, apply, expected=expected, found=found)
