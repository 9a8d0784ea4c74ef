"""Requests and steps of signatures as people paste them."""

from mockocr.protocol import tc3
from mockocr.protocol.wire import WireRequest
from tests.requests import verified


def raw(request: WireRequest, line_end: str = "\n") -> str:
    target = f"/?{request.query}" if request.query else "/"
    lines = [f"{request.method} {target} HTTP/1.1"]
    lines += [f"{name.title()}: {text}" for name, text in request.headers.items()]
    return line_end.join([*lines, "", request.body.decode()])


def curl(request: WireRequest) -> str:
    headers = " ".join(f"-H '{name}: {text}'" for name, text in request.headers.items())
    query = f"?{request.query}" if request.query else ""
    data = f" --data-raw '{request.body.decode()}'" if request.body else ""
    return f"curl -sS \\\n  -X {request.method} {headers} 'http://127.0.0.1:8018/{query}'{data}"


def steps_of(request: WireRequest) -> tuple[str, str]:
    signature = verified(request)
    return str(signature.canonical_request), signature.string_to_sign


def hashed_again(canonical: str, text: str) -> str:
    return tc3.string_to_sign(int(text.split("\n")[1]), text.split("\n")[2], canonical)
