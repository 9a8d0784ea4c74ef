"""The pytest plugin, in inner runs: real tests, the official SDK, real sockets."""

import re

import httpx
import pytest

from tests.plugin_runs import Runs, started, text
from tests.plugin_runs import runs as runs
from tests.processes import Start


def test_a_test_needs_nothing_but_the_fixture(runs: Runs) -> None:
    result = runs(
        """
def test_kyc(mockocr):
    mockocr.respond(card={"Name": "李明"})
    assert call(mockocr, CardSide="FRONT").Name == "李明"
    mockocr.assert_called(times=1, CardSide="FRONT")

def test_everyone_begins_anew(mockocr):
    assert mockocr.requests == []
    assert outcome(mockocr) == "ok"
    assert mockocr.name == "test_it.py::test_everyone_begins_anew"

def test_calls_are_not_limited(mockocr):
    assert [outcome(mockocr) for _ in range(30)] == ["ok"] * 30

@pytest.mark.mockocr(scenario={"name": "slow", "account": {"rate": 2}, "clock": {"offset": "+1s"}})
def test_unless_a_scenario_asks_for_a_limit(mockocr):
    mockocr.clock.freeze(__import__("time").time())
    codes = [outcome(mockocr) for _ in range(3)]
    assert codes == ["ok", "ok", "RequestLimitExceeded"]

def test_one_server_for_all(mockocr, mockocr_server):
    assert mockocr.server is mockocr_server
    assert mockocr.url == mockocr_server.url

def test_a_name_that_is_very_long_%s(mockocr):
    assert len(mockocr.name) == 64
"""
        % ("x" * 60)
    )

    result.assert_outcomes(passed=6)
    result.stdout.fnmatch_lines(["mockocr: * --mockocr-seed=0"])


def test_accounts_are_gone_after_their_tests(runs: Runs, start: Start) -> None:
    url = started(start)
    result = runs(
        """
def test_two_accounts(mockocr):
    assert outcome(mockocr) == outcome(mockocr.account(seed=2)) == "ok"

@pytest.mark.mockocr(scenario="nothing")
def test_that_cannot_begin(mockocr):
    pass
""",
        f"--mockocr-url={url}",
    )

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines([f"mockocr: *, server: {url}"])
    output = httpx.get(f"{url}/__admin/accounts", trust_env=False).json()
    assert [each["name"] for each in output["accounts"]] == ["default"]


@pytest.mark.slow
def test_plugin_and_marker_are_documented_where_pytest_lists_them(runs: Runs) -> None:
    listed = text(runs("", "--markers")) + text(runs("", "--fixtures"))

    assert "@pytest.mark.mockocr(scenario, seed, clock, contract, strict): " in listed
    for name in ("mockocr", "mockocr_server", "mockocr_settings", "mockocr_intercept"):
        assert re.search(rf"^{name}( \[session scope\])? -- ", listed, re.MULTILINE)


def test_a_run_that_does_not_use_it_does_not_pay_for_it(runs: Runs) -> None:
    result = runs(
        """
def test_nothing():
    import sys, threading
    ours = {name for name in sys.modules if name.startswith("mockocr")}
    assert ours == {"mockocr", "mockocr.pytest_plugin", "mockocr.version"}
    assert not [it for it in threading.enumerate() if "mockocr" in it.name]
"""
    )

    result.assert_outcomes(passed=1)


