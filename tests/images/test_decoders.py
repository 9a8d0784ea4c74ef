"""Heavy pictures are decoded in a few processes, which are bounded and may be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO

import pytest
from PIL import Image

from mockocr.images.decoders import Decoders, _Worker, command
from mockocr.images.decoding import Pixels, decode
from mockocr.images.header import outline_of
from mockocr.images.image import Base64Image, ImageError, NotDecodedError
from mockocr.images.worker import NICENESS, REPLY, REQUEST, RESULTS, serve
from mockocr.protocol.parameters import LongText
from mockocr.recognition.call_image import DECODING_SECONDS, CallImage
from mockocr.recognition.crops import Crops
from mockocr.recognition.picture_cache import PictureCache
from mockocr.specimens.draw.specimen import draw, encoded
from mockocr.specimens.finding import Finding
from tests.builders import a_picture, base64
from tests.processes import children
from tests.specimens.files import jpeg_of, png_of
from tests.specimens.people import LI_MING

ENOUGH = 2_500_000
HEAVY = png_of(2100, 2000, rows=(b"\0" + b"\1\2\3" * 2100) * 2000)
HOUR = 3600


def in_an_hour() -> float:
    return time.monotonic() + HOUR


@pytest.fixture
def decoders() -> Iterator[Decoders]:
    with closing(Decoders()) as opened:
        yield opened


def test_a_worker_decodes_like_the_server(decoders: Decoders) -> None:
    for content in (HEAVY, a_picture("JPEG"), a_picture("BMP")):
        there, here = decoders.decode(content, ENOUGH, in_an_hour()), decode(content, ENOUGH)

        assert isinstance(there, Pixels)
        assert isinstance(here, Pixels)
        assert (there.width, there.height) == (here.width, here.height)
        assert there.image.tobytes() == here.image.tobytes()


@pytest.mark.parametrize("content", [b"fake", b"", HEAVY[:-500], png_of(10, 10, rows=b"")])
def test_a_worker_finds_the_same_errors_as_the_server(decoders: Decoders, content: bytes) -> None:
    assert decoders.decode(content, ENOUGH, in_an_hour()) is decode(content, ENOUGH)


def test_processes_start_when_they_are_needed_and_are_used_again() -> None:
    before = children()
    with closing(Decoders(2)) as decoders:
        assert children() == before
        decoders.decode(HEAVY, ENOUGH, in_an_hour())
        first = children() - before
        decoders.decode(HEAVY, ENOUGH, in_an_hour())
        assert len(first) == 1
        assert children() - before == first
        with ThreadPoolExecutor(8) as threads:
            decoded = list(
                threads.map(lambda _: decoders.decode(HEAVY, ENOUGH, in_an_hour()), range(8))
            )
        assert all(isinstance(it, Pixels) for it in decoded)
        assert len(children() - before) == 2
    assert children() == before


SILENT = (sys.executable, "-c", "import sys; sys.stdin.buffer.read()")


def test_a_worker_that_takes_too_long_is_killed_and_replaced() -> None:
    commands: Iterator[Sequence[str]] = iter([SILENT, command()])
    before = children()
    with closing(Decoders(1, lambda: next(commands))) as decoders:
        with pytest.raises(NotDecodedError, match="the time limit was exceeded"):
            decoders.decode(HEAVY, ENOUGH, time.monotonic())
        assert len(children() - before) == 1

        assert isinstance(decoders.decode(HEAVY, ENOUGH, in_an_hour()), Pixels)
    assert children() == before


def test_a_worker_that_was_killed_within_a_request_leaves_no_open_pipe() -> None:
    worker = _Worker(command())
    requests, replies = worker._process.stdin, worker._process.stdout
    assert requests is not None
    assert replies is not None
    worker.kill()
    worker._process.wait()
    requests.write(b"the rest")

    worker.end()

    assert requests.closed
    assert replies.closed


def test_a_picture_that_finds_no_free_worker_in_time_is_not_decoded() -> None:
    with closing(Decoders(1, lambda: SILENT)) as decoders, ThreadPoolExecutor(1) as thread:
        before = children()
        busy = thread.submit(decoders.decode, HEAVY, ENOUGH, in_an_hour())
        while not children() - before:
            os.sched_yield()
        with pytest.raises(NotDecodedError):
            decoders.decode(HEAVY, ENOUGH, 0)
        decoders.close()
        with pytest.raises(NotDecodedError):
            busy.result()


DYING = (sys.executable, "-c", "1")


def test_a_picture_on_which_workers_die_is_undecodable_and_the_next_one_is_decoded() -> None:
    commands: Iterator[Sequence[str]] = iter([DYING, DYING, command()])
    too_long_for_a_pipe = HEAVY + bytes(1_000_000)
    with closing(Decoders(1, lambda: next(commands))) as decoders:
        assert decoders.decode(too_long_for_a_pipe, ENOUGH, in_an_hour()) is ImageError.UNDECODABLE
        assert isinstance(decoders.decode(HEAVY, ENOUGH, in_an_hour()), Pixels)


def test_a_process_that_cannot_start_is_the_reason_and_is_tried_again() -> None:
    missing = ("/no/such/interpreter",)
    commands: Iterator[Sequence[str]] = iter([missing, DYING, missing, command()])
    with closing(Decoders(1, lambda: next(commands))) as decoders:
        with pytest.raises(NotDecodedError, match="cannot start a process to decode it"):
            decoders.decode(HEAVY, ENOUGH, in_an_hour())
        assert isinstance(decoders.decode(HEAVY, ENOUGH, in_an_hour()), Pixels)


def test_closing_waits_for_no_picture() -> None:
    before = children()
    decoders = Decoders(1, lambda: SILENT)
    with ThreadPoolExecutor(1) as thread:
        busy = thread.submit(decoders.decode, HEAVY, ENOUGH, in_an_hour())
        while not children() - before:
            os.sched_yield()
        decoders.close()
        with pytest.raises(NotDecodedError):
            busy.result()
    assert children() == before
    with pytest.raises(NotDecodedError, match="stopping"):
        decoders.decode(HEAVY, ENOUGH, in_an_hour())


def test_a_worker_that_answers_after_closing_is_ended() -> None:
    class ClosedMeanwhile(Decoders):
        def _take(self) -> _Worker:
            worker = super()._take()
            self._is_closed = True
            return worker

    before = children()

    assert isinstance(ClosedMeanwhile(1).decode(HEAVY, ENOUGH, in_an_hour()), Pixels)
    assert children() == before


def test_decoders_that_nobody_closes_leave_no_process() -> None:
    before = children()
    decoders = Decoders(1)
    decoders.decode(HEAVY, ENOUGH, in_an_hour())
    assert children() != before
    del decoders

    assert children() == before


def test_a_worker_ends_with_its_server_and_ignores_ctrl_c() -> None:
    pipe = subprocess.PIPE
    process = subprocess.Popen(command(), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(REQUEST.pack(ENOUGH, 4) + b"fake")
    process.stdin.flush()
    assert RESULTS[REPLY.unpack(process.stdout.read(REPLY.size))[0]] is ImageError.UNDECODABLE
    process.send_signal(signal.SIGINT)
    process.stdin.write(REQUEST.pack(ENOUGH, len(HEAVY)) + HEAVY)
    process.stdout.close()
    process.stdin.close()

    assert process.wait(timeout=60) >= 0, "a signal ended it"


def test_a_worker_answers_requests_in_their_order() -> None:
    contents = [b"fake", a_picture("PNG", width=30, height=20)]
    requests = b"".join(REQUEST.pack(ENOUGH, len(it)) + it for it in contents)
    serve(BytesIO(requests), replies := BytesIO())

    sent = replies.getvalue()
    assert REPLY.unpack_from(sent) == (RESULTS.index(ImageError.UNDECODABLE), 0, 0, 0, 0)
    assert REPLY.unpack_from(sent, REPLY.size) == (0, 30, 20, 30, 20)
    assert len(sent) == 2 * REPLY.size + 30 * 20 * 3


TOO_MUCH = """
from mockocr.images import worker
worker.limit_memory()
try:
    bytearray(worker.MAX_DATA_BYTES)
