import json
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
import yaml

from mockocr.contract_check.evidence import EVIDENCE
from tests.conftest import BUILT_IN

if TYPE_CHECKING:
    from tests.conftest import Run, Running, Serve

KEYS = {"TENCENTCLOUD_SECRET_ID": BUILT_IN[0], "TENCENTCLOUD_SECRET_KEY": BUILT_IN[1]}
PLANTED = "correct-horse-battery-staple"


@pytest.fixture
def fresh(serve: "Serve") -> "Running":
    return serve()


def count(server: "Running") -> int:
    return len(server.state.journal.newest_first())


def test_every_case_is_the_same_against_another_mockocr(run: "Run", fresh: "Running") -> None:
    checked = run("contract", "check", "--against", fresh.url, "--spend", "1000")

    assert (checked.code, checked.stderr) == (0, "")
    assert checked.stdout.splitlines()[-1].endswith(" same")
    assert "differs" not in checked.stdout


def test_calls_that_may_be_billed_are_not_sent_by_default(run: "Run", fresh: "Running") -> None:
    arguments = ("--case", "picture-missing", "--case", "region-unknown")
    checked = run("contract", "check", "--against", fresh.url, *arguments)

    assert checked.code == 0
    assert "not sent: 1, because the vendor may bill it" in checked.stdout
    assert checked.stdout.splitlines()[-1] == "2 cases: 1 same, 1 not sent"
    assert count(fresh) == 2


def test_a_server_of_another_contract_differs(run: "Run", fresh: "Running") -> None:
    arguments = ("--contract", "2025-07-03", "--case", "card-warn-type-empty")
    checked = run("contract", "check", "--against", fresh.url, *arguments)

    assert checked.code == 1
    assert "expected  InvalidParameter.ConfigFormatError" in checked.stdout
    assert "got       UnknownParameter" in checked.stdout
    assert "docs/fidelity.md#card-warn-type-empty (assumed)" in checked.stdout


def test_reports_go_to_stdout_or_into_a_file(run: "Run", fresh: "Running", tmp_path: Path) -> None:
    arguments = ("contract", "check", "--against", fresh.url, "--case", "region-unknown")
    as_json = run(*arguments, "--report", "json")
    in_file = run(*arguments, "--report", "junit", "-o", "contract.xml")
    markdown = run(*arguments, "--report", "markdown")

    assert json.loads(as_json.stdout)["counts"]["same"] == 1
    assert in_file.stdout.splitlines()[-1] == "1 case: 1 same"
    root = ElementTree.parse(tmp_path / "contract.xml").getroot()  # noqa: S314 - our own
    assert root[0].get("tests") == "1"
    assert markdown.stdout.startswith("# Contract check\n")


def test_no_text_of_an_answer_is_printed(run: "Run", serve: "Serve", tmp_path: Path) -> None:
    (tmp_path / "cases.yaml").write_text(
        "action: IDCardOCR\nanswer: {Name: {regex: ^x}, IdNum: 1}\ncases:\n"
        "  - {id: a, about: A case., request: {picture: {blank: 80x50}}, expect: {code: ok}}\n"
    )
    server = serve(seed=7)
    arguments = ("contract", "check", "--against", server.url, "--cases", "cases.yaml")
    checked = [run(*arguments, *more) for more in ((), ("--report", "json"), ("--report", "junit"))]
    answer = json.loads(run("call", "--server", server.url, "--image", "https://x/a").stdout)

    assert [each.code for each in checked] == [1, 1, 1]
    for each in checked:
        assert "text of 18 characters" in each.stdout
        assert answer["Response"]["IdNum"][:6] not in each.stdout + each.stderr


WITHOUT_KEYS = "mockocr contract check: TENCENTCLOUD_SECRET_ID is not set; set it, or use"


def test_a_public_server_needs_the_flag_real_and_keys(run: "Run") -> None:
    arguments = ("contract", "check", "--against", "http://8.8.8.8")
    without_keys = run(*arguments, "--real")
    without_real = run(*arguments, **KEYS)

    assert (without_keys.code, without_real.code) == (2, 2)
    assert without_keys.stderr.startswith(WITHOUT_KEYS)
    assert without_real.stderr == (
        "mockocr contract check: http://8.8.8.8 is neither on this machine nor in a private"
        " network, and would receive the calls; use --real to call it anyway\n"
    )


