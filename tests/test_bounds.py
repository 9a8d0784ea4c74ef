"""No call takes more CPU or memory than docs/security.md says: whole calls, each of a kind that is
as costly as the limits allow, or more so."""

import json
import os
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from fuzz.corpus import corpus
from mockocr.actions.idcard.contract import contract_on
from mockocr.documents.document import MAX_NODES, DocumentError
from mockocr.documents.reading import parse_document
from mockocr.pipeline.pipeline import Pipeline
from mockocr.protocol.call import MAX_PAIRS, MAX_V1_BODY_BYTES
from mockocr.protocol.parameters import MAX_ESCAPES, MAX_SEPARATORS
from mockocr.protocol.wire import MAX_BODY_BYTES, WireRequest
from mockocr.scenario.load import load
from tests.pipelines import a_pipeline
from tests.processes import children
from tests.requests import NOW, a_call, a_get, a_v1_call, with_authorization
from tests.scenario.scripts import a_scenario
from tests.specimens.files import bmp_rle, jpeg_of, png_of, png_that_says

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

MAX_CPU_SECONDS = 5
"""Of the server, its threads and its workers."""
MAX_SERVER_BYTES = 128 * 1024 * 1024
"""What the server allocates for one call, its body included."""
MAX_WORKER_BYTES = 300 * 1024 * 1024
"""A whole worker process."""

_FLAGS = json.dumps(dict.fromkeys(sorted(contract_on(NOW.date()).flags), True))


def a_picture_call(content: bytes, **more: Any) -> WireRequest:
    return a_call({"ImageBase64": b64encode(content).decode(), "Config": _FLAGS, **more})


def _saved(size: tuple[int, int], kind: str) -> bytes:
    Image.effect_noise(size, 60).convert("RGB").save(content := BytesIO(), kind)
    return content.getvalue()


PICTURES: Mapping[str, Callable[[], bytes]] = {
    "png-25-megapixels": lambda: png_of(5000, 4999, rows=(b"\0" + bytes(15_000)) * 4999),
    "png-too-many-pixels": lambda: png_that_says(9000, 2900),
    "png-16-bits": lambda: png_of(
        2500, 2500, depth=16, colour_type=6, rows=(b"\1" + bytes(20_000)) * 2500
    ),
    "png-of-noise": lambda: _saved((1200, 1200), "PNG"),
    "jpeg-a-scan-for-each-component": lambda: jpeg_of(4100, 4000, [(1,), (2,), (3,)]),
    "jpeg-90-scans": lambda: jpeg_of(1300, 1300, [(1, 2, 3)] * 90, progressive=True),
    "jpeg-1000-scans": lambda: jpeg_of(9000, 9000, [(1, 2, 3)] * 1000),
    "jpeg-of-noise": lambda: _saved((4000, 3000), "JPEG"),
    "bmp-run-lengths": lambda: bmp_rle(1900, 1900, b"\xff\1" * 100_000),
    "bmp-too-many-run-lengths": lambda: bmp_rle(2000, 2000, b"\1\2" * 200_000),
    "bmp-of-noise": lambda: _saved((1300, 1300), "BMP"),
    "noise": lambda: b"\xff\xd8\xff" + os.urandom(5_000_000),
} | {
    f"corpus-{number}": lambda it=content: it for number, content in enumerate(corpus("containers"))
}


def _json_bodies() -> Iterator[tuple[str, bytes]]:
    yield "nested", b'{"a": ' + b"[" * 100_000
    yield "nested-objects", b'{"a": ' * 100_000
    yield "separators", b'{"a": [' + b"1," * (MAX_SEPARATORS - 5) + b"1]}"
    yield "too-many-separators", b'{"a": [' + b"1," * 4_000_000 + b"1]}"
    yield "escapes", b'{"ImageBase64": "' + b"\\/" * (MAX_ESCAPES - 5) + b'"}'
    yield "unicode-escapes", b'{"ImageBase64": "' + b"\\u0041" * 1_700_000 + b'"}'
    yield "half-characters", b'{"CardSide": "' + b"\\ud800" * 40_000 + b'"}'
    yield "one-long-text", b'{"CardSide": "' + b"a" * (MAX_BODY_BYTES - 20) + b'"}'
    yield "one-long-number", b'{"CardSide": ' + b"1" * (MAX_BODY_BYTES - 20) + b"}"
    yield "not-utf-8", b'{"CardSide": "' + b"a" * 9_000_000 + b"\xff"
    yield "blanks", b" " * (MAX_BODY_BYTES - 20) + b"{}"
    yield "base64-with-blanks", b'{"ImageBase64": "' + b"QUJD " * 1_900_000 + b'"}'
    config = json.dumps({f"Flag{n}": True for n in range(3000)})
    yield "flags", json.dumps({"ImageUrl": "https://xx/a", "Config": config}).encode()
    yield "nested-config", json.dumps({"ImageUrl": "https://xx/a", "Config": "[" * 90_000}).encode()


JSON_BODIES = dict(_json_bodies())


def _wrong(request: WireRequest) -> WireRequest:
    return with_authorization(request, "Signature=", "Signature=0")


