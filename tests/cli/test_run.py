"""`mockocr run -- COMMAND`: a server while a command runs."""

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from mockocr.cli.child_variables import child_variables
from mockocr.settings import SettingError
from tests.processes import DEADLINE_SECONDS

if TYPE_CHECKING:
    from tests.conftest import Running

MOCKOCR = (sys.executable, "-m", "mockocr")
SCENARIO = """\
name: s
rules:
  - name: back
    when: {CardSide: BACK}
    then: {error: FailedOperation.ImageBlur}
  - when: {any: [{CardSide: FRONT}, {Region: ap-beijing}]}
    then: {card: invented}
expect: {back: 1}
"""
CALLS = """\
import os, subprocess, sys
def call(*flags):
    flags = ("--image", "https://xx/a.jpg", *flags)
    command = (sys.executable, "-m", "mockocr", "call", *flags)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
"""


class Ended(NamedTuple):
    code: int
    stdout: str
    stderr: str


def run(*arguments: str, folder: Path, state_dir: Path, **variables: str) -> Ended:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MOCKOCR")}
    ended = subprocess.run(
        [*MOCKOCR, "run", *arguments],
        cwd=folder,
        env={**clean, "MOCKOCR_STATE_DIR": str(state_dir), **variables},
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "s.yaml").write_text(SCENARIO)
    return tmp_path


def test_the_report_explains_calls_that_were_refused_or_matched_no_rule(
    folder: Path, state_dir: Path
) -> None:
    (folder / "suite.py").write_text(
        f"{CALLS}call('--side', 'back')\ncall()\ncall('--secret-key', 'x')\nsys.exit(7)\n"
    )
    ended = run(
        "--scenarios",
        "s.yaml",
        "--",
        sys.executable,
        "suite.py",
        folder=folder,
        state_dir=state_dir,
    )

    assert (ended.code, ended.stdout) == (7, "")
    assert "         not 'back': expected CardSide BACK, got None\n" in ended.stderr
    assert "not 'rules[1]': expected any[0].CardSide FRONT, got None\n" in ended.stderr
    assert "outcome  AuthFailure.SignatureFailure\n" in ended.stderr
    assert "cause    wrong_secret_key (likely, not proven)\nhint     " in ended.stderr
    assert "ImageBlur" not in ended.stderr
    assert ended.stderr.endswith(
        "mockocr run: 3 calls, 1 refused, 1 without a rule, 1 of 1 expectations met\n"
    )


def test_an_expectation_that_is_not_met_fails_a_command_that_succeeded(
    folder: Path, state_dir: Path
) -> None:
    command = ("--scenarios", "s.yaml", "--", sys.executable, "-c", "")
    ended = run(*command, folder=folder, state_dir=state_dir)

    assert ended.code == 1
    assert "back  s         -        1         0    NO\n" in ended.stderr
    assert "0 of 1 expectations met\nmockocr run: no call reached http://127.0.0.1:" in ended.stderr


def test_the_command_gets_urls_keys_trust_and_no_proxy(folder: Path, state_dir: Path) -> None:
    code = "import json, os; print(json.dumps(dict(os.environ)))"
    more = {
        "MOCKOCR_KEYS": "AKIDOURS:ours",
        "MOCKOCR_ADMIN_TOKEN": "token",
        "no_proxy": "internal.test",
        "TENCENTCLOUD_SECRET_ID": "AKIDREAL",
    }
    command = ("--", sys.executable, "-c", code)
    ended = run(*command, folder=folder, state_dir=state_dir, **more)

    seen = json.loads(ended.stdout)
    assert seen["MOCKOCR_URL"].startswith("http://127.0.0.1:")
    assert seen["MOCKOCR_HTTPS_URL"].startswith("https://127.0.0.1:")
    assert seen["TENCENTCLOUD_SECRET_ID"] == "AKIDOURS"
    assert seen["TENCENTCLOUD_SECRET_KEY"] == "ours"
    port = seen["MOCKOCR_URL"].rpartition(":")[2]
    assert seen["NO_PROXY"].startswith(f"internal.test,127.0.0.1,127.0.0.1:{port},")
    assert seen["no_proxy"] == seen["NO_PROXY"]
    assert not Path(seen["SSL_CERT_FILE"]).exists()


