"""A mockocr whose replies are wrong in one way: an ASGI application around `create_app`."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockocr.server.app import create_app
from mockocr.server.ports import bind
from mockocr.settings import Settings

Headers = dict[str, str]
Response = dict[str, Any]


class HttpRequest(NamedTuple):
    method: str
    query: str
    headers: Headers
    body: bytes

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Of a JSON body; of a query or form."""
        try:
            parameters = json.loads(self.body)
        except ValueError:
            return dict(parse_qsl(self.query or self.body.decode("latin-1")))
        return parameters if isinstance(parameters, dict) else {}


class HttpReply(NamedTuple):
    status: int
    headers: Headers
    body: bytes

    @property
    def response(self) -> Response:
        return dict(json.loads(self.body)["Response"])

    @property
    def code(self) -> str:
        return str(self.response.get("Error", {}).get("Code", "ok"))

    def with_response(self, response: Response) -> "HttpReply":
        return self._replace(body=json.dumps({"Response": response}).encode())


def _same_request(request: HttpRequest) -> HttpRequest:
    return request


def _same_reply(request: HttpRequest, reply: HttpReply) -> HttpReply:
    return reply


class Alteration(NamedTuple):
    reply: Callable[[HttpRequest, HttpReply], HttpReply] = _same_reply
    request: Callable[[HttpRequest], HttpRequest] = _same_request


UNALTERED = Alteration()


