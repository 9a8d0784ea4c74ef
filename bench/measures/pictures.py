"""The cost of a call with a new picture: CPU time of the whole server."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from threading import Thread

from PIL import Image

from bench.calls import FLAGS, Call, noise, recognized, small, specimen
from bench.distortions import ENVELOPE
from bench.figure import Figure
from bench.length import Length
from bench.servers import Running, mockocr, running
from bench.shots import Shot
from bench.steady import p99_milliseconds

CPU = "CPU a call"
AGAIN = "the same specimen again"
RATE, SECONDS = 100, 2
P99_BESIDE = f"p99 of a small call, {RATE}/s, beside"
NEVER_SEEN: Mapping[str, Callable[[int], Call]] = {
    "a specimen": lambda number: recognized(specimen(number)),
    "a specimen, every warning and crop asked for": lambda number: recognized(
        specimen(number), (*FLAGS, "CropIdCard", "CropPortrait")
    ),
    "a specimen as a phone takes it": lambda number: recognized(_photographed(specimen(number))),
    "no specimen, but noise, 200 KB": lambda number: noise(200_000, number),
}


def pictures(length: Length) -> Iterator[Figure]:
    figure = Figure(CPU, " ms")
    calls = {kind: [make(n) for n in range(length.pictures)] for kind, make in NEVER_SEEN.items()}
    calls[AGAIN] = [recognized(specimen(0))] * 10 * length.pictures
    for _ in range(length.other_rounds):
        for kind, of_kind in calls.items():
            figure.add(kind, _cpu_milliseconds(of_kind))
    yield figure
    yield _beside(length, [call for kind in NEVER_SEEN for call in calls[kind]])


def _beside(length: Length, never_seen: Sequence[Call]) -> Figure:
    figure = Figure(P99_BESIDE, " ms")
    for _ in range(length.other_rounds):
        figure.add("nothing else", _small_calls_milliseconds([]))
        figure.add(
            "pictures never seen, one after the other", _small_calls_milliseconds(never_seen)
        )
    return figure


def _small_calls_milliseconds(pictures: Sequence[Call]) -> float:
    """The p99 of small calls while another client sends these calls one after the other."""
    with running(mockocr(), small()) as started:
        sender = Thread(target=_ask_all, args=(started, pictures))
        sender.start()
        found = p99_milliseconds(started, small(), RATE, SECONDS)
        sender.join()
        return found


def _ask_all(started: Running, calls: Sequence[Call]) -> None:
    for call in calls:
        started.ask(call)


def _cpu_milliseconds(calls: Sequence[Call]) -> float:
    """The cost of one call, after the server has read another picture of the kind and has
    imported everything it needs."""
    with running(mockocr(), calls[0]) as started:
        before = started.cpu_seconds()
        for call in calls[1:]:
            started.ask(call)
        return 1000 * (started.cpu_seconds() - before) / (len(calls) - 1)


def _photographed(picture: bytes) -> bytes:
    image = Image.open(BytesIO(picture)).convert("RGB")
    chance = random.Random(0)  # noqa: S311 - no secret
    content = BytesIO()
    ENVELOPE["phone"](Shot(image, ()), chance).image.save(content, "JPEG", quality=90)
    return content.getvalue()
