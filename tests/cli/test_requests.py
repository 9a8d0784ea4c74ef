"""`mockocr requests`: the calls that a server has answered."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import pytest

from mockocr.code_samples.languages import LANGUAGES
from tests.cli.calling import REFUSED, call
from tests.strangers import http, something_else

if TYPE_CHECKING:
    from tests.conftest import Run, Running, Serve


PLANTED = "correct-horse-battery-staple"
SCENARIO = """\
name: 规则
rules:
  - name: 背面，模糊
    when: {CardSide: BACK}
    then: {error: FailedOperation.ImageBlur}
"""


@pytest.fixture
def three(run: "Run", serve: "Serve", tmp_path: Any) -> tuple["Running", list[str]]:
    """A server with three calls, the newest first: refused by a rule, answered, signed wrongly."""
    (tmp_path / "rules.yaml").write_text(SCENARIO, encoding="utf-8")
    server = serve(scenarios=(str(tmp_path / "rules.yaml"),))
    wrong = ("--secret-id", "AKIDMOCKOCR", "--secret-key", "wrong")
    made = [call(run, server, *arguments) for arguments in (wrong, (), ("--side", "back"))]
    return server, made[::-1]


def test_the_table_has_the_newest_call_first(
    run: "Run", three: tuple["Running", list[str]]
) -> None:
    server, made = three
    result = run("requests", "--server", server.url)
    titles, *rows = result.stdout.splitlines()

    assert (result.code, result.stderr) == (0, "")
    assert titles.split() == [
        "time",
        "RequestId",
        "account",
        "action",
        "outcome",
        "cause",
        "rule",
        "ms",
    ]
    assert [row.split()[1] for row in rows] == made
    assert [row.split()[4:7] for row in rows] == [
        ["FailedOperation.ImageBlur", "-", "背面，模糊"],
        ["ok", "-", "-"],
        ["AuthFailure.SignatureFailure", "wrong_secret_key", "-"],
    ]
    moment, milliseconds = rows[0].split()[0], rows[0].split()[-1]
    assert moment.endswith("Z")
    assert milliseconds.partition(".")[2].isdigit()


def test_rules_in_chinese_leave_the_columns_straight(
    run: "Run", three: tuple["Running", list[str]]
) -> None:
    titles, chinese, *rows = run("requests", "--server", three[0].url).stdout.splitlines()
    column = titles.index("ms")

    assert all(row[column - 2 : column] == "  " != row[column] for row in rows)
    assert chinese[column - 5 - 2 : column - 5] == "  "


def test_json_is_the_reply_of_the_server(run: "Run", three: tuple["Running", list[str]]) -> None:
    server, made = three
    printed = run("requests", "--server", server.url, "--json").stdout
    result = json.loads(printed)

    assert result["total"] == 3
    assert [row["RequestId"] for row in result["requests"]] == made
    assert "背面，模糊" in printed


@pytest.mark.parametrize(
    ("flags", "found"),
    [
        (["--account", "default"], [0, 1, 2]),
        (["--outcome", "ok"], [1]),
        (["--outcome", "error"], [0, 2]),
        (["--rule", "背面，模糊"], [0]),
        (["--unmatched"], [1]),
        (["--since", "9999999999"], []),
        (["--limit", "1"], [0]),
        (["--outcome", "error", "--rule", "背面，模糊"], [0]),
        (["--outcome", "error", "--unmatched"], []),
    ],
)
def test_flags_are_the_filters_of_the_server(
    run: "Run", three: tuple["Running", list[str]], flags: list[str], found: list[int]
) -> None:
    server, made = three
    result = run("requests", "--server", server.url, *flags)

    assert result.code == 0
    lines = result.stdout.splitlines()[1:]
    assert [line.split()[1] for line in lines] == [made[index] for index in found]


def test_a_narrow_table_fits_and_its_request_id_finds_the_call(
    run: "Run", three: tuple["Running", list[str]]
) -> None:
    server, made = three
    titles, *rows = run("requests", "--server", server.url, COLUMNS="80").stdout.splitlines()
    flags = ("--server", server.url, "--since", rows[2].split()[1])
    since = run("requests", *flags, COLUMNS="80").stdout.splitlines()

    assert titles.split("  ")[0] == "time"
    assert titles.split() == ["time", "RequestId", "outcome", "rule", "or", "cause", "ms"]
    assert [row.split()[1] for row in rows] == [each[:8] for each in made]
    assert [row.split()[3] for row in rows] == ["背面，模糊", "-", "wrong_secret_key"]
    assert all(len(row) <= 80 for row in (titles, *rows))
    assert [row.split()[1] for row in since[1:]] == [each[:8] for each in made[:2]]
    explained = run("explain", rows[0].split()[1], "--server", server.url)
    assert "rule     背面，模糊 (of 规则)" in explained.stdout


def test_a_narrow_table_of_several_accounts_names_them(run: "Run", serve: "Serve") -> None:
    server = serve(keys=(("AKIDONE", "one"), ("AKIDTWO", "two")), scenarios=("documented",))
    for name in ("one", "two"):
        call(run, server, "--secret-id", f"AKID{name.upper()}", "--secret-key", name)

    lines = run("requests", "--server", server.url, COLUMNS="80").stdout.splitlines()

    assert [line.split()[2] for line in lines] == ["account", "AKIDTWO", "AKIDONE"]


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        ([], 1),
        (["--outcome", "ok"], 1),
        (["--outcome", "AuthFailure.SignatureFailure"], 1),
        (["--rule", "背面，模糊"], 0),
        (["--since", "9999999999"], 0),
    ],
)
def test_fail_exits_with_1_if_a_listed_call_is_unmatched_or_refused(
    run: "Run", three: tuple["Running", list[str]], flags: list[str], code: int
) -> None:
    assert run("requests", "--fail", "--server", three[0].url, *flags).code == code


@pytest.mark.parametrize("flag", ["--follow", "--verify"])
def test_fail_cannot_be_combined(run: "Run", server: "Running", flag: str) -> None:
    refused = run("requests", "--fail", flag, "--server", server.url)

    assert refused.code == 2
    assert "--fail cannot be combined with" in refused.stderr


@pytest.mark.parametrize(
    ("flag", "value", "message"),
    [
        ("--account", "defalt", "unknown account 'defalt'; did you mean 'default'?"),
        ("--since", "yesterday", "expected a time (ISO 8601 or UNIX seconds) or a RequestId"),
        ("--limit", "-1", "expected a whole number from 0, got '-1'"),
    ],
)
def test_an_error_names_the_flag(
    run: "Run", server: "Running", flag: str, value: str, message: str
) -> None:
    refused = run("requests", "--server", server.url, flag, value)

    assert refused.code == 2
    assert refused.stderr.startswith(f"mockocr requests: {flag}: {message}")


def test_since_a_request_id_lists_the_calls_after_it(
    run: "Run", three: tuple["Running", list[str]]
) -> None:
    server, made = three
    result = json.loads(
        run("requests", "--server", server.url, "--json", "--since", made[1]).stdout
    )

    assert [row["RequestId"] for row in result["requests"]] == made[:1]


def test_a_journal_without_calls_prints_nothing(run: "Run", serve: "Serve") -> None:
    result = run("requests", "--server", serve().url)

    assert (result.code, result.stdout, result.stderr) == (0, "", "")


@contextmanager
def following(server: "Running", *flags: str) -> Iterator[tuple["subprocess.Popen[str]", IO[str]]]:
    command = [sys.executable, "-m", "mockocr", "requests", "--follow", "--server", server.url]
    with subprocess.Popen(
        [*command, *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "200"},
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout
        finally:
            process.kill()


def test_follow_prints_the_oldest_first_then_each_new_call_until_ctrl_c(
    run: "Run", three: tuple["Running", list[str]]
) -> None:
    server, made = three
    with following(server, "--limit", "2") as (process, printed):
        titles = printed.readline()
        first = [printed.readline().split()[1] for _ in range(2)]
        more = []
        for _ in range(2):
            made_now = call(run, server)
            more.append(printed.readline().split()[1] == made_now)
        process.send_signal(signal.SIGINT)
        rest, complaint = process.communicate(timeout=60)

    assert titles.startswith("time ")
    assert first == [made[1], made[0]]
    assert more == [True, True]
    assert (process.returncode, rest, complaint) == (130, "", "")


def test_follow_continues_after_the_journal_is_cleared(
    run: "Run", three: tuple["Running", list[str]]
) -> None:
    server, made = three
    with following(server, "--json") as (_, printed):
        first = [json.loads(printed.readline())["RequestId"] for _ in range(3)]
        server.state.journal.reset()
        made_now = call(run, server)
        then = json.loads(printed.readline())["RequestId"]

    assert first == made[::-1]
    assert then == made_now


def test_follow_waits_for_a_first_call(run: "Run", serve: "Serve") -> None:
    server = serve()
    with following(server) as (_, printed):
        made = call(run, server)
        printed.readline()
        result = printed.readline()

    assert result.split()[1] == made


def test_follow_ends_with_its_server(run: "Run") -> None:
    rows = [{"RequestId": "a"}, {"RequestId": "b"}]
    nothing = http(b'{"requests": [], "total": 0}')
    reply = http(json.dumps({"requests": rows, "total": 2}).encode())
    with something_else(nothing, reply) as url:
        result = run("requests", "--follow", "--server", url)

    assert result.code == 1
    assert result.stdout == "RequestId\nb\na\n"
    assert result.stderr == f"mockocr requests: no server at {url}: {REFUSED}\n"


def listing(*ids: str, total: int) -> bytes:
    rows = [{"RequestId": name} for name in ids]
    return http(json.dumps({"requests": rows, "total": total}).encode())


def test_follow_is_limited_at_its_start_only(run: "Run") -> None:
    requests: list[str] = []
    with something_else(listing("c", total=3), listing("e", "d", total=2), asked=requests) as url:
        result = run("requests", "--follow", "--limit", "1", "--server", url)

    assert result.stdout == "RequestId\nc\nd\ne\n"
    assert requests == [f"GET /__admin/requests?{each} HTTP/1.1" for each in ("limit=1", "since=c")]


def test_follow_can_begin_with_the_next_call(run: "Run") -> None:
    requests: list[str] = []
    answers = (listing(total=3), listing("c", total=3), listing("d", total=1))
    with something_else(*answers, listing(total=0), asked=requests) as url:
        result = run("requests", "--follow", "--limit", "0", "--server", url)

    assert result.stdout == "RequestId\nd\n"
    assert [line.split()[1].partition("?")[2] for line in requests] == [
        "limit=0",
        "limit=1",
        "since=c",
        "since=d",
    ]


def test_a_wrong_filter_exits_with_2_and_the_message_of_the_server(
    run: "Run", server: "Running"
) -> None:
    refused = run("requests", "--server", server.url, "--outcome", "okk")

    assert (refused.code, refused.stdout) == (2, "")
    assert refused.stderr == (
        "mockocr requests: --outcome: unknown outcome 'okk'; did you mean 'ok'?\n"
    )


def test_the_admin_token_is_a_flag_or_a_variable(run: "Run", serve: "Serve") -> None:
    server = serve(admin_token=PLANTED)
    arguments = ("requests", "--server", server.url)
    refused = run(*arguments, "--admin-token", f"{PLANTED}x")

    assert run(*arguments, "--admin-token", PLANTED).code == 0
    assert run(*arguments, MOCKOCR_ADMIN_TOKEN=PLANTED).code == 0
    assert refused.code == 1
    assert refused.stderr == (
        f"mockocr requests: {server.url} refused: the admin API needs the header"
        " `Authorization: Bearer ADMIN_TOKEN`; use --admin-token or MOCKOCR_ADMIN_TOKEN\n"
    )


def test_a_token_that_no_header_can_hold_exits_with_2_and_is_not_quoted(
    run: "Run", server: "Running"
) -> None:
    refused = run("requests", "--server", server.url, MOCKOCR_ADMIN_TOKEN=f"{PLANTED}\n")

    assert refused.code == 2
    assert PLANTED not in refused.stderr


def test_a_server_without_admin_api_lists_no_calls(run: "Run", serve: "Serve") -> None:
    server = serve(no_admin=True)
    refused = run("requests", "--server", server.url)

    assert refused.code == 1
    assert f"{server.url} refused: there is nothing at /__admin/requests" in refused.stderr


def test_over_https_the_ca_is_verified(run: "Run", server: "Running", tmp_path: Any) -> None:
    arguments = ("requests", "--server", server.https_url)

    assert run(*arguments, "--ca", str(server.ca)).code == 0
    assert run(*arguments, MOCKOCR_STATE_DIR=str(server.ca.parents[1])).code == 0
    doubting = run(*arguments, MOCKOCR_STATE_DIR=str(tmp_path / "none"))
    assert doubting.code == 1
    assert "certificate verify failed" in doubting.stderr


def test_a_refused_connection_exits_with_1(run: "Run", nowhere: str) -> None:
    result = run("requests", "--server", nowhere)

    assert (result.code, result.stdout) == (1, "")
    assert result.stderr == (f"mockocr requests: no server at {nowhere}: {REFUSED}\n")


def test_an_unknown_host_name_exits_with_1(run: "Run") -> None:
    result = run("requests", "--server", f"http://{'x' * 64}.invalid")

    assert result.code == 1
    assert result.stderr.startswith(f"mockocr requests: no server at http://{'x' * 64}.invalid: ")


@pytest.mark.parametrize("answer", [b"<html/>", b"[]", b'{"requests": []}'])
def test_another_server_exits_with_1(run: "Run", answer: bytes) -> None:
    with something_else(http(answer)) as url:
        result = run("requests", "--server", url)

    assert result.code == 1
    assert result.stderr == (
        f"mockocr requests: no mockocr at {url}: another program answered, with status 200\n"
    )


def test_an_invalid_url_exits_with_2(run: "Run") -> None:
    refused = run("requests", "--server", "zzz")

    assert refused.code == 2
    assert "--server: expected a URL such as http://127.0.0.1:8018" in refused.stderr


def test_a_server_that_sends_no_causes_is_accepted(run: "Run") -> None:
    rows = [{"time": None, "RequestId": "a", "milliseconds": 1.25}]
    with something_else(http(json.dumps({"requests": rows, "total": 1}).encode())) as url:
        result = run("requests", "--server", url)

    assert result.stdout == "time  RequestId  ms\n-     a          1.2\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_of_the_newest_call_is_printed(
    run: "Run", three: tuple["Running", list[str]], language: str
) -> None:
    server, made = three
    result = run("requests", "--server", server.url, "--outcome", "ok", "--code", language)

    assert (result.code, result.stderr) == (0, "")
    assert made[1] in result.stdout
    assert "\\t" not in result.stdout


def test_no_call_and_no_such_language_are_told_apart(
    run: "Run", three: tuple["Running", list[str]]
) -> None:
    server, made = three
    none = run("requests", "--server", server.url, "--account", "nobody", "--code", "go")
    empty = run("requests", "--server", server.url, "--since", made[0], "--code", "go")
    unknown = run("requests", "--server", server.url, "--code", "pyton")
    as_json = run("requests", "--server", server.url, "--code", "go", "--json")

    assert none.code == 2
    assert (empty.code, empty.stderr) == (1, "mockocr requests: no call matches\n")
    assert (unknown.code, "did you mean 'python'?" in unknown.stderr) == (2, True)
    assert json.loads(as_json.stdout)["file"] == "call.go"
