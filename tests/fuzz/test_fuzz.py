"""Each fuzzer for a few seconds, and a check that it finds the bugs it is made for."""

import gc
import json
import logging
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from mmap import mmap
from pathlib import Path
from random import Random

import pytest

from fuzz import authorization, bodies, containers, http, scalars
from fuzz.__main__ import TARGETS, main
from fuzz.answers import answers_in, outcome_of
from fuzz.bugs import bugs_of_mockocr
from fuzz.calls import KEYS_FILE, a_good_call
from fuzz.loop import fuzz
from fuzz.memory import Bound
from fuzz.server import serving
from fuzz.target import FoundError, Target
from mockocr.documents.document import DocumentError, Problem
from mockocr.images.header import outline_of
from tests.specimens.files import png_of

SECONDS = 1


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_a_few_seconds_of_fuzzing_find_nothing(name: str, tmp_path: Path) -> None:
    last = tmp_path / "last"
    with TARGETS[name]() as target:
        run = fuzz(target, SECONDS, 1, last)

    assert run.found is None, f"{run.found}, with {run.input!r}"
    assert run.inputs > len(target.seeds)
    assert not last.exists()


# What is found


@contextmanager
def afraid_of_an_x() -> Iterator[Target]:
    def changed(known: object, random: Random) -> bytes:
        return random.randbytes(8)

    def tried(sent: bytes) -> str:
        if b"x" in sent:
            raise ZeroDivisionError("an x")
        return "fine"

    yield Target([b"a seed"], changed, tried, lambda: None)


def test_a_finding_is_stored_with_the_command_to_replay_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(TARGETS, "planted", afraid_of_an_x)

    assert main(["planted", "--seconds=60", "--seed=3", f"--folder={tmp_path}"]) == 1
    message = capsys.readouterr().out
    [finding] = [file for file in tmp_path.iterdir() if "before" not in file.name]
    assert "found: ZeroDivisionError: an x" in message
    assert f"replay: python -m fuzz planted --replay {finding}\n" in message
    assert b"x" in finding.read_bytes()

    assert main(["planted", f"--replay={finding}", f"--folder={tmp_path}"]) == 1
    assert "an x" in capsys.readouterr().out
    assert main(["planted", f"--replay={__file__}".replace("test_fuzz", "__init__")]) == 0


def test_the_same_seed_makes_the_same_inputs(tmp_path: Path) -> None:
    def run(seed: int) -> tuple[int, bytes]:
        with afraid_of_an_x() as target:
            each = fuzz(target, 60, seed, tmp_path / "last")
        return each.inputs, each.input

    assert run(5) == run(5) != run(6)


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, {"Response": {"RequestId": "r", "Error": {"Code": "InternalError"}}}),
        (200, {"Response": {"RequestId": "r", "Error": {"Code": "NoSuchCode"}}}),
        (200, {"Response": {"Name": "somebody"}}),
        (500, {"error": "ours"}),
    ],
)
def test_an_undocumented_answer_is_found(status: int, result: object) -> None:
    body = json.dumps(result).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n"
    received = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body

    with pytest.raises(FoundError):
        [outcome_of(answer) for answer in answers_in(received)]


def test_an_answer_that_is_not_http_is_found() -> None:
    with pytest.raises(FoundError):
        list(answers_in(b"Traceback (most recent call last)\r\n\r\n"))


def test_a_picture_that_takes_too_long_or_too_much_memory_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    picture = png_of(3000, 3000, rows=(b"\0" + bytes(9000)) * 3000)
    assert containers.tried(picture) == "PNG: heavy"

    monkeypatch.setattr(containers, "MOST_CPU_SECONDS", 0)
    with pytest.raises(FoundError, match=r"it took \d\.\d seconds"):
        containers.tried(picture)
    monkeypatch.undo()
    monkeypatch.setattr(containers, "MOST_AT_ONCE", -1)
    with pytest.raises(FoundError, match=r"it took \d+ MiB"):
        containers.tried(picture)


def test_a_picture_of_another_size_than_its_header_says_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = outline_of(png_of(30, 40, rows=b""))
    monkeypatch.setattr(containers, "outline_of", lambda content: other)

    with pytest.raises(FoundError, match="decoded 50x50 pixels from"):
        containers.tried(png_of(50, 50, rows=(b"\0" + bytes(150)) * 50))


def test_yaml_that_takes_too_long_or_is_refused_without_its_place_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert scalars.tried(b"name: n\nrules: []\n") == "a scenario"

    monkeypatch.setattr(scalars, "MOST_CPU_SECONDS", -1)
    with pytest.raises(FoundError, match="it took"):
        scalars.tried(b"name: n\nrules: []\n")
    monkeypatch.undo()

    def refuse(text: str, source: str) -> None:
        raise DocumentError(source, [Problem(None, "wrong")])

    monkeypatch.setattr(scalars, "parse_document", refuse)
    with pytest.raises(FoundError, match="no location"):
        scalars.tried(b"")


SPOILT = KEYS_FILE.replace('"rate": 0', '"scenarios": ["error-internal-error"], "rate": 0', 1)


def test_a_server_that_answers_with_a_bug_is_found() -> None:
    with serving("--tls-port=off", "--keys-file=k", files={"k": SPOILT}) as server:
        with pytest.raises(FoundError, match="InternalError is not documented, or a bug"):
            http.tried(server, a_good_call())
        with pytest.raises(FoundError, match="InternalError"):
            bodies.tried(server, b'{"ImageUrl": "https://xx/a.jpg"}')


@pytest.mark.slow
def test_a_server_that_accepts_any_signature_is_found() -> None:
    forged = re.sub(rb"Signature=[0-9a-f]{8}", b"Signature=00000000", a_good_call())
    with serving("--tls-port=off", "--auth=off", "--keys-file=k", files={"k": KEYS_FILE}) as server:
        authorization.tried(server, a_good_call())
        with pytest.raises(FoundError, match="nobody had signed"):
            authorization.tried(server, forged)


def test_a_server_that_logs_an_error_or_dies_is_found() -> None:
    with ExitStack() as stack:
        server = stack.enter_context(serving("--tls-port=off"))
        server.log.write_text("a traceback")
        with pytest.raises(FoundError, match="the log says: a traceback"):
            server.insist_on_silence()
        server.process.kill()
        server.process.wait()
        with pytest.raises(FoundError, match="the server has ended"):
            server.exchanged(b"GET / HTTP/1.1\r\n\r\n")
        with pytest.raises(FoundError, match="the server ended with -9"):
            stack.close()


def test_a_server_that_does_not_start_is_found() -> None:
    with pytest.raises(FoundError, match="--seed: expected a whole number"), serving("--seed=x"):
        pass


def test_a_logged_bug_is_found(bugs: list[logging.LogRecord]) -> None:
    with (
        bugs_of_mockocr() as found,
        pytest.raises(FoundError, match="a bug of ours"),
        found.none(),
    ):
        logging.getLogger("mockocr").error("a bug of ours")
    assert bugs.pop().getMessage() == "a bug of ours"


def test_a_process_that_grows_is_found() -> None:
    # Pages that are new for certain: a process of tests has much free memory to reuse.
    gc.collect()
    bound = Bound(10 << 20)
    bound.look()
    grown = mmap(-1, 64 << 20)
    grown.write(bytes(len(grown)))

    with pytest.raises(FoundError, match="memory grew"):
        bound.look()
    del grown
