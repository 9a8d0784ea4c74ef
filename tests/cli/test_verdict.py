"""`mockocr requests --verify`: whether rules matched the expected number of calls."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.calling import call
from tests.strangers import http, something_else

if TYPE_CHECKING:
    from tests.conftest import Run, Running, Serve


EXPECTING = """\
name: 期望
rules:
  - {name: 背面, when: {CardSide: BACK}, then: {card: invented}}
  - {name: front, when: {CardSide: FRONT}, then: {card: invented}}
expect: {背面: BACK_EXPECTED, front: {at_most: 4}}
"""


@pytest.fixture
def expecting(serve: "Serve", tmp_path: Any) -> Any:
    """Starts a server that expects this number of calls for the back of a card."""

    def start(calls: str) -> "Running":
        file = tmp_path / "expecting.yaml"
        file.write_text(EXPECTING.replace("BACK_EXPECTED", calls), encoding="utf-8")
        return serve(scenarios=(str(file),))

    return start


def test_verify_exits_with_0_if_rules_matched_as_many_calls_as_expected(
    run: "Run", expecting: Any
) -> None:
    server = expecting("{at_least: 1}")
    call(run, server, "--side", "back")

    result = run("requests", "--verify", "--server", server.url)

    assert (result.code, result.stderr) == (0, "")
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["rule", "scenario", "account", "expected", "got", "ok"],
        ["背面", "期望", "-", "1", "or", "more", "1", "yes"],
        ["front", "期望", "-", "0", "to", "4", "0", "yes"],
    ]


def test_verify_exits_with_1_if_they_did_not(run: "Run", expecting: Any) -> None:
    server = expecting("2")
    call(run, server, "--side", "back")

    result = run("requests", "--verify", "--server", server.url)

    assert (result.code, result.stderr) == (1, "")
    assert result.stdout.splitlines()[1].split() == ["背面", "期望", "-", "2", "1", "NO"]


def test_verify_can_be_limited_to_one_account(run: "Run", expecting: Any) -> None:
    server = expecting("1")
    call(run, server, "--side", "back")
    arguments = ("requests", "--verify", "--server", server.url, "--account")

    default, other = run(*arguments, "default"), run(*arguments, "defalt")

    assert default.code == 0
    assert default.stdout.splitlines()[1].split()[2] == "default"
    assert (other.code, other.stdout) == (2, "")
    assert "unknown account 'defalt'; did you mean 'default'?" in other.stderr


@pytest.mark.parametrize(("calls", "code"), [("0", 0), ("1", 1)])
def test_verify_as_json_is_the_reply_of_the_server(
    run: "Run", expecting: Any, calls: str, code: int
) -> None:
    result = run("requests", "--verify", "--json", "--server", expecting(calls).url)

    verdict = json.loads(result.stdout)
    assert (result.code, verdict["ok"]) == (code, code == 0)
    assert [each["rule"] for each in verdict["expectations"]] == ["背面", "front"]


def test_verify_fails_if_there_is_nothing_to_verify(run: "Run", server: "Running") -> None:
    arguments = ("requests", "--verify", "--server", server.url)
    result, as_json = run(*arguments), run(*arguments, "--json")

    message = "mockocr requests: no active scenario has `expect`\n"
    assert (result.code, result.stdout, result.stderr) == (2, "", message)
    assert (as_json.code, json.loads(as_json.stdout)["expectations"]) == (2, [])


@pytest.mark.parametrize(
    "flags",
    [
        ("--rule", "a"),
        ("--outcome", "ok"),
        ("--limit", "0"),
        ("--since", "1"),
        ("--unmatched",),
        ("--follow",),
    ],
)
def test_verify_refuses_the_filters_of_lists(
    run: "Run", server: "Running", flags: tuple[str, ...]
) -> None:
    result = run("requests", "--verify", *flags, "--server", server.url)

    assert (result.code, result.stdout) == (2, "")
    assert result.stderr.startswith(
        f"mockocr requests: {flags[0]} cannot be combined with --verify"
    )


def test_verify_needs_a_server_that_supports_it(run: "Run", nowhere: str) -> None:
    assert run("requests", "--verify", "--server", nowhere).code == 1
    with something_else(http(b'{"error": "there is nothing"}', "404 Not Found")) as url:
        older = run("requests", "--verify", "--server", url)
    with something_else(http(b"{}")) as url:
        other = run("requests", "--verify", "--server", url)

    assert (older.code, "refused: there is nothing" in older.stderr) == (1, True)
    assert (other.code, "another program answered" in other.stderr) == (1, True)
