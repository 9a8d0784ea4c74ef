"""A shell script (bash, openssl, curl) that repeats a recorded call; it signs like the vendor's
demo for bash. The script names what the journal does not store: keys, pictures, masked values."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from mockocr.actions.catalogue import all_actions
from mockocr.images.image import Picture
from mockocr.journal.exchange import Exchange
from mockocr.protocol.call import V1_COMMON
from mockocr.protocol.redact import MASK, SHOWN_HEADERS
from mockocr.protocol.tc3 import UNSIGNED_PAYLOAD
from mockocr.protocol.wire import WIRE_ENCODING
from mockocr.terminal import escaped

PLACEHOLDER = "MASKED"
_MASKED = re.compile(rf"<\d+ characters.*>|(?P<shown>.*\?)?{re.escape(MASK)}", re.DOTALL)
_SUFFIXES = {"JPEG": "jpg", "PNG": "png", "BMP": "bmp"}


class NotRepeatableError(Exception):
    """The journal does not have enough data to repeat a call; the text names what is missing."""


def curl_script(exchange: Exchange, url: str) -> str:
    """The bash script. `url`: the URL of the server. Raises NotRepeatableError."""
    if exchange.method not in ("GET", "POST"):
        raise NotRepeatableError(f"expected the method GET or POST, got {exchange.method}")
    is_v1 = not {"authorization", "x-tc-action"} & exchange.headers.keys()
    parts = _legacy(exchange) if is_v1 else _tc3(exchange)
    lines = [*_head(exchange), *_places(exchange, url), *parts]
    return "\n".join([*lines, _curl(exchange, url, is_v1), ""])


def _quoted(text: str) -> str:
    """Quotes a text for bash. Control characters are escaped in `$'...'`, so a printed script
    cannot move the cursor. Raises NotRepeatableError."""
    if "\0" in text:
        raise NotRepeatableError(
            "a parameter of the call contains a NUL byte, which a shell cannot represent"
        )
    if text.isprintable():
        return shlex.quote(text)
    return "$'" + "".join(map(_in_dollar_quotes, text)) + "'"


def _in_dollar_quotes(char: str) -> str:
    if char.isprintable() and char not in "'\\":
        return char
    return "".join(f"\\x{byte:02x}" for byte in char.encode(errors="replace"))


def _head(exchange: Exchange) -> Iterator[str]:
    action = exchange.action or "no action"
    yield "#!/usr/bin/env bash"
    yield _comment(f"Repeats the call {exchange.request_id}: {action}, outcome {exchange.outcome}.")
    yield "# Signs it with the current time. Needs bash, curl and openssl."
    yield "set -euo pipefail"
    yield _comment(f"Set the key pair of the account {exchange.account or '(unknown)'}:")
    yield ': "${TENCENTCLOUD_SECRET_ID:?}" "${TENCENTCLOUD_SECRET_KEY:?}"'
    if _has_token(exchange):
        yield ': "${TENCENTCLOUD_TOKEN:?}"  # its STS token'
    yield from _about_pictures(exchange)
    masked = [name for name, value in _parameters(exchange).items() if _is_masked(name, value)]
    masked += [_spelled(name) for name in _more_headers(exchange) if _has_masked(exchange, name)]
    if masked:
        yield _comment(f"Masked in the journal: {', '.join(masked)}; replace {PLACEHOLDER} below.")


def _comment(text: str) -> str:
    """A comment on one line; line ends in the text are escaped."""
    return f"# {escaped(text)}"


def _has_token(exchange: Exchange) -> bool:
    return "x-tc-token" in exchange.headers or "Token" in _legacy_common(exchange)


def _about_pictures(exchange: Exchange) -> Iterator[str]:
    for name, value in _parameters(exchange).items():
        if _is_picture(name, value):
            file, picture = _picture_file(exchange), exchange.picture
            facts = f"{value[1:-1]} of Base64"
            if isinstance(picture, Picture) and file != "picture.jpg":
                facts = (
                    f"{picture.format}, {picture.width} x {picture.height},"
                    f" {picture.size_bytes} bytes, SHA-256 {picture.sha256}"
                )
            yield _comment(f"{name}: the picture, which the journal does not store ({facts})")
            yield f"picture=$(base64 <{file} | tr -d '\\n')"


def _picture_file(exchange: Exchange) -> str:
    """Named by its digest if the picture was sent in ImageBase64 and examined."""
    picture = exchange.picture
    if not isinstance(picture, Picture) or _parameters(exchange).get("ImageUrl"):
        return "picture.jpg"
    return f"picture-{picture.sha256[:12]}.{_SUFFIXES[picture.format]}"


def _places(exchange: Exchange, url: str) -> Iterator[str]:
    yield f"url={_quoted(url)}"
    yield f"host={_quoted(_header(exchange, 'host'))}"
    yield f"type={_quoted(_header(exchange, 'content-type'))}"
    yield "timestamp=${TIMESTAMP:-$(date +%s)}  # set TIMESTAMP if the account's clock was moved"


def _header(exchange: Exchange, name: str) -> str:
    return exchange.headers.get(name, "").encode(WIRE_ENCODING).decode(errors="replace")


def _tc3(exchange: Exchange) -> Iterator[str]:
    payload, query = "printf ''", "''"
    if exchange.method == "GET":
        yield from _query(exchange)
        query = '"$query"'
    else:
        yield from _body(exchange, _json(exchange))
        payload = 'cat "$body"'
    if exchange.headers.get("x-tc-content-sha256") == UNSIGNED_PAYLOAD:
        payload = f"printf {UNSIGNED_PAYLOAD}"
    yield f"""