def test_a_wrong_key_is_reported_after_one_call(
    run: "Run", fresh: "Running", tmp_path: Path
) -> None:
    keys = {"TENCENTCLOUD_SECRET_ID": BUILT_IN[0], "TENCENTCLOUD_SECRET_KEY": PLANTED}
    arguments = ("contract", "check", "--against", fresh.url, "--report", "junit", "-o", "a.xml")
    checked = run(*arguments, **keys)

    assert (checked.code, checked.stdout) == (1, "")
    assert checked.stderr == (
        f"mockocr contract check: {fresh.url} refuses the key pair, or the clock of this machine is"
        " wrong: AuthFailure.SignatureFailure\n"
    )
    assert count(fresh) == 1
    report = (tmp_path / "a.xml").read_text()
    assert "refuses the key pair" in report
    assert PLANTED not in report + checked.stderr


def test_a_server_that_is_not_there_is_reported(run: "Run", nowhere: str) -> None:
    checked = run("contract", "check", "--against", nowhere)

    assert (checked.code, checked.stdout) == (1, "")
    assert checked.stderr == f"mockocr contract check: no server at {nowhere}: connection refused\n"


def test_a_host_name_that_does_not_exist_is_reported(run: "Run") -> None:
    checked = run("contract", "check", "--against", f"http://{'x' * 64}.invalid", "--real", **KEYS)

    assert (checked.code, checked.stdout) == (1, "")
    assert checked.stderr.startswith("mockocr contract check: no server at http://xxx")


@pytest.fixture
def temporary(serve: "Serve", tmp_path: Path) -> "Running":
    """A server whose key pair needs a token."""
    pair = {"SecretId": BUILT_IN[0], "SecretKey": BUILT_IN[1]}
    file = tmp_path / "keys.yaml"
    file.write_text(json.dumps([{"name": "sts", "keys": [pair], "tokens": [PLANTED]}]))
    return serve(keys_file=file)


def test_a_temporary_key_pair_is_used_with_its_token(run: "Run", temporary: "Running") -> None:
    checked = run(
        *("contract", "check", "--against", temporary.url),
        **KEYS,
        TENCENTCLOUD_TOKEN=PLANTED,
    )

    assert (checked.code, checked.stderr) == (0, "")
    assert "differs" not in checked.stdout
    assert "not sent: 1, because it is about a permanent key pair" in checked.stdout
    assert PLANTED not in checked.stdout


@pytest.mark.parametrize(
    ("flags", "token", "code"),
    [
        (("--token", PLANTED), "", 0),
        (("--secret-id", BUILT_IN[0], "--secret-key", BUILT_IN[1], "--token", PLANTED), "", 0),
        (("--secret-id", BUILT_IN[0], "--secret-key", BUILT_IN[1]), PLANTED, 1),
        ((), "another", 1),
        ((), "two\nlines", 2),
    ],
)
def test_the_token_is_a_flag_or_beside_the_variables_of_the_key_pair(
    run: "Run", temporary: "Running", flags: tuple[str, ...], token: str, code: int
) -> None:
    case = ("--case", "region-unknown", *flags)
    variables = {**KEYS, "TENCENTCLOUD_TOKEN": token}
    checked = run("contract", "check", "--against", temporary.url, *case, **variables)

    assert checked.code == code
    assert "two" not in checked.stderr
    assert PLANTED not in checked.stdout + checked.stderr


