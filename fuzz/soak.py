"""`python -m fuzz.soak`: 64 clients for a minute, with good, bad, large and faulted calls at once.

At the end, every call must be accounted for: what clients saw must equal the journal and /metrics,
by account and outcome. Memory must be flat, no further file may be open, nothing may have been
logged, and a signal must stop the server at once.
"""

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from statistics import median
from threading import Event, Thread
from urllib.request import ProxyHandler, build_opener

from fuzz.memory import memory_bytes
from fuzz.server import Server, serving
from fuzz.soaking import KEYS_FILE, kinds
from fuzz.target import FoundError

CLIENTS = 64
JOURNAL_CALLS = 1000
"""Fewer calls than a short run makes: the journal is full when memory is first measured."""
POLL_SECONDS = 0.1
MOST_GROWTH = 0.1
"""The most growth of the median memory, from the second third of a run to the last."""
MOST_GROWTH_BYTES = 16 << 20
SETTLE_SECONDS = 10
MOST_STOP_SECONDS = 5

Account = str
Counts = Counter[tuple[Account, str]]
"""By account and outcome."""


@dataclass(slots=True)
class Soak:
    """What was seen by the clients, the journal and the server."""

    clients: Counts = field(default_factory=Counter)
    journal: Counts = field(default_factory=Counter)
    metrics: Counts = field(default_factory=Counter)
    memory: list[int] = field(default_factory=list)
    """The memory of the server in bytes, at equal intervals."""
    files: tuple[int, int] = (0, 0)
    """The files that were open before the first client and after the last."""
    stop_seconds: float = 0.0
    found: list[str] = field(default_factory=list)

    def judge(self) -> None:
        for result, name in ((self.journal, "the journal"), (self.metrics, "/metrics")):
            if result != self.clients:
                missed, more = self.clients - result, result - self.clients
                self.found.append(f"{name} lacks {dict(missed)} and has {dict(more)} too many")
        before, after = self.memory_bytes()
        if after > before * (1 + MOST_GROWTH) + MOST_GROWTH_BYTES:
            self.found.append(f"memory grew from {before >> 20} to {after >> 20} MiB")
        if self.files[1] > self.files[0]:
            self.found.append(f"{self.files[0]} files were open, and then {self.files[1]}")
        if self.stop_seconds > MOST_STOP_SECONDS:
            self.found.append(f"it took {self.stop_seconds:.1f} s to stop")

    def memory_bytes(self) -> tuple[int, int]:
        """The median memory in the middle of the run, and at its end."""
        third = len(self.memory) // 3
        middle, last = self.memory[third : 2 * third], self.memory[2 * third :]
        return int(median(middle or [0])), int(median(last or [0]))


def soak(seconds: float, seed: int) -> Soak:
    result = Soak()
    flags = ("--keys-file=keys.yaml", "--tls-port=0", f"--journal-calls={JOURNAL_CALLS}")
    stopping = time.monotonic()
    try:
        with serving(*flags, files={"keys.yaml": KEYS_FILE}) as server:
            _soak(server, seconds, seed, result)
            stopping = time.monotonic()
        result.stop_seconds = time.monotonic() - stopping
    except FoundError as error:
        result.found.append(str(error))
    result.judge()
    return result


def _soak(server: Server, seconds: float, seed: int, result: Soak) -> None:
    asked = _Asked(server)
    asked.metrics()  # what it imports opens files for a moment, and stays
    opened = server.files()
    kinds()
    end, over = Event(), Event()
    seen: list[Counts] = [Counter() for _ in range(CLIENTS)]
    clients = [
        _thread(
            _call, server, Random(f"{seed} {number}"), number % 4 == 0, seen[number], end, result
        )
        for number in range(CLIENTS)
    ]
    follower = _thread(_follow, asked, result, over)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not result.found:
        result.memory.append(memory_bytes(server.process.pid))
        end.wait(POLL_SECONDS)
    end.set()
    for client in clients:
        client.join()
    for counts in seen:
        result.clients += counts
    result.metrics = asked.metrics()
    over.set()
    follower.join()
    result.files = opened, _settled(server, opened)
    server.insist_on_silence()


def _thread(run: Callable[..., None], *arguments: object) -> Thread:
    thread = Thread(target=run, args=arguments, daemon=True)
    thread.start()
    return thread


def _call(
    server: Server, random: Random, tls: bool, seen: Counts, end: Event, result: Soak
) -> None:
    """One client: one call after the other, each of a random kind."""
    choices = kinds()
    weights = [kind.weight for kind in choices]
    while not end.is_set():
        (kind,) = random.choices(choices, weights)
        try:
            outcome = kind.seen_by(server.ports["https" if tls else "http"], tls)
        except Exception as error:
            result.found.append(f"{kind.name}: {type(error).__name__}: {error}")
            return
        if outcome not in kind.outcomes:
            result.found.append(f"{kind.name}: {kind.outcomes} are due, and {outcome} was seen")
            return
        if kind.account is not None:
            seen[kind.account, outcome] += 1


def _follow(asked: "_Asked", result: Soak, over: Event) -> None:
    """Reads the journal while it is written, and again after the last call."""
    since = None
    ended = False
    while not ended:
        ended = over.wait(POLL_SECONDS)
        calls = asked.calls(since)
        since = calls[0]["RequestId"] if calls else since
        result.journal.update((each["account"] or "", each["outcome"]) for each in calls)


def _settled(server: Server, wanted: int) -> int:
    """The number of open files, after connections have had time to end."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while (files := server.files()) > wanted and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    return files


class _Asked:
    """The metrics of the server."""

    _COUNT = re.compile(r'^mockocr_calls_total\{account="(.*)",action=".*",outcome="(.*)"\} (.*)$')

    def __init__(self, server: Server) -> None:
        self._opener = build_opener(ProxyHandler({}))
        self._url = f"http://127.0.0.1:{server.ports['http']}"

    def _get(self, path: str) -> bytes:
        with self._opener.open(self._url + path, timeout=60) as reply:
            return bytes(reply.read())

    def calls(self, since: str | None) -> Sequence[Mapping[str, str]]:
        """The newest first."""
        asked = f"&since={since}" if since else ""
        result = json.loads(self._get(f"/__admin/requests?limit={JOURNAL_CALLS}{asked}"))
        return list(result["requests"])

    def metrics(self) -> Counts:
        found = map(self._COUNT.match, self._get("/metrics").decode().splitlines())
        counts: Counts = Counter()
        for each in filter(None, found):
            counts[each[1], each[2]] += int(float(each[3]))
        return counts


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 if all checks pass, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.soak")
    parser.add_argument("--seconds", type=float, default=60, help="default: 60")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(arguments)
    result = soak(args.seconds, args.seed)
    print("| account | outcome | calls |\n|---|---|--:|")
    for (account, outcome), count in sorted(result.clients.items()):
        print(f"| {account or '-'} | {outcome} | {count} |")
    before, after = result.memory_bytes()
    print(
        f"\n{result.clients.total()} calls of {CLIENTS} clients in {args.seconds:g} s; memory"
        f" {before >> 20} MiB, then {after >> 20}; files {result.files[0]}, then {result.files[1]};"
        f" stopped within {result.stop_seconds:.2f} s"
    )
    for found in result.found:
        print(f"found: {found}")
    return int(bool(result.found))


if __name__ == "__main__":
    sys.exit(main())
