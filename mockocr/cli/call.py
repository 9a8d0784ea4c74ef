"""`mockocr call`: make one signed call; if it is refused, print why."""

import argparse
import sys
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import quote

from mockocr.cli.remote import exit_code
from mockocr.cli.signing import add_signing_flags, read_keys, read_pairs, signed
from mockocr.client.client import (
    NoServerError,
    Reply,
    add_admin_flag,
    add_ca_flag,
    add_lang_flag,
    add_real_flag,
    add_server_flag,
    admin_headers,
    ask,
    check_reach,
    no_server,
    own_language,
    server_url,
    trust,
)
from mockocr.protocol.reasons import OwnLanguage, difference
from mockocr.settings import SettingError
from mockocr.terminal import print_json, print_text


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "call",
        help="make a signed call and print the reply",
        description="Make a signed call and print the reply; if mockocr refused it, also print why."
        " Exit code 0: answered; 1: refused, or no server reached.",
        examples=(
            "mockocr call --image https://example.com/a.jpg --side front",
            "mockocr call --image front.jpg --config '{\"CropIdCard\": true}'",
            "mockocr call --server https://127.0.0.1:8019 --image front.jpg --json",
        ),
    )
    add_server_flag(parser)
    parser.add_argument(
        "--image", metavar="FILE|URL", help="the picture: ImageBase64 of a file, or ImageUrl"
    )
    parser.add_argument(
        "--side", type=str.upper, choices=("FRONT", "BACK"), help="CardSide: front or back"
    )
    parser.add_argument(
        "--config", metavar="JSON", help="""Config, such as '{"CropIdCard": true}'"""
    )
    add_signing_flags(parser)
    add_real_flag(parser)
    add_ca_flag(parser)
    add_admin_flag(parser)
    add_lang_flag(parser)
    parser.add_argument("--json", action="store_true", help="print reply, time and cause as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    return exit_code("call", partial(_call, args))


def _call(args: argparse.Namespace) -> int:
    """Raises SettingError or NoServerError."""
    url, language = server_url(args.server), own_language(args.lang)
    near = check_reach(url, args.real, "the picture")
    context = trust(url, args.ca, near)
    admin = admin_headers(args.admin_token)
    request = signed(args, url, read_keys(args, url), _parameters(args))
    target = f"{url}/?{request.query}" if request.query else f"{url}/"
    body = request.body if args.method == "POST" else None
    started = perf_counter()
    try:
        reply = ask(
            target, context, method=args.method, headers=request.headers, body=body, near=near
        )
    except NoServerError as error:
        raise no_server(url, error) from None
    milliseconds = round(1000 * (perf_counter() - started), 1)
    response = _response(reply, url)
    is_refused = "Error" in response
    is_mockocr = near or any(name.startswith("x-mockocr-") for name in reply.headers)
    why: Mapping[str, Any] = {}
    if is_refused and is_mockocr:
        request_id = quote(str(response.get("RequestId")), safe="")
        explain_url = f"{url}/__admin/requests/{request_id}/explain"
        # Without an explanation from the server, the reply is printed alone.
        with suppress(NoServerError):
            document = ask(explain_url, context, headers=admin, near=near).json()
            why = document if isinstance(document, dict) else {}
    if args.json:
        _print_json(response, milliseconds, why)
    else:
        if language is None and request.headers.get("X-TC-Language") == "zh-CN":
            language = "zh"
        language = language or ("zh" if why.get("language") == "zh" else "en")
        _print(response, milliseconds, why, language)
    return 1 if is_refused else 0


def _parameters(args: argparse.Namespace) -> dict[str, str]:
    """Raises SettingError."""
    texts = {}
    if args.image:
        name, text = _image(args.image)
        texts[name] = text
    if args.side:
        texts["CardSide"] = args.side
    if args.config is not None:
        texts["Config"] = args.config
    return {**texts, **read_pairs(args.param)}


def _image(image: str) -> tuple[str, str]:
    if image.lower().startswith(("http://", "https://")):
        return "ImageUrl", image
    try:
        return "ImageBase64", b64encode(Path(image).read_bytes()).decode()
    except OSError as error:
        raise SettingError(f"--image: {image}: {error.strerror}") from None


def _response(reply: Reply, url: str) -> dict[str, Any]:
    """Raises NoServerError if the body is not an answer of the API."""
    match reply.json():
        case {"Response": dict() as response}:
            return response
        case _:
            got = f"status {reply.status}, {len(reply.body)} bytes"
            raise NoServerError(f"expected an API response from {url}, got {got}")


def _print(
    response: Mapping[str, Any],
    milliseconds: float,
    why: Mapping[str, Any],
    language: OwnLanguage,
) -> None:
    """The reply goes to stdout, the explanation to stderr."""
    print_json({"Response": response}, 2)
    about = [f"RequestId {response.get('RequestId')}, {milliseconds} ms"]
    match why:
        case {"cause": str(cause), "proven": bool(proven)}:
            about.append(f"cause: {cause}{' (proven)' if proven else ''}")
        case {"reason": {"parameter": str()} as reason}:
            about.append(f"reason: {difference(reason, language)}")
    match why:
        case {"hint": {"en": str(), "zh": str()} as hint}:
            about.append(f"hint: {hint[language]}")
    print_text("\n".join(about), sys.stderr)


def _print_json(response: Mapping[str, Any], milliseconds: float, why: Mapping[str, Any]) -> None:
    explanation = {name: why.get(name) for name in ("cause", "proven", "reason", "hint")}
    facts = {"Response": response, "milliseconds": milliseconds, **explanation}
    print_json(facts, 2)
