"""A request and its TC3 signature, from flags: what `mockocr sign` prints and `mockocr call` sends.

The functions that sign are those that verify (`protocol/signing.py`).
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mockocr.client.client import header_text, is_loopback
from mockocr.protocol.parameters import is_unicode
from mockocr.protocol.signing import FORM, Signed, query_of, sign_tc3
from mockocr.settings import SettingError

if TYPE_CHECKING:
    from mockocr.actions.action import AnyAction

SECRET_ID, SECRET_KEY = "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"
TOKEN_VARIABLE = "TENCENTCLOUD_TOKEN"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True)
class Keys:
    secret_id: str
    secret_key: str = field(repr=False)


def add_signing_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--action", metavar="NAME", help="the action to call (default: the only one)"
    )
    parser.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter of the action; repeatable",
    )
    parser.add_argument(
        "--method", type=str.upper, choices=("POST", "GET"), default="POST", help="default: POST"
    )
    parser.add_argument("--region", metavar="REGION", help="X-TC-Region")
    parser.add_argument("--token", metavar="TOKEN", help="X-TC-Token of a temporary key pair")
    parser.add_argument(
        "--timestamp", metavar="SECONDS", help="X-TC-Timestamp, UNIX seconds (default: now)"
    )
    parser.add_argument(
        "--header",
        action="append",
        default=[],
        metavar="NAME:VALUE",
        help="add or replace a header; repeatable",
    )
    add_key_flags(parser)


def add_key_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--secret-id", metavar="ID", help=f"default: {SECRET_ID}")
    parser.add_argument(
        "--secret-key",
        metavar="KEY",
        help=f"default: {SECRET_KEY}; for a server on this machine, else the built-in pair",
    )
    parser.add_argument(
        "--secret-file",
        metavar="FILE",
        help="read the SecretId and the SecretKey from two lines of a file",
    )


def read_keys(args: argparse.Namespace, url: str) -> Keys:
    """From flags, else variables, else (for loopback) the built-in pair. Raises SettingError."""
    if args.secret_file:
        if args.secret_id or args.secret_key:
            raise SettingError("--secret-file cannot be combined with --secret-id or --secret-key")
        return _read_secret_file(Path(args.secret_file))
    secret_id = args.secret_id or os.environ.get(SECRET_ID)
    secret_key = args.secret_key or os.environ.get(SECRET_KEY)
    if secret_id and secret_key:
        return _keys(secret_id, secret_key, "the key pair")
    if secret_id or secret_key or not is_loopback(url):
        flag, variable = (
            ("--secret-id", SECRET_ID) if not secret_id else ("--secret-key", SECRET_KEY)
        )
        raise SettingError(f"{variable} is not set; set it, or use {flag} or --secret-file")
    # Imported late: accounts import what a server needs.
    from mockocr.accounts.account import BUILT_IN

    return Keys(*next(iter(BUILT_IN.keys.items())))


def read_token(args: argparse.Namespace) -> str | None:
    """From --token, else from the variable if the key pair is from variables. Raises SettingError,
    which does not quote it."""
    if args.token:
        return header_text(args.token, "--token")
    if args.secret_file or args.secret_id or args.secret_key:
        return None
    token = os.environ.get(TOKEN_VARIABLE)
    return header_text(token, TOKEN_VARIABLE) if token else None


def _read_secret_file(path: Path) -> Keys:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SettingError(f"--secret-file: {path}: {error.strerror}") from None
    except ValueError:
        text = ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) != 2:
        raise SettingError(
            f"--secret-file: {path}: expected two lines, the SecretId and the SecretKey"
        )
    secret_id, secret_key = lines
    return _keys(secret_id, secret_key, f"--secret-file: {path}")


def _keys(secret_id: str, secret_key: str, origin: str) -> Keys:
    if not (is_unicode(secret_id) and is_unicode(secret_key)):
        raise SettingError(f"{origin}: expected UTF-8")
    return Keys(header_text(secret_id, origin), secret_key)


def read_pairs(pairs: Iterable[str]) -> dict[str, str]:
    """Parses `NAME=VALUE` arguments. Raises SettingError."""
    texts = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (name and equals and is_unicode(pair)):
            raise SettingError(f"--param: expected NAME=VALUE, got {pair!r}")
        texts[name] = value
    return texts


def read_body(text: str) -> bytes:
    """The content of a file, or of stdin for `-`. Raises SettingError."""
    try:
        return sys.stdin.buffer.read() if text == "-" else Path(text).read_bytes()
    except OSError as error:
        raise SettingError(f"--body: {text}: {error.strerror}") from None


def signed(
    args: argparse.Namespace,
    url: str,
    keys: Keys,
    texts: Mapping[str, str],
    *,
    host: str | None = None,
    body: bytes | None = None,
) -> Signed:
    """The signed request that the flags describe. `texts` are parameters of the action: a GET sends
    them in the query; otherwise they are merged into the body. Raises SettingError."""
    action = _action(args.action)
    place = urlsplit(url)
    seconds = _timestamp(args.timestamp)
    query = ""
    if args.method == "GET":
        if body is not None:
            raise SettingError("--body: a GET has no body; use --param")
        query = "&".join(filter(None, [place.query, query_of(texts)]))
        content = b""
    else:
        content = _content(action, texts, body)
    headers = _headers(args, action, host or place.netloc, seconds)
    pair = keys.secret_id, keys.secret_key
    return sign_tc3(args.method, query, headers, content, action.service, pair, seconds)


def _timestamp(text: str | None) -> int:
    if text is None:
        return int(time.time())
    if not (text.isascii() and text.isdigit() and len(text) <= 11):
        raise SettingError(f"--timestamp: expected UNIX seconds, got {text!r}")
    return int(text)


def _action(name: str | None) -> "AnyAction":
    """Raises SettingError."""
    from mockocr.actions.catalogue import UnknownActionError, choose_action

    try:
        return choose_action(name)
    except UnknownActionError as error:
        raise SettingError(f"--action: {error}") from None


def _content(action: "AnyAction", texts: Mapping[str, str], body: bytes | None) -> bytes:
    """The body, with the parameters set in it if there are any."""
    if body is not None and not texts:
        return body
    try:
        parameters = json.loads(body) if body is not None else {}
    except (ValueError, RecursionError):
        parameters = None
    if not isinstance(parameters, dict):
        raise SettingError("--body: expected a JSON object, because --param sets members of it")
    return json.dumps({**parameters, **_typed(action, texts)}, ensure_ascii=False).encode()


def _typed(action: "AnyAction", texts: Mapping[str, str]) -> Mapping[str, Any]:
    """Texts converted to the types of the action's parameters."""
    from mockocr.protocol.parameters import read_texts

    return read_texts(action.parameters(date.max), texts)


def _headers(
    args: argparse.Namespace, action: "AnyAction", host: str, seconds: int
) -> dict[str, str]:
    """Common parameters, then what `--header` says. Raises SettingError."""
    is_get = args.method == "GET"
    headers = {
        "Host": host,
        "Content-Type": FORM if is_get else "application/json",
        "X-TC-Action": action.name,
        "X-TC-Version": action.version,
        "X-TC-Timestamp": str(seconds),
    }
    if args.region:
        headers["X-TC-Region"] = header_text(args.region, "--region")
    if args.token:
        headers["X-TC-Token"] = header_text(args.token, "--token")
    for text in args.header:
        name, colon, value = text.partition(":")
        if not (colon and name.isascii() and name.replace("-", "").replace("_", "").isalnum()):
            raise SettingError("--header: expected NAME:VALUE")
        if name.lower() == "authorization":
            raise SettingError("--header: Authorization cannot be set: it is computed")
        spelled = next((known for known in headers if known.lower() == name.lower()), name)
        headers[spelled] = header_text(value.strip(), f"--header {name}")
    return headers
