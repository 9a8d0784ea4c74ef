"""A server that works on slow calls answers others, and stops."""

import json
import os
import signal
import time
from base64 import b64encode
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.builders import a_picture
from tests.downloads.servers import saying_and_waiting, serving
from tests.processes import (
    DEADLINE_SECONDS,
    Process,
    Start,
    ask,
    children,
    connection,
    request,
)
from tests.specimens.files import png_of

FREE = ("--log-level=warning", "--auth=off", "--rate=0")
HEAVY = png_of(2100, 2000, rows=(b"\0" + b"\1\2\3" * 2100) * 2000)


def a_call(headers: dict[str, str] | None = None, **parameters: str) -> bytes:
    common = {"X_TC_Version": "2018-11-19", "X_TC_Timestamp": str(int(time.time()))}
    return request(body=json.dumps(parameters).encode(), **common, **(headers or {}))


def a_call_with(picture: bytes) -> bytes:
    return a_call(ImageBase64=b64encode(picture).decode())


def admin(method: str, path: str, body: str = "") -> bytes:
    headers = {"Content_Type": "application/yaml"}
    return request(method, f"/__admin/{path}", body.encode(), **headers)


def workers_of(process: Process, url: str) -> set[int]:
    """The worker processes that decode pictures. Starts one."""
    assert ask(url, a_call_with(HEAVY)).response["Name"]
    workers = children(process.popen.pid)
    assert workers
    return workers


def are_gone(workers: set[int]) -> bool:
    """Waits, because a process ends a moment after its input has ended."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        if time.monotonic() > deadline:
            return False
        os.sched_yield()
    return True


SLOW_PATTERN = """
name: slow
rules:
  - name: a
    when: {header: {X-Long: {regex: "a[ab]{900}c"}}}
    then: {card: invented}
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_slow_downloads_pictures_and_patterns_delay_no_other_call_and_no_stop(
    start: Start, number: signal.Signals, code: int
) -> None:
    """Thirty slow URLs delayed every picture and admin call by 25 s, and the stop by 45 s."""
    process = start(*FREE, "--fetch=loopback")
    url = process.ready()["http"]
    workers = workers_of(process, url)
    assert ask(url, admin("POST", "scenarios", SLOW_PATTERN)).status == 201
    with serving(saying_and_waiting(b"")) as slow, ExitStack() as opened:
        calls = [a_call(ImageUrl=slow.url())] * 30 + [a_call_with(HEAVY + b"another")]
        calls += [a_call({"X_Long": "ab" * 2000}, CardSide="FRONT")] * 4
        for call in calls:
            opened.enter_context(connection(url)).sendall(call)
        assert slow.asked.acquire(timeout=DEADLINE_SECONDS)

        assert ask(url, a_call_with(a_picture())).response["Name"]
        assert ask(url, admin("GET", "requests")).status == 200
        assert ask(url, admin("POST", "scenarios", SLOW_PATTERN)).status == 200
        assert process.stop(number) == (code, "")
    assert are_gone(workers)


def test_a_stop_while_threads_read_pictures_is_an_ordinary_end(start: Start) -> None:
    """A thread in the QR code reader aborted the process: exit code -6."""
    process = start(*FREE)
    url = process.ready()["http"]
    noise = [Image.effect_noise((1500, 1500), 40 + n) for n in range(4)]
    with ExitStack() as opened:
        for image in noise:
            image.save(content := BytesIO(), "JPEG")
            opened.enter_context(connection(url)).sendall(a_call_with(content.getvalue()))
        for _ in range(3):
            assert ask(url, admin("GET", "requests")).status == 200

        assert process.stop() == (143, "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_server_leaves_no_process_behind_however_it_ends(
    start: Start, number: signal.Signals
) -> None:
    process = start(*FREE)
    workers = workers_of(process, process.ready()["http"])
    process.stop(number)

    assert are_gone(workers)


def test_ctrl_c_reaches_the_workers_too_and_only_the_server_ends_them(start: Start) -> None:
    process = start(*FREE)
    url = process.ready()["http"]
    [worker] = workers_of(process, url)
    os.kill(worker, signal.SIGINT)

    assert ask(url, a_call_with(HEAVY + b"another")).response["Name"]
    assert children(process.popen.pid) == {worker}
    assert process.stop(signal.SIGINT) == (130, "")
    assert are_gone({worker})


def test_a_worker_that_was_killed_from_outside_is_replaced(start: Start) -> None:
    process = start(*FREE)
    url = process.ready()["http"]
    [worker] = workers_of(process, url)
    os.kill(worker, signal.SIGKILL)

    assert ask(url, a_call_with(HEAVY + b"another")).response["Name"]
    assert process.stop() == (143, "")
