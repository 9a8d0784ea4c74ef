"""A shell script (bash, openssl, curl) that makes a call; it signs like the vendor's demo for
bash."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from mockocr.code_samples.literals import shell
from mockocr.code_samples.sample_call import (
    PLACEHOLDER,
    NotRepeatableError,
    PictureFile,
    SampleCall,
    is_unsigned,
)
from mockocr.protocol.tc3 import UNSIGNED_PAYLOAD
from mockocr.terminal import escaped


def curl(call: SampleCall) -> str:
    """Raises NotRepeatableError."""
    if call.is_v1 and (not call.common or call.parameters is None):
        raise NotRepeatableError(
            f"this legacy call was refused ({call.outcome}) before its parameters were read, so the"
            " journal does not have them"
        )
    parts = _legacy(call) if call.is_v1 else _tc3(call)
    return "\n".join([*_head(call), *_places(call), *parts, _curl(call), ""])


def _head(call: SampleCall) -> Iterator[str]:
    yield "#!/usr/bin/env bash"
    yield _comment(call.about)
    yield "# Signs it with the current time. Needs bash, curl and openssl."
    yield "set -euo pipefail"
    yield _comment(f"Set the key pair of the account {call.account or '(unknown)'}:")
    yield ': "${TENCENTCLOUD_SECRET_ID:?}" "${TENCENTCLOUD_SECRET_KEY:?}"'
    if call.has_token:
        yield ': "${TENCENTCLOUD_TOKEN:?}"  # its STS token'
    for name, picture in call.pictures.items():
        yield _comment(f"{name}: the picture, which the journal does not store ({picture.facts})")
        yield f"picture=$(base64 <{picture.name} | tr -d '\\n')"
    if call.masked:
        yield _comment(
            f"Masked in the journal: {', '.join(call.masked)}; replace {PLACEHOLDER} below."
        )


def _comment(text: str) -> str:
    """A comment on one line; line ends in the text are escaped."""
    return f"# {escaped(text)}"


def _places(call: SampleCall) -> Iterator[str]:
    yield f"url={shell(call.url)}"
    yield f"host={shell(call.host)}"
    yield f"type={shell(call.content_type)}"
    yield "timestamp=${TIMESTAMP:-$(date +%s)}  # set TIMESTAMP if the account's clock was moved"


def _tc3(call: SampleCall) -> Iterator[str]:
    payload, query = "printf ''", "''"
    if call.method == "GET":
        yield from _query(call)
        query = '"$query"'
    else:
        yield from body_file(call, json_body(call))
        payload = 'cat "$body"'
    if is_unsigned(call):
        payload = f"printf {UNSIGNED_PAYLOAD}"
    yield f"""