class AlteredApp:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.alteration = UNALTERED
        self.calls: list[HttpRequest] = []
        """What arrived."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope["query_string"].decode()
        request = HttpRequest(scope["method"], query, headers, await _body(receive))
        self.calls.append(request)
        reply = await self._answer(scope, self.alteration.request(request))
        reply = self.alteration.reply(request, reply)
        lines = {**reply.headers, "content-length": str(len(reply.body))}
        sent = [(name.encode(), value.encode()) for name, value in lines.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": sent})
        await send({"type": "http.response.body", "body": reply.body})

    async def _answer(self, scope: Scope, request: HttpRequest) -> HttpReply:
        headers = [
            (name.encode(), value.encode("latin-1")) for name, value in request.headers.items()
        ]
        asked = {
            **scope,
            "method": request.method,
            "query_string": request.query.encode(),
            "headers": headers,
        }
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": request.body}

        async def send(message: Message) -> None:
            sent.append(message)

        await self._app(asked, receive, send)
        head, *parts = sent
        lines = {name.decode(): value.decode() for name, value in head["headers"]}
        return HttpReply(head["status"], lines, b"".join(part.get("body", b"") for part in parts))


async def _body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return body


@contextmanager
def altered_server(settings: Settings) -> Iterator[tuple[AlteredApp, str]]:
    """The application, whose `alteration` a test sets, and its URL."""
    app = AlteredApp(create_app(settings))
    listener = bind("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="error"))
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield app, f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def _in_response(change: Callable[[Response], None], code: str | None = None) -> Alteration:
    """`code`: only of replies with this code, `ok` for answers."""

    def altered(_: HttpRequest, reply: HttpReply) -> HttpReply:
        if code not in (None, reply.code):
            return reply
        response = reply.response
        change(response)
        return reply.with_response(response)

    return Alteration(altered)


def _in_error(code: str, **members: Any) -> Alteration:
    return _in_response(lambda response: response["Error"].update(members), code)


def _in_info(change: Callable[[dict[str, Any]], Any]) -> Alteration:
    """A change of AdvancedInfo."""

    def changed(response: Response) -> None:
        info = json.loads(response["AdvancedInfo"])
        changed_info = change(info)
        response["AdvancedInfo"] = (
            changed_info if isinstance(changed_info, dict) else json.dumps(info)
        )

    return _in_response(changed, "ok")


def _refused_if(
    condition: Callable[[HttpRequest, HttpReply], bool], code: str, message: str
) -> Alteration:
    """Another error instead, for some calls."""

    def altered(request: HttpRequest, reply: HttpReply) -> HttpReply:
        if not condition(request, reply):
            return reply
        error = {"Code": code, "Message": message}
        return reply.with_response({**reply.response, "Error": error})

    return Alteration(altered)


def _with_header(name: str, value: str | None) -> Alteration:
    """The header of calls that have none, or (None) of no call."""

    def altered(request: HttpRequest) -> HttpRequest:
        headers = dict(request.headers)
        if value is None:
            headers.pop(name, None)
        else:
            headers.setdefault(name, value)
        return request._replace(headers=headers)

    return Alteration(request=altered)


def _status_400(_: HttpRequest, reply: HttpReply) -> HttpReply:
    return reply if reply.code == "ok" else reply._replace(status=400)


def _charset(_: HttpRequest, reply: HttpReply) -> HttpReply:
    content_type = f"{reply.headers['content-type']}; charset=utf-8"
    return reply._replace(headers={**reply.headers, "content-type": content_type})


def _no_trace_id(_: HttpRequest, reply: HttpReply) -> HttpReply:
    kept = {name: text for name, text in reply.headers.items() if name != "X-TC-TraceId"}
    return reply._replace(headers=kept)


def _second_member(_: HttpRequest, reply: HttpReply) -> HttpReply:
    return reply._replace(body=json.dumps({"Response": reply.response, "Debug": {}}).encode())


def _swapped(info: dict[str, Any]) -> None:
    swap = {-9102: -9103, -9103: -9102}
    if "WarnInfos" in info:
        info["WarnInfos"] = [swap.get(code, code) for code in info["WarnInfos"]]


def _as_texts(info: dict[str, Any]) -> None:
    if "WarnInfos" in info:
        info["WarnInfos"] = [str(code) for code in info["WarnInfos"]]


def _has_null(request: HttpRequest) -> bool:
    return None in request.parameters.values()


def _is_legacy_sha1(request: HttpRequest, _: HttpReply) -> bool:
    return request.parameters.get("SignatureMethod") == "HmacSHA1"


def _misses_both(request: HttpRequest, _: HttpReply) -> bool:
    sent = request.headers.keys()
    return "authorization" in sent and sent.isdisjoint({"x-tc-timestamp", "x-tc-action"})


def _is_invented_and_old(request: HttpRequest, reply: HttpReply) -> bool:
    is_old = reply.code == "AuthFailure.SignatureExpire"
    return is_old and "AKIDinvented" in request.headers["authorization"]


ALTERATIONS: Mapping[tuple[str, str], Alteration] = {
    ("another message", "Error.Message"): _in_error(
        "AuthFailure.SecretIdNotFound", Message="No such SecretId."
    ),
    ("another code", "Error.Code"): _in_error("UnsupportedRegion", Code="InvalidParameterValue"),
    ("an error has status 400", "HTTP status"): Alteration(_status_400),
    ("a charset in Content-Type", "Content-Type"): Alteration(_charset),
    ("no RequestId", "RequestId"): _in_response(lambda response: response.pop("RequestId")),
    ("RequestId is a number", "RequestId"): _in_response(
        lambda response: response.update(RequestId=1)
    ),
    ("a member beside Response", "Debug"): Alteration(_second_member),
    ("a member beside Error", "Name"): _in_response(
        lambda response: response.update(Name=""), "InvalidAction"
    ),
    ("a member in Error", "Error.Detail"): _in_error("InvalidAction", Detail="none"),
    ("a member of answers is missing", "ReflectDetailInfos"): _in_response(
        lambda response: response.pop("ReflectDetailInfos"), "ok"
    ),
    ("a member of answers is added", "Angle"): _in_response(
        lambda response: response.update(Angle=0), "ok"
    ),
    ("a date in another form", "Birth"): _in_response(
        lambda response: response.update(Birth=response["Birth"].replace("/", "-")), "ok"
    ),
    ("AdvancedInfo is an object", "AdvancedInfo"): _in_info(lambda info: info),
    ("warnings are swapped", "AdvancedInfo.WarnInfos"): _in_info(_swapped),
    ("warnings are texts", "AdvancedInfo.WarnInfos"): _in_info(_as_texts),
    ("a crop is missing", "AdvancedInfo.Portrait"): _in_info(
        lambda info: info.pop("Portrait", None) and None
    ),
    ("a crop is no JPEG", "AdvancedInfo.IdCard"): _in_info(
        lambda info: info.update(IdCard="AAAA") if "IdCard" in info else None
    ),
    ("Action is checked before Timestamp", "Error.Message"): _refused_if(
        _misses_both,
        "MissingParameter",
        "The request is missing a required parameter `Action`.",
    ),
    ("the SecretId is looked up before expiry", "Error.Code"): _refused_if(
        _is_invented_and_old,
        "AuthFailure.SecretIdNotFound",
        "The SecretId is not found, please ensure that your SecretId is correct.",
    ),
    ("types are checked before unknown parameters", "Error.Code"): _refused_if(
        lambda request, reply: request.parameters.get("CardSide") == 1,
        "InvalidParameter",
        "The value type of parameter `CardSide` is not valid, input type should be `string`",
    ),
    ("null is refused", "Error.Code"): _refused_if(
        lambda request, reply: _has_null(request), "InvalidParameter", "Incorrect parameter."
    ),
    ("HmacSHA1 is refused", "Error.Code"): _refused_if(
        _is_legacy_sha1,
        "AuthFailure.SignatureFailure",
        "The provided credentials could not be validated. Please check your signature is correct.",
    ),
    ("a GET is refused", "Error.Code"): _refused_if(
        lambda request, reply: request.method == "GET",
        "UnsupportedProtocol",
        "HTTP(S) request protocol error; only GET and POST requests are supported.",
    ),
    ("no message is Chinese", "Error.Message"): _with_header("x-tc-language", None),
    ("messages of the action are English", "Error.Message"): _with_header("x-tc-language", "en-US"),
    ("X-TC-TraceId is not echoed", "X-TC-TraceId"): Alteration(_no_trace_id),
}
"""By name and by where the difference is."""
