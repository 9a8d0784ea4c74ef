"""`mockocr scenarios`, `play`, `reset` and `clock`: commands for a running server."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mockocr.documents.reading import parse_document
from mockocr.scenario.library import SHIPPED
from mockocr.settings import Settings
from tests.cli.calling import REFUSED, call
from tests.conftest import running

if TYPE_CHECKING:
    from tests.conftest import Finished, Run, Running, Serve

On = Callable[..., "Finished"]
"""A command for the server: `on("clock", "show")`."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    (folder / "flaky.yaml").write_text(
        "name: third try\ndescription: mine\nrules: [{then: {http: 502}}]\n"
    )
    return folder


@pytest.fixture(scope="module")
def busy(library: Path, state_dir: Path) -> Iterator["Running"]:
    settings = Settings(port=0, tls_port=0, rate=0, library=library, scenarios=("documented",))
    with running(settings, state_dir) as server:
        yield server


@pytest.fixture
def on(run: "Run", busy: "Running") -> Iterator[On]:
    def on_server(*arguments: str, **variables: str) -> "Finished":
        return run(*arguments, MOCKOCR_URL=busy.url, **variables)

    yield on_server
    on_server("play", "--stop")
    on_server("play", "--stop", "--account", "default")
    on_server("reset")


def test_the_active_and_the_known_scenarios_are_listed(on: On) -> None:
    on("play", "third try", "--account", "default")
    listed = on("scenarios", "list", COLUMNS="80")

    active, known = (part.splitlines() for part in listed.stdout.split("\n\n"))
    assert [line.split() for line in active[:2]] == [
        ["active", "account", "rules", "source"],
        ["third", "try", "default", "1", active[1].split()[-1]],
    ]
    assert active[2].split()[:3] == ["documented", "-", "4"]
    assert known[0].split() == ["by", "name", "description"]
    assert len(known) == len(list(SHIPPED.glob("*.yaml"))) + 2
    assert max(map(len, active + known)) <= 80
    assert json.loads(on("scenarios", "list", "--json").stdout).keys() == {
        "active",
        "refused",
        "library",
    }


def test_a_server_without_active_scenarios_says_so(run: "Run", serve: "Serve") -> None:
    listed = run("scenarios", "list", "--server", serve().url)

    assert listed.stdout.startswith("no scenario is active\n\nby name ")


def test_refused_files_are_listed(on: On, library: Path, busy: "Running") -> None:
    busy.state.registry.refused = {"a.yaml": "a.yaml:1:1: the document is empty"}
    listed = on("scenarios", "list")

    assert listed.stderr == ("mockocr scenarios: refused:\na.yaml:1:1: the document is empty\n")
    busy.state.registry.refused = {}


@pytest.mark.parametrize("name", ["flaky", "flaky.yaml", "third try"])
def test_a_scenario_is_shown_as_yaml(on: On, name: str, library: Path) -> None:
    shown = on("scenarios", "show", name)
    written = parse_document((library / "flaky.yaml").read_text(), "").data

    assert parse_document(shown.stdout, "").data == written
    assert json.loads(on("scenarios", "show", name, "--json").stdout) == written