def test_a_case_with_personal_data_is_refused_before_anything_is_sent(
    run: "Run", fresh: "Running", tmp_path: Path
) -> None:
    (tmp_path / "cases.yaml").write_text(
        "action: IDCardOCR\ncases:\n  - id: a\n    about: A case.\n    expect: {code: A}\n"
        "    request: {parameters: {CardSide: 李明}}\n",
        encoding="utf-8",
    )
    checked = run("contract", "check", "--against", fresh.url, "--cases", "cases.yaml")

    assert (checked.code, checked.stdout) == (2, "")
    assert checked.stderr == (
        "mockocr contract check: --cases: invalid, nothing was sent:\ncases.yaml:6:38: Chinese text"
        " may be a name or an address; a call of a case must have none\n"
    )
    assert count(fresh) == 0


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        ([], "--against is missing"),
        (["--against", "x"], "--against: expected a URL such as"),
        (["--against", "URL", "--spend", "-1"], "--spend: expected a number of calls, got '-1'"),
        (["--against", "URL", "--case", "region-unknwn"], "did you mean 'region-unknown'?"),
        (["--against", "URL", "--cases", "no.yaml"], "no.yaml: No such file or directory"),
        (["--against", "URL", "-o", "a.xml"], "-o/--output needs --report"),
        (
            ["--against", "URL", "--case", "method", "--report", "json", "-o", "no/a"],
            "-o/--output: no/a: No such file or directory",
        ),
        (["--against", "URL", "--report", "xml"], "--report: unknown value 'xml'"),
        (
            ["--against", "URL", "--write-evidence", "a.yaml"],
            "--write-evidence: expected --against https://ocr.tencentcloudapi.com, got http",
        ),
    ],
)
def test_wrong_usage_exits_with_2(
    run: "Run", fresh: "Running", arguments: list[str], result: str
) -> None:
    words = [fresh.url if word == "URL" else word for word in arguments]
    refused = run("contract", "check", *words)

    assert refused.code == 2
    assert result in refused.stderr


HOST = "ocr.tencentcloudapi.com"
EVIDENCE_RUN = (
    *("contract", "check", "--real", "--against", f"http://{HOST}", "--contract", "2024-05-01"),
    *("--case", "null-means-not-given"),
)


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names have a public address. Nothing connects to it: a mockocr server is the proxy."""
    resolve = socket.getaddrinfo

    def resolved(host: Any, port: Any, *more: Any, **flags: Any) -> Any:
        return resolve("8.8.8.8" if host == HOST else host, port, *more, **flags)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)


@pytest.mark.usefixtures("public")
def test_what_the_real_service_confirmed_is_written_as_evidence(
    run: "Run", serve: "Serve", tmp_path: Path
) -> None:
    proxy = {"http_proxy": serve(faithful_headers=True).url, "no_proxy": ""}
    checked = run(*EVIDENCE_RUN, "--write-evidence", "observed.yaml", **KEYS, **proxy)

    assert (checked.code, checked.stderr) == (0, "")
    written = yaml.safe_load((tmp_path / "observed.yaml").read_text(encoding="utf-8"))
    (group,) = written["groups"]
    (row,) = group["rows"]
    assert (row["id"], row["status"]) == ("null-value", "observed")
    assert f"replies of {HOST} to null-means-not-given" in row["source"]


@pytest.mark.usefixtures("public")
def test_replies_of_mockocr_are_no_evidence(run: "Run", fresh: "Running", tmp_path: Path) -> None:
    proxy = {"http_proxy": fresh.url, "no_proxy": ""}
    checked = run(*EVIDENCE_RUN, "--write-evidence", "observed.yaml", **KEYS, **proxy)

    assert checked.code == 2
    assert "not written: at ocr.tencentcloudapi.com, mockocr answers" in checked.stderr
    assert not (tmp_path / "observed.yaml").exists()


@pytest.mark.usefixtures("public")
def test_the_evidence_of_the_repository_is_never_written(run: "Run") -> None:
    before = EVIDENCE.read_bytes()
    refused = run(*EVIDENCE_RUN, "--write-evidence", str(EVIDENCE), **KEYS)

    assert refused.code == 2
    assert "is the evidence itself; write to another file" in refused.stderr
    assert EVIDENCE.read_bytes() == before


def test_help_has_examples(run: "Run") -> None:
    shown = run("contract", "check", "--help")

    assert shown.code == 0
    assert "mockocr contract check --against https://ocr.tencentcloudapi.com --real" in shown.stdout
