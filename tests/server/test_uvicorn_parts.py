"""What is used of uvicorn, by name: an upgrade that changes it fails here first."""

import inspect
from pathlib import Path

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from mockocr.server.uvicorn_parts import AsgiExchange

ROOT = Path(__file__).parents[2]

TAKEN = [
    "scope",
    "transport",
    "flow",
    "logger",
    "access_logger",
    "access_log",
    "default_headers",
    "message_event",
    "expect_100_continue",
    "keep_alive",
    "on_response",
]
READ_OR_SET = {
    "body",
    "chunked_encoding",
    "disconnected",
    "keep_alive",
    "message_event",
    "more_body",
    "on_response",
    "response_complete",
    "response_started",
}


def test_uvicorn_has_all_names_that_are_used_of_it() -> None:
    init = inspect.signature(RequestResponseCycle.__init__)
    code = RequestResponseCycle.__init__.__code__

    assert list(init.parameters) == ["self", *TAKEN]
    assert set(code.co_names) >= READ_OR_SET
    assert inspect.iscoroutinefunction(RequestResponseCycle.run_asgi)
    assert STATUS_LINE[200] == b"HTTP/1.1 200 OK\r\n"


def test_no_more_names_are_used_of_it() -> None:
    source = inspect.getsource(AsgiExchange)
    own = vars(AsgiExchange).keys()

    used = {name for name in vars(_an_exchange()) if f"self.{name}" in source}
    assert used - own <= READ_OR_SET


def test_only_one_file_imports_it() -> None:
    importing = {
        file.name
        for file in (ROOT / "mockocr").rglob("*.py")
        if any(
            line.lstrip().startswith(("import uvicorn", "from uvicorn"))
            for line in file.read_text(encoding="utf-8").splitlines()
        )
    }

    assert importing == {"uvicorn_parts.py"}


def _an_exchange() -> AsgiExchange:
    return AsgiExchange(
        {},
        None,  # type: ignore[arg-type]
        None,  # type: ignore[arg-type]
        [],
        expects_continue=False,
        keep_alive=True,
        on_response=lambda: None,
    )