def test_an_active_scenario_is_shown_before_one_of_the_same_name(on: On, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("name: outage\nseed: 5\n")
    on("play", "mine.yaml", "--account", "default")

    assert on("scenarios", "show", "outage").stdout == "name: outage\nseed: 5\n"


def test_scenarios_are_found_by_words_in_their_text(on: On) -> None:
    found = on("scenarios", "search", "HTTP", "mine")
    rows = json.loads(on("scenarios", "search", "http", "mine", "--json").stdout)

    assert (found.code, found.stdout) == (0, "flaky\n  mine\n")
    assert [(each["name"], each["scenario"]) for each in rows] == [("flaky", "third try")]
    nothing = on("scenarios", "search", "zzz")
    assert (nothing.code, nothing.stdout) == (1, "")
    assert "no scenario has all these words" in nothing.stderr


def test_files_folders_and_names_are_played(on: On, tmp_path: Path, busy: "Running") -> None:
    (tmp_path / "folder").mkdir()
    for name in ("a", "b"):
        (tmp_path / "folder" / f"{name}.yaml").write_text(f"name: {name}\nseed: 1\n")
    (tmp_path / "c.yaml").write_text(
        "name: c\nrules: [{then: {http: 502}}, {name: late, then: {http: 503}}]\n"
    )

    played = on("play", "folder", "c.yaml", "third-call-fails")

    assert played.stdout.splitlines() == [
        "a is active for every account, 0 rules",
        "b is active for every account, 0 rules",
        "c is active for every account, 2 rules",
        "third-call-fails is active for every account, 1 rule",
    ]
    assert played.stderr.startswith("mockocr play: warning: rule 'late' is never reached")
    assert [each.name for each in busy.state.registry.for_all] == [
        "a",
        "b",
        "c",
        "third-call-fails",
    ]
    assert on("play", "--stop", "a", "b").stdout == "stopped for every account: a, b\n"
    assert on("play", "--stop", "--json").stdout.split() == (
        ["{", '"stopped":', '"all",', '"account":', "null", "}"]
    )
    assert busy.state.registry.for_all == ()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "PATH|NAME is missing"),
        (("third tri",), "unknown scenario 'third tri'; did you mean 'third try'?"),
        (("nope.yaml",), "no file nope.yaml here, and on the server: unknown scenario"),
        (("no/nope.yaml",), "no/nope.yaml: No such file or directory"),
        (("wrong.yaml",), "invalid:\nwrong.yaml:2:9: missing key 'then'\nwrong.yaml:2:10: unknown"),
        (("taken.yaml",), "taken.yaml: 'documented' is active from a file; change the file"),
        (("flaky", "--account", "x"), "--account: unknown account 'x'; expected 'default'"),
    ],
)
def test_a_scenario_that_cannot_be_played_is_refused(
    on: On, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    (tmp_path / "wrong.yaml").write_text("name: a\nrules: [{eror: 1}]\n")
    (tmp_path / "taken.yaml").write_text("name: documented\nseed: 1\n")
    refused = on("play", *arguments)

    assert (refused.code, refused.stdout) == (2, "")
    assert refused.stderr.startswith(f"mockocr play: {message}")


def test_a_scenario_that_is_not_active_cannot_be_stopped(on: On, busy: "Running") -> None:
    refused = on("play", "--stop", "documented")
    unknown = on("play", "--stop", "zzz")

    assert (refused.code, unknown.code) == (2, 1)
    assert "'documented' is active from a file; remove the file" in refused.stderr
    assert "unknown active scenario 'zzz'" in unknown.stderr


def test_a_reset_forgets_calls(on: On, run: "Run", busy: "Running") -> None:
    call(run, busy)

    assert on("reset").stdout == "the calls of all accounts are forgotten\n"
    assert busy.state.journal.size().calls == 0
    call(run, busy)
    reset = on("reset", "--account", "default", "--json")
    assert json.loads(reset.stdout) == {"account": "default"}
    assert busy.state.journal.size().calls == 0
    assert on("reset", "--account", "x").code == 2


@pytest.mark.parametrize(
    ("arguments", "text", "clock"),
    [
        (("show",), "real time", {}),
        (
            ("freeze", "2026-01-01T00:00:00Z"),
            "frozen at 2026-01-01T00:00:00Z",
            {"freeze": "2026-01-01T00:00:00+00:00"},
        ),
        (
            ("freeze", "1767225600"),
            "frozen at 2026-01-01T00:00:00Z",
            {"freeze": "2026-01-01T00:00:00+00:00"},
        ),
        (("offset", "-400s"), "real time -400s", {"offset": "-400s"}),
        (("offset", "2h"), "real time +7200s", {"offset": "+7200s"}),
        (("real", "--account", "default"), "real time", {}),
    ],
)
def test_clocks_are_moved_and_shown(
    on: On, arguments: tuple[str, ...], text: str, clock: dict[str, Any]
) -> None:
    assert on("clock", *arguments).stdout.splitlines() == ["account  clock", f"default  {text}"]
    assert json.loads(on("clock", "show", "--json").stdout) == {"clocks": {"default": clock}}


def test_a_wrong_time_is_refused(on: On) -> None:
    refused = on("clock", "freeze", "soon")

    assert (refused.code, refused.stdout) == (2, "")
    assert refused.stderr.startswith("mockocr clock: freeze: expected UNIX seconds or ISO 8601")
    assert refused.stderr.endswith("got 'soon'\n")


@pytest.mark.parametrize(
    "command",
    [
        *(("scenarios", "list"), ("play", "outage"), ("reset",), ("clock", "show")),
        *(("requests",), ("explain", "abc"), ("health",), ("call",), ("console",)),
    ],
)
def test_every_command_has_the_same_words_for_no_server(
    run: "Run", nowhere: str, command: tuple[str, ...]
) -> None:
    ended = run(*command, "--server", nowhere)

    assert (ended.code, ended.stdout) == (1, "")
    assert ended.stderr == f"mockocr {command[0]}: no server at {nowhere}: {REFUSED}\n"