except MemoryError:
    print("limited")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process")
def test_a_worker_can_allocate_no_more_than_its_limit() -> None:
    run = subprocess.run(
        [sys.executable, "-c", TOO_MUCH], capture_output=True, check=True, text=True
    )

    assert run.stdout == "limited\n"


# In a call


def an_image(content: bytes) -> Base64Image:
    return Base64Image(LongText.of(base64(content)))


def test_a_heavy_specimen_is_read_measured_and_cut_like_any_other() -> None:
    with closing(PictureCache()) as pictures:
        call_image = CallImage(pictures, an_image(encoded(draw(LI_MING, (3000, 2000)), "PNG")))
        reading = call_image.read()
        assert isinstance(reading, Finding)
        (side,) = reading.sides

        assert side.card_data.id_num == LI_MING.id_num
        assert call_image.measure(side).quality > 50
        assert isinstance(call_image.cut(side), Crops)


def test_a_picture_that_is_late_is_too_large_with_the_reason_and_may_be_in_time_later() -> None:
    with closing(PictureCache()) as pictures:
        image = an_image(encoded(draw(LI_MING, (3000, 2000)), "PNG"))
        late = CallImage(pictures, image, arrived=time.monotonic() - DECODING_SECONDS)

        assert late.read() is ImageError.TOO_LARGE
        assert late.reason == "the picture was not decoded: the time limit was exceeded"
        assert isinstance(CallImage(pictures, image).read(), Finding)


def test_a_picture_that_costs_too_much_is_too_large_with_the_reason_each_time() -> None:
    content = jpeg_of(4000, 4000, [(1,)] * 2500)
    pictures = PictureCache()
    for _ in range(2):
        call_image = CallImage(pictures, an_image(content))

        assert call_image.read() is ImageError.TOO_LARGE
        assert call_image.reason == (
            "the picture was not decoded: 2500 scans of the picture, at most 100"
        )


def test_no_process_starts_for_light_pictures() -> None:
    before = children()
    with closing(PictureCache()) as pictures:
        content = encoded(draw(LI_MING), "JPEG")
        assert isinstance(CallImage(pictures, an_image(content)).read(), Finding)
        assert children() == before


def test_a_large_photo_of_a_camera_is_light_and_a_large_png_is_heavy() -> None:
    image = Image.radial_gradient("L").resize((4000, 3000)).convert("RGB")
    image.save(content := BytesIO(), "JPEG", quality=90)

    photo, heavy = outline_of(content.getvalue()), outline_of(HEAVY)
    assert photo is not None
    assert heavy is not None
    assert (photo.cost.is_light, heavy.cost.is_light) == (True, False)


def test_a_worker_has_a_lower_priority_than_its_server(decoders: Decoders) -> None:
    before = children()
    decoders.decode(HEAVY, ENOUGH, in_an_hour())
    [worker] = children() - before

    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, worker) == min(19, own + NICENESS)