@pytest.mark.slow
def test_settings_of_the_run(runs: Runs, pytester: pytest.Pytester) -> None:
    (pytester.path / "scenarios").mkdir()
    (pytester.path / "scenarios" / "backs.yaml").write_text(
        "name: backs\nrules:\n  - name: back\n    when: {CardSide: BACK}\n"
        "    then: {error: FailedOperation.ImageBlur}\n"
    )
    pytester.makeconftest("""
import pytest

@pytest.fixture(scope="session")
def mockocr_settings():
    return {"auth": "lenient", "numbers": "safe"}
""")
    source = """
def told(account):
    return account.server.admin.ask("GET", "accounts", account.name)

def test_as_the_run_says(mockocr):
    assert outcome(mockocr, CardSide="BACK") == "FailedOperation.ImageBlur"
    assert outcome(mockocr, key="worn", CardSide="FRONT") == "ok"
    assert (told(mockocr)["seed"], told(mockocr)["contract"]) == (SEED, "2026-03-13")
    assert __import__("socket").getaddrinfo.__module__ == "socket"

@pytest.mark.mockocr(seed=5, contract="2024-12-26", clock={"offset": "+60s"})
def test_as_the_test_says(mockocr):
    of = told(mockocr)
    assert (of["seed"], of["contract"], of["clock"]) == (5, "2024-12-26", {"offset": "+60s"})
"""
    ini = (
        "mockocr_scenarios = scenarios\nmockocr_contract = 2026-03-13\nmockocr_seed = 7\n"
        "mockocr_block_real_host = false"
    )

    by_ini = runs(source.replace("SEED", "7"), ini=ini)
    by_option = runs(source.replace("SEED", "8"), "--mockocr-seed=8", ini=ini)

    by_ini.assert_outcomes(passed=2)
    by_ini.stdout.fnmatch_lines(["mockocr: * --mockocr-seed=7"])
    by_option.assert_outcomes(passed=2)
    by_option.stdout.fnmatch_lines(["mockocr: * --mockocr-seed=8"])


@pytest.mark.slow
def test_settings_that_cannot_be_are_told(runs: Runs, pytester: pytest.Pytester) -> None:
    source = "def test_it(mockocr):\n    pass\n"

    wrong = text(runs(source, ini="mockocr_scenarios = nothing"))
    no_number = runs(source, ini="mockocr_seed = seven")
    pytester.makeconftest(
        "import pytest\n\n@pytest.fixture(scope='session')\n"
        "def mockocr_settings():\n    return {'prot': 1}\n"
    )

    assert "mockocr: scenarios: invalid:" in wrong
    assert "During handling" not in wrong
    no_number.stderr.fnmatch_lines(["ERROR: mockocr_seed: expected a whole number, got 'seven'"])
    assert "mockocr: unknown setting 'prot'; did you mean 'port'?" in text(runs(source))


def test_markers_of_module_class_and_test_add_up_and_the_closest_is_right(runs: Runs) -> None:
    result = runs("""
pytestmark = pytest.mark.mockocr(seed=1, contract="2026-03-13")

@pytest.mark.mockocr(seed=2)
class TestIt:
    @pytest.mark.mockocr(scenario="error-image-blur")
    def test_it(self, mockocr):
        told = mockocr.server.admin.ask("GET", "accounts", mockocr.name)
        assert (told["seed"], told["contract"]) == (2, "2026-03-13")
        assert outcome(mockocr) == "FailedOperation.ImageBlur"
""")

    result.assert_outcomes(passed=1)


WRONG_MARKERS = {
    "'flaky'": "@pytest.mark.mockocr: expected keyword arguments, such as scenario='flaky'",
    "sceanrio='x'": "@pytest.mark.mockocr: unknown argument 'sceanrio'; did you mean 'scenario'?",
    "colour=1": "*unknown argument 'colour'; expected one of scenario, seed, clock, contract, *",
    "strict='yes'": "@pytest.mark.mockocr: strict: expected True or False, got 'yes'",
    "scenario=3": "*expected a scenario as name, path, YAML or dict, got 3",
    "scenario='nothing'": "*unknown scenario 'nothing'; *",
    "scenario='no/such.yaml'": "*no/such.yaml: No such file or directory",
    "seed='x'": "*test: account: seed: expected a whole number, got 'x'",
    "clock={'frozen': 1}": "*: clock.frozen: unknown key 'frozen'; did you mean 'freeze'?",
    "contract='2020-01-01'": "*test: account: contract: *2023-11-15 *",
}


def test_a_wrong_marker_is_reported(runs: Runs) -> None:
    source = "".join(
        f"@pytest.mark.mockocr({arguments})\ndef test_{number}(mockocr):\n    pass\n\n"
        for number, arguments in enumerate(WRONG_MARKERS)
    )
    source += "@pytest.mark.mockocr(seed=1)\ndef test_without_it():\n    pass\n"
    result = runs(source, "-p", "no:randomly")

    result.assert_outcomes(errors=len(WRONG_MARKERS) + 1)
    result.stdout.fnmatch_lines(["mockocr: @pytest.mark.mockocr has no effect: the test does not*"])
    result.stdout.fnmatch_lines([f"mockocr: {output}" for output in WRONG_MARKERS.values()])
    assert "During handling" not in text(result)