_LONG_HEADERS = {f"X-Long-{n}": "ab" * 300 for n in range(90)}

OTHERS: Mapping[str, Callable[[], WireRequest]] = {
    "long-url": lambda: a_call({"ImageUrl": "https://" + "a" * 9_000_000}),
    "url-of-many-parts": lambda: a_call({"ImageUrl": "https://xx/" + "a/../" * 1_000_000}),
    "long-query": lambda: a_get({"ImageUrl": "https://xx/" + "%" * 10_000}),
    "pattern": lambda: a_call({"CardSide": "FRONT"}, X_Long="ab" * 30_000),
    "pattern-within-the-limit": lambda: a_call({"CardSide": "FRONT"}, X_Long="ab" * 2000),
    "wrong-signature": lambda: _wrong(a_call()),
    "wrong-signature-of-a-long-body": lambda: _wrong(
        a_call(b'{"CardSide": "' + b"a" * 1_000_000 + b'"}')
    ),
    "wrong-signature-of-long-headers": lambda: _wrong(a_call(**_LONG_HEADERS)),
    "wrong-legacy-signature": lambda: a_v1_call(Signature="AAAA"),
    "wrong-legacy-signature-of-a-long-form": lambda: a_v1_call(
        {"ImageBase64": "A" * (MAX_V1_BODY_BYTES - 1000)}, Signature="AAAA"
    ),
    "wrong-legacy-signature-of-many-pairs": lambda: a_v1_call(
        {f"a{n}": "b" * 900 for n in range(MAX_PAIRS - 10)}, Signature="AAAA"
    ),
    "many-pairs": lambda: a_v1_call({f"a{n}": "b" for n in range(5000)}),
}

SLOW_PATTERNS = "name: slow\nrules:\n" + "".join(
    f"- {{name: r{n}, when: {{header: {{X-Long: {{regex: 'a[ab]{{{900 + n}}}c'}}}}}},"
    " then: {card: invented}}\n"
    for n in range(10)
)


class Use:
    """The CPU time and the memory of a block."""

    def __enter__(self) -> "Use":
        # Begins the peak anew.
        Path("/proc/self/clear_refs").write_text("5")
        self._before = _status_bytes("self", "VmRSS")
        self._begun = _cpu_seconds()
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu_seconds = _cpu_seconds() - self._begun
        self.server_bytes = _status_bytes("self", "VmHWM") - self._before
        workers = (_status_bytes(pid, "VmHWM") for pid in children(os.getpid()))
        self.worker_bytes = max(workers, default=0)


def _status_bytes(pid: int | str, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(name)), 0)


def _cpu_seconds() -> float:
    ticks = 0
    for pid in children(os.getpid()):
        behind_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(behind_name[11]) + int(behind_name[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def assert_bounded(use: Use) -> None:
    assert use.cpu_seconds < MAX_CPU_SECONDS
    assert use.server_bytes < MAX_SERVER_BYTES
    assert use.worker_bytes < MAX_WORKER_BYTES


@pytest.fixture(scope="module")
def pipeline() -> Iterator[Pipeline]:
    made = a_pipeline()
    made.state.registry.play(a_scenario(SLOW_PATTERNS))
    # What is imported late does not count.
    made.answer(a_picture_call(png_of(2100, 2000, rows=(b"\0" + bytes(6300)) * 2000)))
    made.answer(_wrong(a_call()))
    yield made
    made.state.close()


@pytest.mark.parametrize("make", PICTURES.values(), ids=PICTURES)
def test_no_picture_takes_more_than_its_bound(
    pipeline: Pipeline, make: Callable[[], bytes]
) -> None:
    request = a_picture_call(make())

    with Use() as use:
        pipeline.answer(request)

    assert_bounded(use)


@pytest.mark.parametrize("body", JSON_BODIES.values(), ids=JSON_BODIES)
def test_no_body_takes_more_than_its_bound(pipeline: Pipeline, body: bytes) -> None:
    request = a_call(body[:MAX_BODY_BYTES])

    with Use() as use:
        pipeline.answer(request)

    assert_bounded(use)


@pytest.mark.parametrize("make", OTHERS.values(), ids=OTHERS)
def test_no_url_pattern_or_signature_takes_more_than_its_bound(
    pipeline: Pipeline, make: Callable[[], WireRequest]
) -> None:
    request = make()

    with Use() as use:
        pipeline.answer(request)

    assert_bounded(use)


@pytest.mark.parametrize(
    "text",
    [
        "name: n\nrules:\n" + "- {name: a}\n" * (MAX_NODES // 3 - 10),
        f"a: [{'1, ' * (MAX_NODES - 5)}]",
        "name: n\nexpect:\n" + "".join(f"  q{n}: 1\n" for n in range(MAX_NODES // 2 - 10)),
    ],
    ids=["rules", "list", "mapping"],
)
def test_no_scenario_takes_more_than_its_bound(text: str) -> None:
    with Use() as use, pytest.raises(DocumentError):
        load(parse_document(text, "f"))

    assert_bounded(use)
