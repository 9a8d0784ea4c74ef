"""One call, described for the generators of code: with the names of pictures instead of pictures,
and without any secret."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mockocr.actions.action import AnyAction
from mockocr.actions.catalogue import all_actions
from mockocr.images.image import Picture
from mockocr.journal.exchange import Exchange
from mockocr.protocol.call import V1_COMMON
from mockocr.protocol.redact import MASK, SHOWN_HEADERS
from mockocr.protocol.tc3 import UNSIGNED_PAYLOAD
from mockocr.protocol.wire import WIRE_ENCODING

PLACEHOLDER = "MASKED"
TC3 = "TC3-HMAC-SHA256"
SUFFIXES = {"JPEG": "jpg", "PNG": "png", "BMP": "bmp"}

_MASKED = re.compile(rf"<\d+ characters.*>|(?P<shown>.*\?)?{re.escape(MASK)}", re.DOTALL)
_TYPES = {"string": str, "bool": bool}
_OF_THE_PROFILE = frozenset(
    f"X-TC-{name}"
    for name in ("Action", "Version", "Region", "Language", "RequestClient", "Content-Sha256")
)
"""Headers that an SDK sets by itself, or from its profile."""


class NotRepeatableError(Exception):
    """There is not enough data to make the call; the text names what is missing."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture that the code reads from a file."""

    name: str
    facts: str
    """Such as `PNG, 80 x 50, 9 bytes, SHA-256 ...`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleCall:
    about: str
    """What the code does."""
    account: str | None
    action: str
    service: str
    version: str
    types: Mapping[str, str]
    """The vendor's types of the documented parameters."""
    url: str
    host: str
    content_type: str
    method: str
    signature_method: str
    region: str
    language: str
    parameters: Mapping[str, Any] | None
    """Values, PictureFiles, and PLACEHOLDER for what is not known. None: the call was refused
    before they were read."""
    headers: Mapping[str, str]
    """All headers that begin with `X-`, but those of time and token."""
    common: Mapping[str, str]
    """The common parameters of a legacy call."""
    has_token: bool
    masked: tuple[str, ...] = ()
    """The names of the values that are not known."""
    unread: str = ""
    """About a body that is not known."""
    outcome: str = ""
    """Of a call in the journal."""

    @property
    def is_v1(self) -> bool:
        return self.signature_method != TC3

    @property
    def is_https(self) -> bool:
        return self.url.startswith("https://")

    @property
    def endpoint(self) -> str:
        return self.url.partition("://")[2]

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables of SecretId, SecretKey and token."""
        names = "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"
        return (*names, "TENCENTCLOUD_TOKEN") if self.has_token else names

    @property
    def product(self) -> str:
        """As SDKs spell the service in names of classes."""
        return self.service.title()

    @property
    def package(self) -> str:
        """As SDKs spell the version in names of packages."""
        return f"v{self.version.replace('-', '')}"

    @property
    def pictures(self) -> Mapping[str, PictureFile]:
        return {
            name: value
            for name, value in (self.parameters or {}).items()
            if isinstance(value, PictureFile)
        }

    def typed(self) -> Iterator[tuple[str, Any]]:
        """The parameters that a member of the SDK's request can have."""
        for name, value in (self.parameters or {}).items():
            kind = _TYPES.get(self.types.get(name, ""))
            if isinstance(value, PictureFile) or (kind is not None and type(value) is kind):
                yield name, value

    def settings(self) -> Iterator[tuple[str, str]]:
        """What differs from the defaults of the SDKs' profiles."""
        if self.method != "POST":
            yield "method", self.method
        if self.is_v1:
            yield "signature", self.signature_method
        if self.language:
            yield "language", self.language

    def remarks(self, can_set: frozenset[str], is_typed: bool = True) -> Iterator[str]:
        """Comments. `can_set`: the settings that the code can have; `is_typed`: whether its request
        has the documented parameters only."""
        yield self.about
        account = self.account or "(unknown)"
        yield f"The key pair of the account {account}: {', '.join(self.variables)}."
        for name, picture in self.pictures.items():
            yield f"{name} is read from {picture.name} ({picture.facts})."
        if self.parameters is None:
            yield "The call was refused before its parameters were read: set them."
        if self.masked:
            yield f"Not in the journal: {', '.join(self.masked)}; replace {PLACEHOLDER} below."
        known = {name for name, _ in self.typed()} if is_typed else set(self.parameters or {})
        left_out = [name for name in self.parameters or {} if name not in known]
        left_out += [f"{name} {text}" for name, text in self.settings() if name not in can_set]
        left_out += [name for name in self.headers if name not in _OF_THE_PROFILE]
        if left_out:
            yield f"Not set here: {', '.join(left_out)}."
        if self.is_https:
            yield "HTTPS clients must trust the CA: mockocr ca export > mockocr-ca.pem"


