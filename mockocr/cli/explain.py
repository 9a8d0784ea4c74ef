"""`mockocr explain`: why a call was refused, from a server's journal or from a saved request."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mockocr.cli.remote import RemoteAdmin, add_remote_flags, exit_code
from mockocr.cli.signing import Keys, add_key_flags, read_keys
from mockocr.client.client import add_lang_flag, own_language
from mockocr.protocol.reasons import OwnLanguage, difference
from mockocr.protocol.saved_request import read_raw
from mockocr.protocol.wire import WireRequest
from mockocr.settings import SettingError
from mockocr.terminal import Table, mistake_lines, print_json, print_text
from mockocr.terminal import difference as rule_difference


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "explain",
        help="explain why a call was refused",
        description="Explain why a call was refused, from a server's journal or from a saved"
        " request.",
        epilog="A saved request is raw HTTP: the request line, headers, an empty line, the body."
        " Its timestamp is not checked. Exit code 1: the saved request is refused, or the server"
        " cannot explain the call.",
        examples=(
            "mockocr explain 1f2e3d4c",
            "mockocr explain --request saved.http --secret-file keys.txt",
        ),
    )
    parser.add_argument("request_id", nargs="?", metavar="REQUESTID", help="a call in the journal")
    parser.add_argument("--request", type=Path, metavar="FILE", help="explain a saved request")
    parser.add_argument("--json", action="store_true", help="print the explanation as JSON")
    add_remote_flags(parser)
    add_key_flags(parser)
    add_lang_flag(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    return exit_code("explain", partial(_explain, args))


def _explain(args: argparse.Namespace) -> int:
    """Raises SettingError, InvalidRequestError or NoServerError."""
    language = own_language(args.lang)
    if (args.request_id is None) == (args.request is None):
        raise SettingError("expected either REQUESTID or --request FILE")
    if args.request:
        explanation = _explain_file(args.request, read_keys(args, "http://localhost"))
    else:
        path = f"requests/{quote(args.request_id, safe='')}/explain"
        explanation = RemoteAdmin.of(args).get(path)
    if args.json:
        print_json(explanation)
    else:
        print_text(as_text(explanation, language))
    return int(explanation["outcome"] != "ok" and bool(args.request))


def _explain_file(path: Path, keys: Keys) -> dict[str, Any]:
    # Imported late: --help needs none of these.
    from mockocr.accounts.account import Account
    from mockocr.admin.explain import saved_explanation

    account = Account("saved", {keys.secret_id: keys.secret_key})
    told = saved_explanation(read_request(path), [account], "en")
    return told.model_dump(by_alias=True, exclude={"decision"})


def read_request(path: Path) -> WireRequest:
    """A request saved as raw HTTP. Raises SettingError."""
    try:
        return read_raw(path.read_bytes())
    except OSError as error:
        raise SettingError(f"--request: {path}: {error.strerror}") from None
    except ValueError as error:
        raise SettingError(f"--request: {path}: {error}") from None


def as_text(explanation: Mapping[str, Any], language: OwnLanguage | None = None) -> str:
    return "\n".join(explanation_lines(explanation, language))


def explanation_lines(
    explanation: Mapping[str, Any], language: OwnLanguage | None, with_steps: bool = True
) -> Iterator[str]:
    """`with_steps`: with the canonical request and the string to sign."""
    language = language or explanation.get("language") or "en"
    yield f"outcome  {explanation['outcome']}"
    if message := explanation.get("message"):
        yield f"message  {message}"
    if reason := explanation.get("reason"):
        yield f"reason   {difference(reason, language)}"
    if cause := explanation["cause"]:
        certain = "proven" if explanation["proven"] else "likely, not proven"
        yield f"cause    {cause} ({certain})"
    if hint := explanation["hint"]:
        yield f"hint     {hint[language]}"
    if explanation["cause"]:
        for mistake in explanation["details"]:
            step, *lines = mistake_lines(mistake)
            yield f"step     {step}"
            yield from (f"         {line}" for line in lines)
    if not_tried := explanation.get("not_tried"):
        yield "cause    unknown: the file has no body, so these causes were not checked:"
        yield f"         {', '.join(not_tried)}"
    for note in explanation.get("notes", ()):
        yield f"note     {note['name']}: {note['hint'][language]}"
    if decision := explanation.get("decision"):
        of = f" (of {decision['scenario']})" if decision.get("scenario") else ""
        yield f"rule     {decision['rule'] or 'none'}{of}"
        for near_miss in decision["near_misses"]:
            for differing in near_miss["differences"]:
                yield f"         not {near_miss['rule']!r}: {rule_difference(differing)}"
            if not near_miss["differences"]:
                yield f"         not {near_miss['rule']!r}: its steps are used up"
    yield from _picture_lines(explanation.get("picture"))
    signature = explanation.get("signature")
    # The steps of a valid signature do not explain a refusal.
    if with_steps and signature and (explanation["outcome"] == "ok" or not signature["valid"]):
        for step in ("canonical_request", "string_to_sign"):
            if signature[step]:
                yield f"{step.replace('_', ' ')}, as computed by the server:"
                yield from (f"  {line}" for line in signature[step].split("\n"))


def _picture_lines(picture: Any) -> Iterator[str]:
    """The picture (or the error), and the measured quality of each card in it."""
    if isinstance(picture, str):
        yield f"picture  {picture}"
    if not isinstance(picture, dict):
        return
    reading = picture["reading"]
    contents = f": {reading['contents']}" if reading else ""
    yield f"picture  {picture['format']}, {picture['width']}x{picture['height']}{contents}"
    for card in reading["cards"] if reading else ():
        named = f", the specimen {card['specimen']}" if card["specimen"] else ""
        defects = f", defects: {', '.join(card['defects'])}" if card["defects"] else ""
        yield f"card     {card['kind']}{named}{defects}"
        rows = [_score(name, measured) for name, measured in (card["measured"] or {}).items()]
        table = Table("measured", "value", "good", "warns of").lines(rows)
        yield from (f"  {line}" for line in table)


def _score(name: str, measured: Mapping[str, Any]) -> Sequence[str]:
    bound = "at least" if measured["least"] else "at most"
    good = f"{bound} {measured['threshold']:g}"
    return name, f"{measured['value']:g}", good, ", ".join(measured["warns"])
