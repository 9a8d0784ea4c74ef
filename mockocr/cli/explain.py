"""`mockocr explain`: why a call was refused, by the journal of a server or from a saved request."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mockocr.cli.remote import RemoteAdmin, add_remote_flags
from mockocr.cli.signing import Keys, add_key_flags, read_keys
from mockocr.client.client import NoServerError
from mockocr.protocol.wire import WIRE_ENCODING, WireRequest
from mockocr.settings import SettingError
from mockocr.terminal import Table, difference, mistake_lines

NEED_NO_BODY = frozenset(
    {
        "clock_skew",
        "date_differs_from_timestamp",
        "date_not_utc",
        "malformed_authorization",
        "missing_signed_header",
        "scope_terminator",
        "token_missing_or_wrong",
        "unknown_secret_id",
        "wrong_service",
    }
)
"""Causes that can be read off a request whose body is not at hand."""


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "explain",
        help="why a call was refused",
        description="Why a call was refused: by the journal of a server, or from a saved request.",
        epilog="A saved request is raw HTTP: the request line, headers, an empty line, the body."
        " Its time is not checked. Exit code 1: refused, or nothing is known of it.",
    )
    parser.add_argument("request_id", nargs="?", metavar="REQUESTID", help="of a call to a server")
    parser.add_argument("--request", type=Path, metavar="FILE", help="a saved request instead")
    parser.add_argument("--json", action="store_true", help="as JSON")
    add_remote_flags(parser)
    add_key_flags(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    try:
        if (given.request_id is None) == (given.request is None):
            raise SettingError("a REQUESTID or --request FILE is wanted, one of them")
        if given.request:
            told = _of_file(given.request, read_keys(given, "http://localhost"))
        else:
            told = RemoteAdmin(given).get(f"requests/{quote(given.request_id, safe='')}/explain")
    except SettingError as error:
        print(f"mockocr explain: {error}", file=sys.stderr)
        return 2
    except NoServerError as error:
        print(f"mockocr explain: {error}", file=sys.stderr)
        return 1
    print(json.dumps(told, ensure_ascii=False, indent=1) if given.json else as_text(told))
    return int(told["outcome"] != "ok" and bool(given.request))


def _of_file(path: Path, keys: Keys) -> dict[str, Any]:
    # Late: what explains needs what verifies, and a command's help needs neither.
    from mockocr.accounts.account import Account, Accounts
    from mockocr.accounts.clock import Clock
    from mockocr.accounts.identity import identify
    from mockocr.explainer.causes import NAMES
    from mockocr.explainer.explain import explain
    from mockocr.protocol.call import read_call
    from mockocr.protocol.errors import ApiError

    request = read_request(path)
    told: dict[str, Any] = {"outcome": "ok", "cause": None, "proven": False, "hint": None}
    told["details"] = []
    try:
        call = read_call(request)
    except ApiError as error:
        return told | {"outcome": error.code, "message": error.message("en-US")}
    clock = Clock(frozen_at=datetime.fromtimestamp(call.timestamp, UTC))
    accounts = Accounts([Account("saved", {keys.secret_id: keys.secret_key}, clock=clock)])
    identity = identify(request, call, accounts)
    if identity.signature:
        told["signature"] = asdict(identity.signature)
    if identity.refusal:
        cause = explain(request, call, identity, accounts, ()).finish()
        told["outcome"] = identity.refusal.code
        if _lacks_body(request) and cause.name not in NEED_NO_BODY:
            told["not_tried"] = sorted(set(NAMES) - NEED_NO_BODY)
        else:
            told |= {"cause": cause.name, "proven": cause.proven, "hint": cause.hint}
            told["details"] = [it.to_dict() for it in cause.details]
    return told


def read_request(path: Path) -> WireRequest:
    """A request saved as raw HTTP. Raises SettingError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SettingError(f"--request: {path}: {error.strerror}") from None
    line_end = b"\r\n" if b"\r\n\r\n" in content else b"\n"
    head, _, body = content.partition(line_end * 2)
    first, *lines = head.decode(WIRE_ENCODING).splitlines() or [""]
    parts = first.split(" ")
    pairs = [line.partition(":") for line in lines]
    if len(parts) != 3 or not all(colon for _, colon, _ in pairs):
        raise SettingError(f"--request: {path}: is not raw HTTP; it begins with {first[:60]!r}")
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    path_and_query = parts[1].partition("?")
    return WireRequest(
        "saved", datetime.now(UTC), parts[0], path_and_query[0], path_and_query[2], headers, body
    )


def _lacks_body(request: WireRequest) -> bool:
    said = request.headers.get("content-length", "")
    wanted = int(said) if said.isdigit() else 1
    return request.method == "POST" and request.body_bytes < wanted


def as_text(told: Mapping[str, Any]) -> str:
    return "\n".join(_lines(told))


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    yield f"outcome  {told['outcome']}"
    if message := told.get("message"):
        yield f"         {message}"
    if cause := told["cause"]:
        certain = "proven" if told["proven"] else "likely, not proven"
        yield f"cause    {cause} ({certain})"
        if hint := told["hint"]:
            yield f"hint     {hint['en']}"
            yield f"         {hint['zh']}"
        for mistake in told["details"]:
            step, *lines = mistake_lines(mistake)
            yield f"step     {step}"
            yield from (f"         {line}" for line in lines)
    if not_tried := told.get("not_tried"):
        yield "cause    unknown: the body is not in the file, so these could not be tried:"
        yield f"         {', '.join(not_tried)}"
    if note := told.get("note"):
        yield f"note     {note}"
    if decision := told.get("decision"):
        of = f" (of {decision['scenario']})" if decision.get("scenario") else ""
        yield f"rule     {decision['rule'] or 'none'}{of}"
        for near_misses in decision["near_misses"]:
            for it in near_misses["differences"]:
                yield f"         not {near_misses['rule']!r}: {difference(it)}"
            if not near_misses["differences"]:
                yield f"         not {near_misses['rule']!r}: its list is used up"
    yield from _of_picture(told.get("picture"))
    if signature := told.get("signature"):
        for step in ("canonical_request", "string_to_sign"):
            if signature[step]:
                yield f"{step.replace('_', ' ')}, as the server computes it:"
                yield from (f"  {line}" for line in signature[step].split("\n"))


def _of_picture(picture: Any) -> Iterator[str]:
    """What it is, or why there is none; and what was measured of each card in it."""
    if isinstance(picture, str):
        yield f"picture  {picture}"
    if not isinstance(picture, dict):
        return
    reading = picture["reading"]
    what = f": {reading['what']}" if reading else ""
    yield f"picture  {picture['format']}, {picture['width']}x{picture['height']}{what}"
    for card in reading["cards"] if reading else ():
        named = f", the specimen {card['specimen']}" if card["specimen"] else ""
        planted = f", planted: {', '.join(card['planted'])}" if card["planted"] else ""
        yield f"card     {card['kind']}{named}{planted}"
        rows = [_score(name, it) for name, it in (card["measured"] or {}).items()]
        table = Table("measured", "value", "good", "warns of").lines(rows)
        yield from (f"  {line}" for line in table)


def _score(name: str, measured: Mapping[str, Any]) -> Sequence[str]:
    bound = "at least" if measured["least"] else "at most"
    good = f"{bound} {measured['threshold']:g}"
    return name, f"{measured['value']:g}", good, ", ".join(measured["warns"])
