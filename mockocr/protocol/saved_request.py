"""Requests as people save and paste them: raw HTTP, a curl command, the steps of a signature. Pure.

Nothing is executed, and no file is read.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from mockocr.protocol.authorization import ALGORITHM
from mockocr.protocol.wire import WIRE_ENCODING, LongBody, WireRequest

REQUEST_LINE = re.compile(r"(?P<method>[A-Z]{3,7}) (?P<target>\S+) HTTP/1\.[01]")


def wire_request(
    method: str, target: str, headers: Mapping[str, str], content: bytes | LongBody
) -> WireRequest:
    path, _, query = target.partition("?")
    return WireRequest("saved", datetime.now(UTC), method, path, query, headers, content)


def read_raw(content: bytes) -> WireRequest:
    """Raw HTTP: the request line, headers, an empty line, the body. Raises ValueError."""
    line_end = b"\r\n" if b"\r\n\r\n" in content else b"\n"
    head, _, body = content.partition(line_end * 2)
    first, *lines = head.decode(WIRE_ENCODING).splitlines() or [""]
    parts = first.split(" ")
    pairs = [line.partition(":") for line in lines]
    if len(parts) != 3 or not all(colon for _, colon, _ in pairs):
        raise ValueError(f"expected raw HTTP, got {first[:60]!r}")
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return wire_request(parts[0], parts[1], headers, body)


def lacks_body(request: WireRequest) -> bool:
    header = request.headers.get("content-length", "")
    expected_bytes = int(header) if header.isdecimal() else 1
    return request.method == "POST" and request.body_bytes < expected_bytes


# curl

MAX_COMMAND_CHARACTERS = 1024 * 1024

_DATA = (
    "-d",
    "--data",
    "--data-ascii",
    "--data-binary",
    "--data-raw",
    "--data-urlencode",
    "--json",
)
_WITH_VALUE = frozenset(
    {
        *("-X", "--request", "-H", "--header", "--url", *_DATA),
        *("-A", "--user-agent", "-b", "--cookie", "-c", "--cookie-jar", "-e", "--referer"),
        *("-o", "--output", "-w", "--write-out", "-m", "--max-time", "--connect-timeout"),
        *("-u", "--user", "-x", "--proxy", "--noproxy", "--resolve", "--retry", "--cacert"),
        *("-E", "--cert", "--key", "--connect-to", "-F", "--form"),
    }
)
_DOLLAR_QUOTES = re.compile(r"(?<![\w'\"])\$'((?:[^'\\]|\\.)*)'", re.DOTALL)
_FORM = "application/x-www-form-urlencoded"


def is_curl(text: str) -> bool:
    return re.match(r"\s*(?:\$ )?curl\s", text) is not None


def read_curl(text: str) -> WireRequest:
    """The request that a curl command sends. A file that it would send is missing. Raises
    ValueError."""
    words = _words(text)
    method, url, is_get = "", "", False
    headers: dict[str, str] = {}
    data: list[str] = []
    for option, value in _options(words):
        match option:
            case "-X" | "--request":
                method = value
            case "-H" | "--header":
                name, _, content = value.partition(":")
                headers[name.strip().lower().rstrip(";")] = content.strip()
            case "-G" | "--get":
                is_get = True
            case "--url" | "":
                url = value
            case _ if option in _DATA:
                data.append(_data(option, value))
                if option == "--json":
                    headers.setdefault("content-type", "application/json")
    place = urlsplit(url if "://" in url else f"http://{url}")
    if not place.hostname:
        raise ValueError("expected a curl command with a URL")
    query = place.query
    if is_get:
        query, data = "&".join(filter(None, [query, *data])), []
    method = method or ("POST" if data else "GET")
    body = "&".join(data).encode(errors="replace")
    headers.setdefault("host", place.netloc.rpartition("@")[2])
    if data:
        headers.setdefault("content-type", _FORM)
    texts = {name: text.encode().decode(WIRE_ENCODING) for name, text in headers.items()}
    path = place.path or "/"
    return wire_request(method, f"{path}?{query}" if query else path, texts, body)


def _words(text: str) -> list[str]:
    """The words of a shell command after `curl`. Raises ValueError."""
    if len(text) > MAX_COMMAND_CHARACTERS:
        raise ValueError(f"expected a command of at most {MAX_COMMAND_CHARACTERS} characters")
    joined = text.replace("\\\r\n", " ").replace("\\\n", " ")
    joined = _DOLLAR_QUOTES.sub(lambda match: shlex.quote(_unescaped(match[1])), joined)
    try:
        words = shlex.split(joined)
    except ValueError as error:
        raise ValueError(f"expected a shell command: {error}") from None
    return words[words.index("curl") + 1 :]


def _unescaped(text: str) -> str:
    """The inside of `$'...'`."""
    escaped = text.encode("ascii", "backslashreplace")
    return escaped.decode("unicode_escape", "replace").encode(errors="replace").decode()


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    """Options with their values; a word that is none has the name ``."""
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if word in _WITH_VALUE:
            yield word, next(rest, "")
        elif word.startswith("--") and equals and name in _WITH_VALUE:
            yield name, value
        elif word[:2] in _WITH_VALUE and not word.startswith("--"):
            yield word[:2], word[2:]
        elif word.startswith("-") and len(word) > 1:
            # Flags may be combined, and the last may have a value: `-sSH 'A: b'`.
            last = f"-{word[-1]}"
            is_combined = not word.startswith("--") and last in _WITH_VALUE
            yield (last, next(rest, "")) if is_combined else (word, "")
        else:
            yield "", word


def _data(option: str, value: str) -> str:
    """`@file` is not read."""
    if option == "--data-urlencode":
        name, equals, text = value.partition("=")
        return f"{name}={quote(text, safe='')}" if equals else quote(value, safe="")
    return "" if value.startswith("@") and option != "--data-raw" else value


# The steps of a signature


@dataclass(frozen=True, slots=True)
class Steps:
    """The canonical request and the string to sign, as a client printed them. At least one."""

    canonical_request: str | None
    string_to_sign: str | None


MAX_STEPS_CHARACTERS = 256 * 1024
"""Steps are looked for in the beginning of a text."""
MAX_CANONICAL_LINES = 110
"""A request has at most 100 headers."""

_HASH = re.compile(r"[0-9a-fA-F]{64}")
_METHOD = re.compile(r"(?:GET|POST|PUT|DELETE)", re.IGNORECASE)
_ALGORITHM_LINE = re.compile(rf"(?:.*[\s\"'=:])?{ALGORITHM}")


def find_steps(text: str) -> Steps | None:
    """None if the text has neither step."""
    text = text[:MAX_STEPS_CHARACTERS]
    if "\\n" in text:
        # Printed as a literal.
        text = text.replace("\\r", "").replace("\\n", "\n")
    lines = [line.rstrip("\r") for line in text.split("\n")]
    canonical = string_to_sign = None
    for at, line in enumerate(lines):
        if canonical is None and _METHOD.fullmatch(_last_word(line)):
            canonical = _canonical_request(lines[at : at + MAX_CANONICAL_LINES])
        elif string_to_sign is None and _ALGORITHM_LINE.fullmatch(line.strip()):
            string_to_sign = _wire(
                [ALGORITHM, *(each.rstrip(_ENDS) for each in lines[at + 1 : at + 4])]
            )
    if canonical is None and string_to_sign is None:
        return None
    return Steps(canonical, string_to_sign)


_ENDS = "\"',; "


def _last_word(line: str) -> str:
    """The first line of a step may stand behind a label and a quote."""
    return re.split(r"[\s\"'=:]", line.rstrip(_ENDS))[-1]


def _canonical_request(lines: list[str]) -> str | None:
    """Up to the hash of the payload, or else up to the next step. None if it has no header."""
    found = [_last_word(lines[0])]
    for line in lines[1:]:
        if _ALGORITHM_LINE.fullmatch(line.strip()):
            break
        found.append(line)
        if _HASH.fullmatch(line.rstrip(_ENDS)):
            found[-1] = line.rstrip(_ENDS)
            break
    while found and found[-1] == "":
        found.pop()
    return _wire(found) if any(":" in line for line in found[1:6]) else None


def _wire(lines: list[str]) -> str:
    """One character for each byte."""
    return "\n".join(lines).encode(errors="replace").decode(WIRE_ENCODING)