def test_files_of_cas_have_the_ca_of_the_server_and_those_that_were_set(
    server: "Running", tmp_path: Path
) -> None:
    (tmp_path / "company.pem").write_text("COMPANY")
    environment = {
        "REQUESTS_CA_BUNDLE": str(tmp_path / "company.pem"),
        "NODE_EXTRA_CA_CERTS": str(tmp_path / "company.pem"),
    }
    urls = {"http": server.url, "https": server.https_url}

    variables = child_variables(urls, None, None, server.ca, tmp_path, environment)

    own = server.ca.read_text()
    for name in ("REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
        assert Path(variables[name]).read_text() == f"COMPANY\n{own}"
    for name in ("SSL_CERT_FILE", "CURL_CA_BUNDLE"):
        assert Path(variables[name]).read_text().endswith(f"\n{own}")
    with pytest.raises(SettingError, match="SSL_CERT_FILE: cannot read '/none'"):
        child_variables(urls, None, None, server.ca, tmp_path, {"SSL_CERT_FILE": "/none"})


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--", "nmp", "test"], 127, "cannot find the command 'nmp': it is not on the PATH"),
        (["./none"], 127, "cannot find the command './none': no such file"),
        (["--", "./s.yaml"], 126, "'./s.yaml' is not an executable file"),
        ([], 2, "expected a command, as in `mockocr run -- npm test`"),
        (["--port", "x", "--", "true"], 2, "--port: expected a port from 0 (any free one) to"),
        (["--no-admin", "--", "true"], 2, "--no-admin: the report of `mockocr run` needs the"),
        (["--scenarios", "none.yaml", "true"], 2, "--scenarios: invalid:\nnone.yaml: No such"),
        (["--host", "192.0.2.1", "true"], 3, "cannot listen on '192.0.2.1': it is not an"),
    ],
)
def test_a_run_that_cannot_start_says_why(
    folder: Path, state_dir: Path, arguments: list[str], code: int, message: str
) -> None:
    ended = run(*arguments, folder=folder, state_dir=state_dir)

    assert (ended.code, ended.stdout) == (code, "")
    assert ended.stderr.startswith(f"mockocr run: {message}")


@pytest.fixture
def waiting(folder: Path, state_dir: Path) -> Iterator["subprocess.Popen[str]"]:
    """A command that says which signal it got, and is then killed by SIGKILL."""
    code = (
        "import os, signal, sys\n"
        "def got(n, _): print('got', n, flush=True); os.kill(os.getpid(), 9)\n"
        "for n in (1, 2, 15): signal.signal(n, got)\n"
        "print('ready', flush=True)\n"
        "while True: signal.pause()\n"
    )
    with subprocess.Popen(
        [*MOCKOCR, "run", "--", sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "MOCKOCR_STATE_DIR": str(state_dir)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # No terminal, as in CI.
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_passed_on_and_is_the_exit_code(
    waiting: "subprocess.Popen[str]", number: int
) -> None:
    waiting.send_signal(number)
    out, err = waiting.communicate(timeout=DEADLINE_SECONDS)

    assert (waiting.returncode, out) == (128 + number, f"got {number}\n")
    assert "mockocr run: 0 calls" in err


def test_ctrl_c_in_a_terminal_reaches_the_command_once(folder: Path, state_dir: Path) -> None:
    code = (
        "import signal, time\n"
        "seen = []\n"
        "signal.signal(2, lambda n, _: seen.append(n))\n"
        "print('ready', flush=True)\n"
        "while not seen: time.sleep(0.01)\n"
        # If there is a second one, it is handled before the end.
        "print('got', seen, flush=True)\n"
    )
    variables = {**os.environ, "MOCKOCR_STATE_DIR": str(state_dir)}
    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover - in the child
        os.execve(sys.executable, [*MOCKOCR, "run", "--", sys.executable, "-c", code], variables)  # noqa: S606
    with os.fdopen(terminal, "rb", buffering=0) as output:
        seen = b""
        while b"ready" not in seen:
            seen += output.read(100)
        os.write(terminal, b"\x03")
        while b"0 calls" not in seen:
            seen += output.read(100)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    assert status == 130
    assert b"got [2]" in seen


def test_a_command_that_a_signal_ends_gives_the_code_of_a_shell(
    folder: Path, state_dir: Path
) -> None:
    code = "import os; os.kill(os.getpid(), 9)"
    assert run("--", sys.executable, "-c", code, folder=folder, state_dir=state_dir).code == 137
