"""One method of one path, described once: the record makes its route here, and its part of the
OpenAPI document in `openapi.py`, so that the two cannot drift apart."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import NoneType
from typing import Any, Generic, Literal, TypeVar, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockocr.admin.bodies import MAX_BODY_BYTES, SentScenario, read_body, words_in
from mockocr.admin.filters import check_names
from mockocr.admin.replies import Shown

TEXT: Mapping[str, Any] = {"type": "string"}

ReplyT = TypeVar("ReplyT")


@dataclass(frozen=True, slots=True)
class Parameter:
    """Of a query; whatever else stands in one is refused."""

    name: str
    means: str
    schema: Mapping[str, Any] = field(default_factory=lambda: TEXT)


@dataclass(frozen=True, slots=True)
class At(Generic[ReplyT]):
    """A reply with another status than the first of its endpoint."""

    status: int
    reply: ReplyT


@dataclass(frozen=True, slots=True)
class Endpoint:
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    """Below /__admin, as Starlette writes it."""
    summary: str
    answer: Callable[..., Awaitable[Any]]
    """`async (request) -> reply` or `async (request, words) -> reply`. The annotations are part of
    the record: what comes in is a pydantic model or a SentScenario; what goes out is a pydantic
    model, a Response with a media type, or None."""
    query: Sequence[Parameter] = ()
    statuses: Mapping[int, str] = field(default_factory=dict)
    """What a status means, the usual one first; 200 or 204 where none below 400 is named."""
    description: str = ""
    max_body_bytes: int = MAX_BODY_BYTES

    @property
    def takes(self) -> Any:
        """The type of the body; None where there is none."""
        hints = {name: it for name, it in self._hints().items() if name != "return"}
        return next((it for it in hints.values() if it is not Request), None)

    @property
    def gives(self) -> Any:
        """The type of the reply; None for an empty one."""
        hint = self._hints()["return"]
        hint = get_args(hint)[0] if get_origin(hint) is At else hint
        return None if hint is NoneType else hint

    def _hints(self) -> Mapping[str, Any]:
        return get_type_hints(self.answer)

    def told(self) -> Mapping[int, str]:
        """All statuses below 400."""
        named = {status: means for status, means in self.statuses.items() if status < 400}
        return named or ({204: "Done."} if self.gives is None else {200: "As asked."})

    async def reply(self, request: Request, takes: Any) -> Response:
        check_names(request, [it.name for it in self.query])
        words = []
        if takes is not None:
            content = await read_body(request, self.max_body_bytes)
            if takes is SentScenario:
                content_type = request.headers.get("content-type", "")
                words.append(SentScenario.of(content, content_type))
            else:
                words.append(words_in(content, takes))
        told = await self.answer(request, *words)
        status = next(iter(self.told()))
        if isinstance(told, At):
            status, told = told.status, told.reply
        match told:
            case None:
                return Response(status_code=status)
            case BaseModel():
                return Shown(told.model_dump(), status)
            case _:
                assert isinstance(told, Response)  # noqa: S101 - by the annotation of the answer
                return told


def routes(endpoints: Iterable[Endpoint]) -> list[Route]:
    """One a path, for all its methods: so that 405 tells them all."""
    by_path: dict[str, dict[str, Endpoint]] = {}
    for endpoint in endpoints:
        by_path.setdefault(endpoint.path, {})[endpoint.method] = endpoint
    return [_route(path, by_method) for path, by_method in by_path.items()]


def _route(path: str, by_method: Mapping[str, Endpoint]) -> Route:
    takes = {method: endpoint.takes for method, endpoint in by_method.items()}

    async def reply(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await by_method[method].reply(request, takes[method])

    return Route(path, reply, methods=list(by_method))