@pytest.mark.slow
def test_a_server_that_runs_already(runs: Runs, start: Start) -> None:
    server_url = started(start)
    source = """
@pytest.mark.mockocr(scenario="error-image-blur")
def test_it(mockocr):
    assert mockocr.url == "URL"
    assert outcome(mockocr) == "FailedOperation.ImageBlur"
    mockocr.assert_called(1)
""".replace("URL", server_url)
    intercepting = "def test_it(mockocr_intercept):\n    pass\n"
    url = f"--mockocr-url={server_url}"

    runs(source, url).assert_outcomes(passed=1)
    output = text(runs(intercepting, url))
    assert "mockocr: mockocr_intercept needs a server that the run starts" in output
    output = text(runs(source, url, ini="mockocr_scenarios = documented"))
    assert "mockocr: mockocr_scenarios and mockocr_settings cannot be combined with" in output
    output = text(runs(source, "--mockocr-url=https://127.0.0.1:1"))
    assert "mockocr: --mockocr-url: expected an http:// URL" in output


@pytest.mark.slow
def test_a_server_with_an_admin_token(
    runs: Runs, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"--mockocr-url={started(start, '--admin-token=open sesame')}"
    source = "def test_it(mockocr):\n    assert outcome(mockocr) == 'ok'\n"

    output = text(runs(source, url))
    monkeypatch.setenv("MOCKOCR_ADMIN_TOKEN", "open sesame")

    assert "mockocr: the admin API needs the header" in output
    runs(source, url).assert_outcomes(passed=1)


SIXTY_FOUR = """
@pytest.mark.parametrize("number", range(64))
def test_it(mockocr, number):
    calls = 2 + number % 5
    mockocr.play({"name": "mine", "seed": number, "rules": [
        {"name": "mine", "then": [
            {"card": {"Name": "李" + chr(0x4E00 + number)}, "times": calls - 1},
            {"error": "FailedOperation.OcrFailed"}]}]})
    names = [call(mockocr, CardSide="FRONT").Name for _ in range(calls - 1)]
    assert names == ["李" + chr(0x4E00 + number)] * (calls - 1)
    assert outcome(mockocr, CardSide="BACK") == "FailedOperation.OcrFailed"
    mockocr.clock.offset(f"+{number}s")
    assert [it.account for it in mockocr.requests] == [mockocr.name] * calls
    mockocr.assert_called(1, CardSide="BACK")
    with open("servers.txt", "a") as file:
        print(mockocr.url, file=file)
"""


@pytest.mark.slow
def test_sixty_four_tests_on_two_workers_with_a_server_each(
    runs: Runs, pytester: pytest.Pytester
) -> None:
    result = runs(SIXTY_FOUR, "-n", "2", "--dist=load")

    result.assert_outcomes(passed=64)
    assert len(set((pytester.path / "servers.txt").read_text().split())) == 2


@pytest.mark.slow
def test_sixty_four_tests_on_two_workers_with_one_server(runs: Runs, start: Start) -> None:
    server_url = started(start, "--rate=20")
    result = runs(SIXTY_FOUR, "-n", "2", f"--mockocr-url={server_url}")

    result.assert_outcomes(passed=64)
    url = f"{server_url}/__admin/requests"
    output = httpx.get(url, trust_env=False).json()
    assert output["total"] == sum(2 + number % 5 for number in range(64))
    assert {each["scenario"] for each in output["requests"]} == {"mine"}


def test_the_report_of_a_failure_on_a_worker_is_shown_everywhere(
    runs: Runs, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(pytester.path.parent))
    source = "def test_it(mockocr):\n    call(mockocr, key='worn')\n"
    result = runs(source, "-n", "1", "--junitxml=report.xml", "--show-capture=no")

    result.assert_outcomes(failed=1)
    folder = pytester.path.name
    result.stdout.fnmatch_lines(
        [
            "calls of 'test_it.py::test_it': 1",
            "*wrong_secret_key*",
            f"::error file={folder}/test_it.py,line=4,title=mockocr%3A test_it.py%3A%3Atest_it::"
            "calls of 'test_it.py::test_it': 1%0ARequestId*wrong_secret_key*",
        ]
    )
    assert "wrong_secret_key" in (pytester.path / "report.xml").read_text(encoding="utf-8")


@pytest.mark.slow
def test_chance_is_the_same_in_every_run_and_order(runs: Runs, pytester: pytest.Pytester) -> None:
    source = """
CHANCE = {"name": "chance", "rules": [{"name": "r", "then": {"one_of": [
    {"card": "invented"}, {"error": "FailedOperation.OcrFailed"}]}}]}

@pytest.mark.parametrize("number", range(3))
@pytest.mark.mockocr(scenario=CHANCE)
def test_it(mockocr, number):
    with open(f"{number}.txt", "a") as file:
        print(*[outcome(mockocr) for _ in range(12)], file=file)
"""
    runs(source, "-p", "no:randomly").assert_outcomes(passed=3)
    runs(source, "--randomly-seed=4", "-n", "2").assert_outcomes(passed=3)

    files = [(pytester.path / f"{number}.txt").read_text().splitlines() for number in range(3)]
    assert all(len(lines) == 2 and len(set(lines)) == 1 for lines in files)
    assert len({lines[0] for lines in files}) > 1


def test_async_tests_of_pytest_asyncio_and_anyio(runs: Runs) -> None:
    result = runs("""
from calling import request_of
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ocr.v20181119.ocr_client_async import OcrClient
import httpx, mockocr as library

async def name_of(account):
    http = HttpProfile(protocol="http", endpoint=account.endpoint)
    credential = Credential(account.secret_id, account.secret_key)
    async with OcrClient(credential, "", ClientProfile(httpProfile=http)) as client:
        return (await client.IDCardOCR(request_of(CardSide="FRONT"))).Name

@pytest.mark.asyncio
async def test_with_asyncio(mockocr):
    mockocr.respond(card={"Name": "李明"})
    assert await name_of(mockocr) == "李明"
    mockocr.assert_called(1)

@pytest.mark.anyio
async def test_with_anyio(mockocr):
    mockocr.respond(error="FailedOperation.ImageBlur")
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.get(mockocr.url)
    assert outcome(mockocr) == "FailedOperation.ImageBlur"

@pytest.mark.asyncio
async def test_intercepted(mockocr_intercept):
    credential = Credential(mockocr_intercept.secret_id, mockocr_intercept.secret_key)
    async with OcrClient(credential, "") as client:
        assert (await client.IDCardOCR(request_of())).Name

@pytest.mark.anyio
async def test_the_library(anyio_backend):
    async with library.MockOCR() as ocr:
        assert outcome(ocr) == "ok"
""")

    result.assert_outcomes(passed=6)


def test_code_with_the_real_host_name_written_in(runs: Runs) -> None:
    result = runs(
        """
import socket, requests
from calling import request_of
from tencentcloud.common.credential import Credential
from tencentcloud.ocr.v20181119.ocr_client import OcrClient

def test_it(mockocr_intercept, mockocr):
    assert mockocr_intercept is mockocr
    mockocr.respond(card={"Name": "李明"})
    credential = Credential(mockocr.secret_id, mockocr.secret_key)
    assert OcrClient(credential, "").IDCardOCR(request_of()).Name == "李明"
    assert "_resolving" in socket.getaddrinfo.__qualname__

def test_afterwards(mockocr):
    assert "blocked" in socket.getaddrinfo.__qualname__

def test_without_it():
    assert socket.getaddrinfo.__module__ == "socket"

def test_that_forgets_it(mockocr):
    credential = Credential(mockocr.secret_id, mockocr.secret_key)
    OcrClient(credential, "").IDCardOCR(request_of())
""",
        "-p",
        "no:randomly",
    )

    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(
        [
            "E * a test called ocr.tencentcloudapi.com, the real service.*mockocr_intercept*",
            "calls of 'test_it.py::test_that_forgets_it': none",
            "calls to ocr.tencentcloudapi.com were blocked; use the fixture mockocr_intercept",
        ]
    )
    assert "intercept.py" not in text(result)


def test_the_environment_of_an_account_configures_commands(runs: Runs) -> None:
    result = runs("""
import json, os, subprocess, sys

def test_it(mockocr):
    done = subprocess.run(
        [sys.executable, "-m", "mockocr", "call", "--image", "https://xx/a.jpg"],
        env={**os.environ, **mockocr.env}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["Response"]["Name"]
    mockocr.assert_called(1)
""")

    result.assert_outcomes(passed=1)
