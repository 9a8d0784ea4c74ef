"""`mockocr sign`: print each step of a TC3 signature."""

import argparse
import sys
from typing import Any

from mockocr.cli.signing import (
    add_signing_flags,
    read_body,
    read_keys,
    read_pairs,
    signed,
)
from mockocr.client.client import checked_url, header_text
from mockocr.protocol.signing import SIGNED_HEADERS, Signed
from mockocr.settings import SettingError
from mockocr.terminal import print_json, print_text

DEFAULT_URL = "http://127.0.0.1:8018"


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "sign",
        help="print each step of a request's signature",
        description="Print each step of a request's TC3-HMAC-SHA256 signature, to compare with the"
        " steps of a client. Nothing is sent, and keys are not printed.",
        examples=(
            "mockocr sign --param ImageUrl=https://example.com/a.jpg",
            "mockocr sign --url https://ocr.tencentcloudapi.com --body request.json",
        ),
    )
    parser.add_argument(
        "--url",
        metavar="URL",
        default=DEFAULT_URL,
        help=f"URL of the server (default: {DEFAULT_URL})",
    )
    parser.add_argument("--host", metavar="HOST", help="the Host header (default: the URL's host)")
    parser.add_argument(
        "--body", metavar="FILE", help="the request body; - reads it from stdin (default: {})"
    )
    add_signing_flags(parser)
    parser.add_argument("--json", action="store_true", help="print the steps as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        url = checked_url(args.url, "--url")
        host = header_text(args.host, "--host") if args.host else None
        keys = read_keys(args, f"http://{host}" if host else url)
        body = None if args.body is None else read_body(args.body)
        request = signed(args, url, keys, read_pairs(args.param), host=host, body=body)
    except SettingError as error:
        print_text(f"mockocr sign: {error}", sys.stderr)
        return 2
    if args.json:
        print_json(_steps(request))
    else:
        print_text(_text(request))
    return 0


def _steps(request: Signed) -> dict[str, Any]:
    return {
        "payload_hash": request.payload_hash,
        "canonical_request": _readable(request.canonical_request),
        "canonical_request_hash": request.canonical_request_hash,
        "scope": request.scope,
        "string_to_sign": _readable(request.string_to_sign),
        "authorization": _readable(request.authorization),
        "headers": _readable_headers(request),
        "query": request.query,
    }


def _text(request: Signed) -> str:
    date, service, _ = request.scope.split("/")
    headers = "\n".join(f"{name}: {value}" for name, value in _readable_headers(request).items())
    return f"""\
1. Canonical request
{_readable(request.canonical_request)}

   its last line, SHA-256 of the payload: {request.payload_hash}
   signed headers: {";".join(SIGNED_HEADERS)}

2. String to sign
{_readable(request.string_to_sign)}

   its third line, the scope: {request.scope}
   its last line, SHA-256 of the canonical request: {request.canonical_request_hash}

3. Signing key
   HMAC-SHA256 of {date}, then {service}, then tc3_request, beginning with TC3 and the SecretKey;
   not shown

4. Authorization
{_readable(request.authorization)}

Headers
{headers}"""


def _readable_headers(request: Signed) -> dict[str, str]:
    from mockocr.protocol.redact import SHOWN_HEADERS, length_of

    shown = {"authorization", *SHOWN_HEADERS}
    return {
        name: _readable(value) if name.lower() in shown else length_of(value)
        for name, value in request.headers.items()
    }


def _readable(text: str) -> str:
    """Text from the wire, which has one character per byte, decoded for people."""
    return text.encode("latin-1").decode(errors="backslashreplace")
