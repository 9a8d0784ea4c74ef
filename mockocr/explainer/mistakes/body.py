"""The signed body is not the one that arrived: it was changed, written differently, or encoded
differently."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from itertools import permutations
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from mockocr.explainer.attempt import Attempt
from mockocr.explainer.case import Case
from mockocr.explainer.mistake import Family, Mistake, Phrase, Step
from mockocr.explainer.work import ALL_BODY_BYTES

MAX_NESTED = 200
"""Other forms of a body are tried only if it has at most so many brackets."""
MAX_ORDERED = 5
"""The most members of an object whose members are tried in every order."""

_CHANGED = "body_changed_after_signing"
_RESERIALIZED = "body_reserialized"
_ENCODED = "body_encoding"
_MARK = b"\xef\xbb\xbf"


class Body(NamedTuple):
    """A body that may have been signed."""

    cause: str
    content: bytes
    phrase: Phrase


def common_bodies(case: Case) -> Family:
    yield from _tried(case, _common, alone=False)


def rare_bodies(case: Case) -> Family:
    yield from _tried(case, _rare, alone=True)


def _tried(
    case: Case, others: Callable[[bytes, Any, Sequence[str]], Iterator[Body]], alone: bool
) -> Family:
    body, work = case.body, case.work
    if body is None or case.request.method == "GET":
        return
    for cause, content, phrase in others(body, _parsed(body), case.member_names):
        if work.body_bytes > ALL_BODY_BYTES:
            return
        work.body_bytes += len(content)
        yield _mistake(cause, sha256(content).hexdigest(), phrase, alone)


def _mistake(cause: str, hashed: str, phrase: Phrase, alone: bool) -> Mistake:
    def apply(attempt: Attempt) -> Attempt:
        return attempt._replace(payload=hashed)

    return Mistake(
        cause,
        Step.PAYLOAD,
        phrase,
        apply,
        expected="hex(SHA256(body as it is sent))",
        found=f"hex(SHA256(body: {phrase[0]}))",
        alone=alone,
    )


def _common(body: bytes, parsed: Any, names: Sequence[str]) -> Iterator[Body]:
    written = _cause_of_white_space(parsed)
    for number in range(2):
        yield from _respelled(parsed, _SPACINGS[number])
    yield Body(written, body.strip(), ("white space at its ends", "首尾空白"))
    yield Body(written, body + b"\n", ("white space at its end", "末尾空白"))
    mark = "a byte order mark", "BOM"
    yield Body(_CHANGED, body.removeprefix(_MARK), mark)
    yield Body(_CHANGED, _MARK + body, mark)
    yield from _of_other_characters(body)


def _rare(body: bytes, parsed: Any, names: Sequence[str]) -> Iterator[Body]:
    written = _cause_of_white_space(parsed)
    for end in (b"\r\n", b" ", b"\n\n", b"\0"):
        cause = written if end.isspace() else _CHANGED
        yield Body(cause, body + end, ("white space at its end", "末尾空白"))
    for spacing in _SPACINGS[2:]:
        yield from _respelled(parsed, spacing)
    unix = body.replace(b"\r\n", b"\n")
    line_ends = "line ends", "换行方式"
    yield Body(written, unix, line_ends)
    yield Body(written, unix.replace(b"\n", b"\r\n"), line_ends)
    yield Body(written, body.translate(None, b" \t\n\r\v\f"), ("white space", "空白字符"))
    for bytes_cut in range(1, 5):
        yield Body(_CHANGED, body[:-bytes_cut], ("its end is cut off", "末尾被截断"))
    yield from _encoded(body)
    yield from _with_nulls(parsed, names)
    yield from _of_members(parsed)
    yield from _in_other_orders(parsed)


def _cause_of_white_space(parsed: Any) -> str:
    """JSON with other white space is the same JSON, written differently."""
    return _CHANGED if parsed is None else _RESERIALIZED


def _parsed(body: bytes) -> Any:
    """The value of a JSON body. None if it is not JSON, or nested too deeply to serialize again."""
    if body.count(b"[") + body.count(b"{") > MAX_NESTED:
        return None
    try:
        return json.loads(body.decode())
    except ValueError:
        return None


_COMPACT, _BLANKS = (",", ":"), (", ", ": ")
Spacing = tuple[int | str | None, tuple[str, str] | None, Phrase]
_SPACINGS: tuple[Spacing, ...] = (
    (None, _COMPACT, ("compact", "紧凑格式")),
    (None, _BLANKS, ("with spaces", "带空格")),
    (2, None, ("indented", "带缩进")),
    (4, None, ("indented", "带缩进")),
    ("\t", None, ("indented", "带缩进")),
    (2, (",", " : "), ("indented", "带缩进")),
    (None, (",", ": "), ("with spaces", "带空格")),
    (None, (", ", ":"), ("with spaces", "带空格")),
)


def _respelled(parsed: Any, spacing: Spacing) -> Iterator[Body]:
    """The same members, in the order of the body, then sorted."""
    if not isinstance(parsed, dict | list):
        return
    indent, separators, (en, zh) = spacing
    for sort_keys in (False, True):
        order = ("sorted", "已排序") if sort_keys else ("in the order of the body", "原顺序")
        for text, escapes in _dumped(parsed, sort_keys, indent, separators):
            phrase = f"{en}, {order[0]}{escapes[0]}", f"{zh}，{order[1]}{escapes[1]}"
            yield Body(_RESERIALIZED, text.encode(errors="replace"), phrase)


def _dumped(
    parsed: Any,
    sort_keys: bool,
    indent: int | str | None,
    separators: tuple[str, str] | None,
) -> Iterator[tuple[str, Phrase]]:
    for ascii_only in (False, True):
        text = json.dumps(
            parsed,
            sort_keys=sort_keys,
            ensure_ascii=ascii_only,
            indent=indent,
            separators=separators,
        )
        yield text, ("", "")
        if "/" in text:
            yield text.replace("/", "\\/"), (", / as \\/", "，/ 写作 \\/")
        if any(character in text for character in "<>&"):
            html = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
            yield html, (", < > & as \\u003c ...", "，< > & 写作 \\u003c …")
        if ascii_only and "\\u" in text:
            upper = "\\u".join(
                [
                    part if not at else part[:4].upper() + part[4:]
                    for at, part in enumerate(text.split("\\u"))
                ]
            )
            yield upper, (", escapes in upper case", "，转义为大写")


def _with_nulls(parsed: Any, names: Sequence[str]) -> Iterator[Body]:
    """A typed client may write null for members that are not set, and a library may drop them."""
    if not isinstance(parsed, dict):
        return
    missing = [name for name in names if name not in parsed]
    in_order = {name: parsed.get(name) for name in names} | parsed
    phrase = "with members that are null", "带有值为 null 的成员"
    for members in (
        {**parsed, **dict.fromkeys(missing)},
        in_order,
        *({**parsed, name: None} for name in missing),
        *({name: None, **parsed} for name in missing),
    ):
        for separators in (_COMPACT, _BLANKS):
            for ascii_only in (False, True):
                text = json.dumps(members, ensure_ascii=ascii_only, separators=separators)
                yield Body(_RESERIALIZED, text.encode(errors="replace"), phrase)


def _of_members(parsed: Any) -> Iterator[Body]:
    """Without empty members, as a form, or as JSON in a JSON string."""
    if not isinstance(parsed, dict):
        return
    for dropped, phrase in (
        ((None,), ("without the members that are null", "去掉了值为 null 的成员")),
        ((None, ""), ("without the members that are empty", "去掉了空成员")),
    ):
        remaining = {name: item for name, item in parsed.items() if item not in dropped}
        if remaining != parsed:
            for separators in (_COMPACT, _BLANKS):
                for ascii_only in (False, True):
                    text = json.dumps(remaining, ensure_ascii=ascii_only, separators=separators)
                    yield Body(_RESERIALIZED, text.encode(errors="replace"), phrase)
    for separators in (_COMPACT, _BLANKS):
        twice = json.dumps(
            json.dumps(parsed, ensure_ascii=False, separators=separators), ensure_ascii=False
        )
        phrase = "as JSON in a JSON string", "JSON 被再次序列化"
        yield Body(_RESERIALIZED, twice.encode(errors="replace"), phrase)
    flat = {
        name: item if isinstance(item, str) else json.dumps(item) for name, item in parsed.items()
    }
    for members in (flat, dict(sorted(flat.items()))):
        phrase = "as a form", "表单格式"
        yield Body(_RESERIALIZED, urlencode(members, errors="replace").encode(), phrase)
        raw = "&".join(f"{name}={item}" for name, item in members.items())
        yield Body(_RESERIALIZED, raw.encode(errors="replace"), phrase)
    yield Body(
        _RESERIALIZED,
        str(parsed).encode(errors="replace"),
        ("as Python prints it", "Python 的打印格式"),
    )


def _in_other_orders(parsed: Any) -> Iterator[Body]:
    if not isinstance(parsed, dict) or not 2 <= len(parsed) <= MAX_ORDERED:
        return
    en, zh = "its members in another order", "成员顺序不同"
    for members in permutations(parsed.items()):
        for separators in (_COMPACT, _BLANKS):
            for text, escapes in _dumped(dict(members), False, None, separators):
                phrase = f"{en}{escapes[0]}", f"{zh}{escapes[1]}"
                yield Body(_RESERIALIZED, text.encode(errors="replace"), phrase)


def _encoded(body: bytes) -> Iterator[Body]:
    """The same characters in another encoding."""
    yield Body(_ENCODED, b64encode(body), ("as Base64", "Base64"))
    yield Body(_ENCODED, quote(body).encode(), ("percent-encoded", "百分号编码"))
    yield Body(_ENCODED, quote(body, safe="").encode(), ("percent-encoded", "百分号编码"))
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return
    phrase = "in UTF-16", "UTF-16 编码"
    for encoding in ("utf-16-le", "utf-16-be", "utf-16"):
        yield Body(_ENCODED, text.encode(encoding), phrase)


def _of_other_characters(body: bytes) -> Iterator[Body]:
    """In another encoding, if the body has characters beyond ASCII."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return
    if text.isascii():
        return
    for encoding, phrase in (
        ("gbk", ("in GBK", "GBK 编码")),
        ("gb18030", ("in GB18030", "GB18030 编码")),
        ("latin-1", ("in Latin-1, with ? for other characters", "Latin-1 编码，其他字符变为 ?")),
        ("ascii", ("in ASCII, with ? for other characters", "ASCII 编码，其他字符变为 ?")),
    ):
        yield Body(_ENCODED, text.encode(encoding, "replace"), phrase)
    twice = body.decode("latin-1").encode()
    yield Body(_ENCODED, twice, ("encoded as UTF-8 twice", "两次 UTF-8 编码"))
    low = bytes(ord(character) & 0xFF for character in text)
    yield Body(_ENCODED, low, ("only the low byte of each character", "只保留了每个字符的低字节"))