def of_exchange(exchange: Exchange, url: str) -> SampleCall:
    """A call of the journal. `url`: of the server. Raises NotRepeatableError."""
    if exchange.method not in ("GET", "POST"):
        raise NotRepeatableError(f"expected the method GET or POST, got {exchange.method}")
    is_v1 = not {"authorization", "x-tc-action"} & exchange.headers.keys()
    action, common = _action_of(exchange), _legacy_common(exchange)
    signature_method = common.get("SignatureMethod", "HmacSHA1") if is_v1 else TC3
    names = [name for name in exchange.headers if name.startswith("x-") and name not in _LEFT_OUT]
    masked = [
        name for name, value in (exchange.parameters or {}).items() if _is_masked(name, value)
    ]
    masked += [spelled(name) for name in names if _has_masked(exchange, name)]
    return SampleCall(
        about=f"Repeats the call {exchange.request_id}: {exchange.action or 'no action'},"
        f" outcome {exchange.outcome}.",
        account=exchange.account,
        action=action.name,
        service=action.service,
        version=action.version,
        types=action.parameters(date.max),
        url=url,
        host=_header(exchange, "host"),
        content_type=_header(exchange, "content-type"),
        method=exchange.method,
        signature_method=signature_method,
        region=common.get("Region", "") if is_v1 else _header(exchange, "x-tc-region"),
        language=common.get("Language", "") if is_v1 else _header(exchange, "x-tc-language"),
        parameters=_parameters(exchange),
        headers={
            spelled(name): PLACEHOLDER if _has_masked(exchange, name) else _header(exchange, name)
            for name in names
        },
        common=common,
        has_token="x-tc-token" in exchange.headers or "Token" in common,
        masked=tuple(masked),
        unread=_unread(exchange),
        outcome=exchange.outcome,
    )


_LEFT_OUT = frozenset({"x-tc-timestamp", "x-tc-token"})


def _action_of(exchange: Exchange) -> AnyAction:
    actions = all_actions()
    return next((each for each in actions if each.name == exchange.action), actions[0])


def _header(exchange: Exchange, name: str) -> str:
    return exchange.headers.get(name, "").encode(WIRE_ENCODING).decode(errors="replace")


def _has_masked(exchange: Exchange, name: str) -> bool:
    return name not in SHOWN_HEADERS and exchange.headers[name] != ""


def spelled(name: str) -> str:
    return name.title().replace("X-Tc-", "X-TC-")


def _parameters(exchange: Exchange) -> Mapping[str, Any] | None:
    if exchange.parameters is None:
        return None
    return {
        name: _picture_file(exchange, value)
        if is_picture(name, value)
        else _placeholder(value)
        if _is_masked(name, value)
        else value
        for name, value in exchange.parameters.items()
    }


def is_long(name: str) -> bool:
    return any(name in action.long_parameters for action in all_actions())


def is_picture(name: str, value: Any) -> bool:
    return is_long(name) and isinstance(value, str) and bool(_MASKED.fullmatch(value))


def _is_masked(name: str, value: Any) -> bool:
    is_masked = isinstance(value, str) and _MASKED.fullmatch(value) is not None
    return is_masked and not is_picture(name, value)


def _placeholder(value: str) -> str:
    match = _MASKED.fullmatch(value)
    return ((match and match["shown"]) or "") + PLACEHOLDER


def _picture_file(exchange: Exchange, masked: str) -> PictureFile:
    """Named by its digest if the picture was sent in ImageBase64 and examined."""
    picture = exchange.picture
    if not isinstance(picture, Picture) or (exchange.parameters or {}).get("ImageUrl"):
        return PictureFile("picture.jpg", f"{masked[1:-1]} of Base64")
    return picture_file(picture)


def picture_file(picture: Picture) -> PictureFile:
    facts = (
        f"{picture.format}, {picture.width} x {picture.height},"
        f" {picture.size_bytes} bytes, SHA-256 {picture.sha256}"
    )
    return PictureFile(f"picture-{picture.sha256[:12]}.{SUFFIXES[picture.format]}", facts)


def _legacy_common(exchange: Exchange) -> Mapping[str, str]:
    """The common parameters, read from the text that was signed; {} if there is none."""
    signature = exchange.signature
    if signature is None or signature.canonical_request is not None:
        return {}
    pairs = signature.string_to_sign.partition("/?")[2].split("&")
    texts = dict(pair.partition("=")[::2] for pair in pairs)
    return {name: text for name, text in texts.items() if name in V1_COMMON}


def _unread(exchange: Exchange) -> str:
    signature = exchange.signature
    digest = signature.payload_hash if signature and signature.covers_body else None
    return f"{exchange.body_bytes} bytes" + (f", SHA-256 {digest}" if digest else "")


def is_unsigned(call: SampleCall) -> bool:
    return call.headers.get("X-TC-Content-Sha256") == UNSIGNED_PAYLOAD
