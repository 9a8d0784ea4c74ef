"""Endpoints: one record describes a method of a path. Routes (here) and the OpenAPI document
(`openapi.py`) are both generated from it, so they always agree."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from inspect import iscoroutinefunction
from types import NoneType, UnionType
from typing import Any, Generic, Literal, TypeVar, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockocr.admin.bodies import MAX_BODY_BYTES, SentScenario, parse_body, read_body
from mockocr.admin.filters import check_names
from mockocr.admin.replies import Reply, SafeJSONResponse, to_dict
from mockocr.pipeline.pools import Pool

SHORT_BYTES = 4096
"""Longer bodies are parsed in a thread."""

TEXT: Mapping[str, Any] = {"type": "string"}

ReplyT = TypeVar("ReplyT")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter. Requests with unknown parameters are refused."""

    name: str
    description: str
    schema: Mapping[str, Any] = field(default_factory=lambda: TEXT)


@dataclass(frozen=True, slots=True)
class At(Generic[ReplyT]):
    """A reply with a status other than the first one of its endpoint."""

    status: int
    reply: ReplyT


@dataclass(frozen=True, slots=True)
class Endpoint:
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    """The path below /__admin, in Starlette's syntax."""
    summary: str
    answer: Callable[..., Any]
    """`(request) -> reply` or `(request, body) -> reply`. The types are read from the annotations:
    the body is a pydantic model or a SentScenario; the reply is a pydantic model, a Response with a
    media type, one of several, or None. An async function runs on the event loop; any other
    function may be slow, and runs in a thread."""
    query: Sequence[Parameter] = ()
    statuses: Mapping[int, str] = field(default_factory=dict)
    """Descriptions of statuses, the usual one first; default: 200, or 204 without a reply."""
    description: str = ""
    max_body_bytes: int = MAX_BODY_BYTES

    @property
    def body_type(self) -> Any:
        """The type of the body; None if there is none."""
        hints = [hint for name, hint in self._hints().items() if name != "return"]
        return next((hint for hint in hints if hint is not Request), None)

    @property
    def reply_types(self) -> Sequence[Any]:
        """The types of replies; none if they are empty."""
        hint = self._hints()["return"]
        hint = get_args(hint)[0] if get_origin(hint) is At else hint
        types = get_args(hint) if get_origin(hint) is UnionType else (hint,)
        return [each for each in types if each is not NoneType]

    def _hints(self) -> Mapping[str, Any]:
        return get_type_hints(self.answer)

    def success_statuses(self) -> Mapping[int, str]:
        """All statuses below 400."""
        named = {status: text for status, text in self.statuses.items() if status < 400}
        return named or ({200: "The result."} if self.reply_types else {204: "Done."})

    async def reply(self, request: Request, body_type: Any, pool: Pool) -> Response:
        """`pool`: the threads for slow work."""
        check_names(request, [parameter.name for parameter in self.query])
        arguments = []
        if body_type is not None:
            content = await read_body(request, self.max_body_bytes)
            parse = partial(_parse, content, body_type, request.headers.get("content-type", ""))
            arguments.append(await pool.run(parse) if len(content) > SHORT_BYTES else parse())
        if iscoroutinefunction(self.answer):
            return self._response(await self.answer(request, *arguments))
        return await pool.run(lambda: self._response(self.answer(request, *arguments)))

    def _response(self, reply: Any) -> Response:
        status = next(iter(self.success_statuses()))
        if isinstance(reply, At):
            status, reply = reply.status, reply.reply
        match reply:
            case None:
                return Response(status_code=status)
            case Reply():
                return SafeJSONResponse(to_dict(reply), status)
            case BaseModel():
                return SafeJSONResponse(reply.model_dump(), status)
            case _:
                assert isinstance(reply, Response)  # noqa: S101 - by the annotation of the answer
                return reply


def _parse(content: bytes, body_type: Any, content_type: str) -> Any:
    """Raises HTTPException."""
    if body_type is SentScenario:
        return SentScenario.of(content, content_type)
    return parse_body(content, body_type)


def routes(endpoints: Iterable[Endpoint], pool: Pool) -> list[Route]:
    """One route per path for all its methods, so that a 405 lists them all."""
    by_path: dict[str, dict[str, Endpoint]] = {}
    for endpoint in endpoints:
        by_path.setdefault(endpoint.path, {})[endpoint.method] = endpoint
    return [_route(path, by_method, pool) for path, by_method in by_path.items()]


def _route(path: str, by_method: Mapping[str, Endpoint], pool: Pool) -> Route:
    body_types = {method: endpoint.body_type for method, endpoint in by_method.items()}

    async def reply(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await by_method[method].reply(request, body_types[method], pool)

    return Route(path, reply, methods=list(by_method))
