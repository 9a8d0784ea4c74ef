"""`python -m bench.attack`: the small calls of a well-behaved client, while 64 others attack.

The same attack is made on mockocr and on the baseline, a server with a constant answer. Printed are
the 99th percentile of the well-behaved client's calls for both, the memory of mockocr with its
worker processes, how many calls mockocr counted, and how long it takes to stop under attack.
"""

import argparse
import json
import multiprocessing
import os
import re
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from threading import Event as ThreadEvent
from threading import Thread
from urllib.request import ProxyHandler, build_opener

from bench.attackers import CLIENTS, KEY_PAIR, SLOW_RULES, Victim, attack, silent_server
from bench.calls import small
from bench.report import table
from bench.servers import BASELINE, CLIENT_CORE, Running, Server, mockocr, pin, running
from bench.steady import message_of, percentile_99
from mockocr.accounts.account import BUILT_IN

MAX_RATIO = 3
MAX_MEMORY_BYTES = 600_000_000
MAX_STOP_SECONDS = 0.5
PAUSE_SECONDS = 0.01
"""The pause between two calls of the well-behaved client."""
SAMPLE_SECONDS = 0.05
MAX_CALL_SECONDS = 60


@dataclass(slots=True)
class Result:
    """One server under attack."""

    latencies: list[float] = field(default_factory=list)
    """The seconds of the calls of the well-behaved client that were answered."""
    failed: int = 0
    """The number of its calls that failed."""
    answered: Counter[str] = field(default_factory=Counter)
    """The calls of each attack that were answered, as its clients saw it."""
    memory_bytes: int = 0
    """The highest sum of the server and its workers (PSS)."""
    workers: int = 0
    """The most worker processes at once."""
    stop_seconds: float = 0.0
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What /metrics counted, by account and outcome."""

    @property
    def p99(self) -> float:
        return percentile_99(self.latencies)


def main() -> int:
    """0 if mockocr keeps all limits, else 1."""
    parser = argparse.ArgumentParser(prog="python -m bench.attack")
    parser.add_argument("--seconds", type=float, default=60, help="for each server; default: 60")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ours = _attacked(server_under_attack(Path(folder)), given.seconds, given.seed)
    theirs = _attacked((BASELINE, 0), given.seconds, given.seed)
    return _report(ours, theirs)


def server_under_attack(folder: Path) -> tuple[Server, int]:
    """mockocr with an account for the attack, and its TLS port."""
    attackers = {
        "name": "attack",
        "keys": [{"SecretId": KEY_PAIR[0], "SecretKey": KEY_PAIR[1]}],
        "rate": 0,
        "scenarios": [{"name": "slow", "rules": SLOW_RULES}],
    }
    [(secret_id, secret_key)] = BUILT_IN.keys.items()
    own = {"name": "own", "keys": [{"SecretId": secret_id, "SecretKey": secret_key}], "rate": 0}
    keys_file = folder / "keys.yaml"
    keys_file.write_text(json.dumps([own, attackers]))
    with socket.create_server(("127.0.0.1", 0)) as free:
        tls_port: int = free.getsockname()[1]
    more = ("--keys-file", str(keys_file), "--fetch", "loopback", "--state-dir", str(folder))
    return mockocr(*more, "--tls-port", str(tls_port)), tls_port


def _attacked(server_and_tls_port: tuple[Server, int], seconds: float, seed: int) -> Result:
    server, tls_port = server_and_tls_port
    processes = multiprocessing.get_context("spawn")
    result, end = Result(), processes.Event()
    answered: Queue[Counter[str]] = processes.Queue()
    measured: Queue[tuple[list[float], int]] = processes.Queue()
    pin(0, CLIENT_CORE)
    with running(server, small()) as started, silent_server() as slow_url:
        victim = Victim(started.port, tls_port or started.port, slow_url)
        attackers = processes.Process(target=_attack, args=(victim, seed, end, answered))
        client = processes.Process(target=_call, args=(started.port, end, measured))
        attackers.start()
        client.start()
        with sampled(started, result):
            time.sleep(seconds)
        if server is not BASELINE:
            result.counted = _counted(started.port)
        # While the attack goes on.
        result.stop_seconds = started.stop()
        end.set()
        result.answered = answered.get()
        result.latencies, result.failed = measured.get()
        for process in (attackers, client):
            process.join()
    return result


def _attack(victim: Victim, seed: int, end: Event, answered: "Queue[Counter[str]]") -> None:
    # They share a core with the well-behaved client, which must not wait for them.
    os.nice(15)
    over = ThreadEvent()

    def wait() -> None:
        end.wait()
        over.set()

    Thread(target=wait, daemon=True).start()
    answered.put(attack(victim, seed, over))


def _call(port: int, end: Event, measured: "Queue[tuple[list[float], int]]") -> None:
    """The well-behaved client: one small call after the other, on a connection that it keeps."""
    latencies, failed = [], 0
    wire = None
    while not end.wait(PAUSE_SECONDS):
        message = message_of(small().signed())
        begun = time.perf_counter()
        try:
            if wire is None:
                wire = socket.create_connection(("127.0.0.1", port), MAX_CALL_SECONDS)
            wire.sendall(message)
            received = b""
            while not _is_answer(received):
                part = wire.recv(65536)
                if not part:
                    raise ConnectionError
                received += part
            latencies.append(time.perf_counter() - begun)
        except OSError:
            # A failure after the stop does not count.
            failed += not end.wait(1)
            wire = None
    measured.put((latencies, failed))


def _is_answer(received: bytes) -> bool:
    """Whether an answer is complete. Raises ConnectionError for one that is not right."""
    head, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    if not length or len(body) < int(length[1]):
        return False
    if not head.startswith(b"HTTP/1.1 200") or b'"Error"' in body:
        raise ConnectionError(received)
    return True


@contextmanager
def sampled(started: Running, result: Result) -> Iterator[None]:
    """Samples the memory of the server and its workers while the block runs."""
    over = ThreadEvent()

    def sample() -> None:
        while not over.wait(SAMPLE_SECONDS):
            workers = _children(started.process.pid)
            memory = sum(map(_pss_bytes, (started.process.pid, *workers)))
            result.memory_bytes = max(result.memory_bytes, memory)
            result.workers = max(result.workers, len(workers))

    thread = Thread(target=sample)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _children(pid: int) -> list[int]:
    children: list[int] = []
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        # A thread may have ended.
        with suppress(OSError):
            children += map(int, file.read_text().split())
    return children


def _pss_bytes(pid: int) -> int:
    """The memory of a process, with its share of what several processes use; 0 if it has ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    [kilobytes] = re.findall(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(kilobytes) * 1024


_COUNT = re.compile(r'^mockocr_calls_total\{account="(.*)",action=".*",outcome="(.*)"\} (.*)$')


def _counted(port: int) -> Counter[tuple[str, str]]:
    url = f"http://127.0.0.1:{port}/metrics"
    with build_opener(ProxyHandler({})).open(url, timeout=MAX_CALL_SECONDS) as reply:
        lines = reply.read().decode().splitlines()
    counts: Counter[tuple[str, str]] = Counter()
    for match in filter(None, map(_COUNT.match, lines)):
        counts[match[1], match[2]] += int(float(match[3]))
    return counts


def _report(ours: Result, theirs: Result) -> int:
    rows = [
        (
            name,
            str(len(it.latencies)),
            str(it.failed),
            f"{1000 * it.p99:.1f}",
            f"{it.memory_bytes // 1_000_000}",
            f"{it.stop_seconds:.2f}",
        )
        for name, it in (("mockocr", ours), ("baseline", theirs))
    ]
    head = ("server", "calls", "failed", "p99 in ms", "memory in MB", "stop in s")
    print(table(head, rows))
    kinds = [kind.__name__ for kind in CLIENTS]
    print("\nanswered:", ", ".join(f"{ours.answered[name]} {name}" for name in kinds))
    print("failed:", ", ".join(f"{ours.answered[f'{name}, failed']} {name}" for name in kinds))
    counted = [f"{count} {account} {name}" for (account, name), count in ours.counted.items()]
    print("counted:", ", ".join(sorted(counted)))
    problems = list(_problems(ours, theirs))
    print(f"\nratio of the p99: {ours.p99 / theirs.p99:.2f}; workers: {ours.workers}")
    for problem in problems:
        print(f"found: {problem}")
    return int(bool(problems))


def _problems(ours: Result, theirs: Result) -> Iterator[str]:
    if ours.p99 > MAX_RATIO * theirs.p99:
        yield f"the p99 is more than {MAX_RATIO} times that of the baseline"
    if ours.memory_bytes > MAX_MEMORY_BYTES:
        yield f"mockocr took {ours.memory_bytes} bytes, more than {MAX_MEMORY_BYTES}"
    if ours.stop_seconds > MAX_STOP_SECONDS:
        yield f"mockocr took {ours.stop_seconds:.2f} s to stop, more than {MAX_STOP_SECONDS}"
    if ours.failed:
        yield f"{ours.failed} calls of the well-behaved client failed"
    of_own = {name: n for (account, name), n in ours.counted.items() if account == "own"}
    # The server answers one call at its start, and some between counting and stopping.
    last = len(ours.latencies) + 1 - of_own.pop("ok", 0)
    if of_own or not 0 <= last <= MAX_LAST:
        yield f"{len(ours.latencies) + 1} calls were answered, but counted {ours.counted}"
    counted = sum(n for (account, _), n in ours.counted.items() if account != "own")
    if sum(ours.answered[kind.__name__] for kind in CLIENTS) > counted + MAX_LAST * len(CLIENTS):
        yield f"the attackers got more answers than the {counted} calls that mockocr counted"
    if any(name == "InternalError" for _, name in ours.counted):
        yield "mockocr answered with InternalError"


MAX_LAST = 50
"""The most calls that are answered between counting and stopping."""


if __name__ == "__main__":
    sys.exit(main())