sha256() {{ openssl dgst -sha256 | sed 's/^.* //'; }}
hmac() {{ printf %s "$2" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$1" | sed 's/^.* //'; }}

date=$(date -u -d "@$timestamp" +%F 2>/dev/null || date -u -r "$timestamp" +%F)
scope=$date/ocr/tc3_request
canonical=$(printf '%s\\n' {call.method} / {query} "content-type:$type" "host:$host" '' \\
  'content-type;host' "$({payload} | sha256)")
text=$(printf '%s\\n' TC3-HMAC-SHA256 "$timestamp" "$scope" "$(printf %s "$canonical" | sha256)")
key=$(printf %s "TC3$TENCENTCLOUD_SECRET_KEY" | od -An -v -tx1 | tr -d ' \\n')
for part in "$date" ocr tc3_request "$text"; do key=$(hmac "$key" "$part"); done
authorization="TC3-HMAC-SHA256 Credential=$TENCENTCLOUD_SECRET_ID/$scope"
authorization+=", SignedHeaders=content-type;host, Signature=$key"
"""


def _query(call: SampleCall) -> Iterator[str]:
    if call.parameters is None:
        yield "# The call was refused before its query was read: set the query as it was sent."
        yield f"query={PLACEHOLDER}"
        return
    yield from _escaped_picture(call)
    parts = {name: _word(value, True) for name, value in call.parameters.items()}
    yield f"query={_pairs(parts)}"


def _legacy(call: SampleCall) -> Iterator[str]:
    common, parameters = call.common, call.parameters or {}
    parts = {
        escape: {name: _common_word(name, text, escape) for name, text in common.items()}
        | {name: _word(value, escape) for name, value in parameters.items()}
        for escape in (False, True)
    }
    yield from _escaped_picture(call)
    digest = "sha256" if common.get("SignatureMethod") == "HmacSHA256" else "sha1"
    signed = parts[False]
    pairs = "'&'".join(f"{shell(name)}={signed[name]}" for name in sorted(signed))
    form = _pairs(parts[True])
    yield f"""nonce=$RANDOM
signature=$(printf %s {call.method}"$host"'/?'{pairs} |
  openssl dgst -{digest} -hmac "$TENCENTCLOUD_SECRET_KEY" -binary | base64 |
  sed 's/+/%2B/g; s:/:%2F:g; s/=/%3D/g')"""
    form += """'&Signature='"$signature\""""
    if call.method == "GET":
        yield f"query={form}"
    else:
        yield from body_file(call, form)


_OF_THIS_CALL = {
    "Timestamp": '"$timestamp"',
    "Nonce": '"$nonce"',
    "SecretId": '"$TENCENTCLOUD_SECRET_ID"',
    "Token": '"$TENCENTCLOUD_TOKEN"',
}


def _common_word(name: str, text: str, escape: bool) -> str:
    return _OF_THIS_CALL.get(name) or _word(text, escape)


def body_file(call: SampleCall, content: str | None) -> Iterator[str]:
    """`content` is quoted; None if the journal has no parameters."""
    if content is None:
        yield _comment(
            f"The call was refused before its body was read: save it here ({call.unread})"
        )
        yield "body=request-body"
        return
    yield "body=$(mktemp)"
    yield """trap 'rm -f "$body"' EXIT"""
    yield f'printf %s {content} >"$body"'


def json_body(call: SampleCall) -> str | None:
    if call.parameters is None:
        return None
    pieces = ["{"]
    for name, value in call.parameters.items():
        pieces[-1] += (", " if pieces[-1] != "{" else "") + f"{_dumped(name)}: "
        if isinstance(value, PictureFile):
            pieces[-1] += '"'
            pieces.append('"')
        else:
            pieces[-1] += _dumped(value)
    pieces[-1] += "}"
    return '"$picture"'.join(map(shell, pieces))


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _escaped_picture(call: SampleCall) -> Iterator[str]:
    if call.pictures:
        yield """escaped=$(printf %s "$picture" | sed 's/+/%2B/g; s:/:%2F:g; s/=/%3D/g')"""


def _pairs(parts: Mapping[str, str]) -> str:
    """A query or form as one quoted argument. `parts` maps names to quoted values."""
    return "'&'".join(f"{shell(quote(name, safe=''))}={word}" for name, word in parts.items())


def _word(value: Any, escape: bool) -> str:
    """A parameter's value, which was text on the wire, quoted for bash."""
    if isinstance(value, PictureFile):
        return '"$escaped"' if escape else '"$picture"'
    text = value if isinstance(value, str) else _dumped(value)
    return shell(quote(text, safe="") if escape else text)


def _curl(call: SampleCall) -> str:
    parts = ["curl -sS --noproxy '*'"]
    if call.is_https:
        parts.append('--cacert "$(mockocr ca path)"')
    parts += ['-H "Host: $host"', '-H "Content-Type: $type"']
    if not call.is_v1:
        parts += ['-H "Authorization: $authorization"', '-H "X-TC-Timestamp: $timestamp"']
        if call.has_token:
            parts.append('-H "X-TC-Token: $TENCENTCLOUD_TOKEN"')
    for name, value in call.headers.items():
        parts.append("-H " + shell(f"{name}: {value}" if value else f"{name};"))
    if call.method == "GET":
        parts.append('"$url/?$query"')
    else:
        parts += ['--data-binary "@$body"', '"$url/"']
    return " \\\n  ".join(parts)
