"""The time of a small call with more accounts, more rules or a full journal, in microseconds of
real time."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.calls import Call, Request, small
from bench.figure import Figure, alternate
from bench.length import WARM_UP_SECONDS, Length
from bench.load import drive
from bench.servers import Server, WrongAnswerError, as_asked, mockocr, post, running

ACCOUNTS, RULES, JOURNAL = "accounts", "rules", "journal"
ACCOUNT_COUNTS = (1, 10, 1000)
RULE_COUNTS = (1, 100, 1000)
EMPTY, FULL = "empty", "full"
JOURNAL_CALLS = 10_000
"""mockocr's default."""


def named(count: int) -> str:
    return f"{count:,}"


def growth(length: Length) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        yield _accounts(length, Path(folder))
        yield _rules(length, Path(folder))
    yield _journal(length)


def _accounts(length: Length, folder: Path) -> Figure:
    """The accounts call in turn."""
    figure = Figure(ACCOUNTS, " µs")
    calls, servers = {}, []
    for count in ACCOUNT_COUNTS:
        pairs = [(f"AKIDBENCH{number}", f"secret {number}") for number in range(count)]
        file = folder / f"{count}-accounts.yaml"
        file.write_text(_keys_file(pairs), encoding="utf-8")
        server = _as(named(count), mockocr("--keys-file", str(file)))
        servers.append(server)
        calls[server.name] = [small(pair) for pair in pairs]

    def find(server: Server) -> tuple[float]:
        return (_microseconds(server, calls[server.name]),)

    alternate((figure,), find, length.rounds, servers)
    return figure


def _keys_file(pairs: Sequence[tuple[str, str]]) -> str:
    lines = (
        f'- {{name: "{secret_id}", keys: [{{SecretId: "{secret_id}", SecretKey: "{key}"}}]}}'
        for secret_id, key in pairs
    )
    return "\n".join([*lines, ""])


def _rules(length: Length, folder: Path) -> Figure:
    """No rule matches the call, so all are tried."""
    figure = Figure(RULES, " µs")
    servers = []
    for count in RULE_COUNTS:
        file = folder / f"{count}-rules.yaml"
        file.write_text(_many_rules(count), encoding="utf-8")
        servers.append(_as(named(count), mockocr("--scenarios", str(file))))
    alternate((figure,), lambda server: (_microseconds(server, [small()]),), length.rounds, servers)
    return figure


def _many_rules(count: int) -> str:
    """Rules whose first condition matches and whose second condition, a pattern, does not."""
    rules = (
        f'  - {{name: rule {n}, when: {{CardSide: FRONT, ImageUrl: {{glob: "*/{n}/?.png"}}}},'
        " then: {error: FailedOperation.ImageBlur}}"
        for n in range(count)
    )
    return "\n".join(["name: many rules", "rules:", *rules, ""])


def _microseconds(server: Server, calls: Sequence[Call]) -> float:
    with running(server, calls[0]) as started:
        drive(started, calls, 32, WARM_UP_SECONDS)
        return 1e6 / drive(started, calls, 32, 1).rate


def _journal(length: Length) -> Figure:
    """With one connection, because more calls would fill the empty journal within a second."""
    figure, server, call = Figure(JOURNAL, " µs"), mockocr(), small()
    for _ in range(length.rounds):
        with running(server, call) as started:
            drive(started, [call], 1, WARM_UP_SECONDS)
            status, _body = post(started.port, Request({}, b""), "/__admin/requests", "DELETE")
            if status >= 300:
                raise WrongAnswerError(f"the journal is not cleared: status {status}")
            figure.add(EMPTY, 1e6 / drive(started, [call], 1, 1).rate)
            calls = 0
            while calls < JOURNAL_CALLS:
                calls += drive(started, [call], 32, 1).requests
            figure.add(FULL, 1e6 / drive(started, [call], 1, 1).rate)
    return figure


def _as(name: str, server: Server) -> Server:
    return Server(name, server.command, is_right=as_asked)