sha256() {{ openssl dgst -sha256 | sed 's/^.* //'; }}
hmac() {{ printf %s "$2" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$1" | sed 's/^.* //'; }}

date=$(date -u -d "@$timestamp" +%F 2>/dev/null || date -u -r "$timestamp" +%F)
scope=$date/ocr/tc3_request
canonical=$(printf '%s\\n' {exchange.method} / {query} "content-type:$type" "host:$host" '' \\
  'content-type;host' "$({payload} | sha256)")
text=$(printf '%s\\n' TC3-HMAC-SHA256 "$timestamp" "$scope" "$(printf %s "$canonical" | sha256)")
key=$(printf %s "TC3$TENCENTCLOUD_SECRET_KEY" | od -An -v -tx1 | tr -d ' \\n')
for part in "$date" ocr tc3_request "$text"; do key=$(hmac "$key" "$part"); done
authorization="TC3-HMAC-SHA256 Credential=$TENCENTCLOUD_SECRET_ID/$scope"
authorization+=", SignedHeaders=content-type;host, Signature=$key"
"""


def _query(exchange: Exchange) -> Iterator[str]:
    if exchange.parameters is None:
        yield "# The call was refused before its query was read: set the query as it was sent."
        yield f"query={PLACEHOLDER}"
        return
    yield from _escaped_picture(exchange)
    parts = {name: _word(name, value, True) for name, value in exchange.parameters.items()}
    yield f"query={_pairs(parts)}"


def _legacy(exchange: Exchange) -> Iterator[str]:
    common = _legacy_common(exchange)
    if not common or exchange.parameters is None:
        raise NotRepeatableError(
            f"this legacy call was refused ({exchange.outcome}) before its parameters were read,"
            " so the journal does not have them"
        )
    parts = {
        escape: {name: _common_word(name, text, escape) for name, text in common.items()}
        | {name: _word(name, value, escape) for name, value in exchange.parameters.items()}
        for escape in (False, True)
    }
    yield from _escaped_picture(exchange)
    digest = "sha256" if common.get("SignatureMethod") == "HmacSHA256" else "sha1"
    signed = parts[False]
    pairs = "'&'".join(f"{_quoted(name)}={signed[name]}" for name in sorted(signed))
    form = _pairs(parts[True])
    yield f"""nonce=$RANDOM
signature=$(printf %s {exchange.method}"$host"'/?'{pairs} |
  openssl dgst -{digest} -hmac "$TENCENTCLOUD_SECRET_KEY" -binary | base64 |
  sed 's/+/%2B/g; s:/:%2F:g; s/=/%3D/g')"""
    form += """'&Signature='"$signature\""""
    if exchange.method == "GET":
        yield f"query={form}"
    else:
        yield from _body(exchange, form)


_OF_THIS_CALL = {
    "Timestamp": '"$timestamp"',
    "Nonce": '"$nonce"',
    "SecretId": '"$TENCENTCLOUD_SECRET_ID"',
    "Token": '"$TENCENTCLOUD_TOKEN"',
}


def _common_word(name: str, text: str, escape: bool) -> str:
    return _OF_THIS_CALL.get(name) or _word(name, text, escape)


def _legacy_common(exchange: Exchange) -> Mapping[str, str]:
    """The common parameters, read from the text that was signed; {} if there is none."""
    signature = exchange.signature
    if signature is None or signature.canonical_request is not None:
        return {}
    pairs = signature.string_to_sign.partition("/?")[2].split("&")
    texts = dict(pair.partition("=")[::2] for pair in pairs)
    return {name: text for name, text in texts.items() if name in V1_COMMON}


def _body(exchange: Exchange, content: str | None) -> Iterator[str]:
    """`content` is quoted; None if the journal has no parameters."""
    if content is None:
        signature = exchange.signature
        digest = signature.payload_hash if signature and signature.covers_body else None
        facts = f"{exchange.body_bytes} bytes" + (f", SHA-256 {digest}" if digest else "")
        yield _comment(f"The call was refused before its body was read: save it here ({facts})")
        yield "body=request-body"
        return
    yield "body=$(mktemp)"
    yield """trap 'rm -f "$body"' EXIT"""
    yield f'printf %s {content} >"$body"'


def _json(exchange: Exchange) -> str | None:
    if exchange.parameters is None:
        return None
    pieces = ["{"]
    for name, value in exchange.parameters.items():
        pieces[-1] += (", " if pieces[-1] != "{" else "") + f"{_dumped(name)}: "
        if _is_picture(name, value):
            pieces[-1] += '"'
            pieces.append('"')
        else:
            pieces[-1] += _dumped(_placeholder(value) if _is_masked(name, value) else value)
    pieces[-1] += "}"
    return '"$picture"'.join(map(_quoted, pieces))


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _escaped_picture(exchange: Exchange) -> Iterator[str]:
    if any(_is_picture(name, value) for name, value in _parameters(exchange).items()):
        yield """escaped=$(printf %s "$picture" | sed 's/+/%2B/g; s:/:%2F:g; s/=/%3D/g')"""


def _pairs(parts: Mapping[str, str]) -> str:
    """A query or form as one quoted argument. `parts` maps names to quoted values."""
    return "'&'".join(f"{_quoted(quote(name, safe=''))}={word}" for name, word in parts.items())


def _word(name: str, value: Any, escape: bool) -> str:
    """A parameter's value, which was text on the wire, quoted for bash."""
    if _is_picture(name, value):
        return '"$escaped"' if escape else '"$picture"'
    if _is_masked(name, value):
        value = _placeholder(value)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return _quoted(quote(text, safe="") if escape else text)


def _parameters(exchange: Exchange) -> Mapping[str, Any]:
    return exchange.parameters or {}


def _is_picture(name: str, value: Any) -> bool:
    is_long = any(name in action.long_parameters for action in all_actions())
    return is_long and isinstance(value, str) and bool(_MASKED.fullmatch(value))


def _is_masked(name: str, value: Any) -> bool:
    is_masked = isinstance(value, str) and _MASKED.fullmatch(value) is not None
    return is_masked and not _is_picture(name, value)


def _placeholder(value: str) -> str:
    match = _MASKED.fullmatch(value)
    return ((match and match["shown"]) or "") + PLACEHOLDER


_LEFT_OUT = frozenset({"x-tc-timestamp", "x-tc-token"})


def _more_headers(exchange: Exchange) -> list[str]:
    return [name for name in exchange.headers if name.startswith("x-") and name not in _LEFT_OUT]


def _has_masked(exchange: Exchange, name: str) -> bool:
    return name not in SHOWN_HEADERS and exchange.headers[name] != ""


def _spelled(name: str) -> str:
    return name.title().replace("X-Tc-", "X-TC-")


def _curl(exchange: Exchange, url: str, is_v1: bool) -> str:
    parts = ["curl -sS --noproxy '*'"]
    if url.startswith("https://"):
        parts.append('--cacert "$(mockocr ca path)"')
    parts += ['-H "Host: $host"', '-H "Content-Type: $type"']
    if not is_v1:
        parts += ['-H "Authorization: $authorization"', '-H "X-TC-Timestamp: $timestamp"']
        if _has_token(exchange):
            parts.append('-H "X-TC-Token: $TENCENTCLOUD_TOKEN"')
    for name in _more_headers(exchange):
        value = PLACEHOLDER if _has_masked(exchange, name) else _header(exchange, name)
        spelled = _spelled(name)
        parts.append("-H " + _quoted(f"{spelled}: {value}" if value else f"{spelled};"))
    if exchange.method == "GET":
        parts.append('"$url/?$query"')
    else:
        parts += ['--data-binary "@$body"', '"$url/"']
    return " \\\n  ".join(parts)
