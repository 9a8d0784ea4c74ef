"""README and docs are right: their code runs, and their tables match the code."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mockocr.actions.idcard.contract import CHANGES
from tests.conftest import Running, Serve
from tests.faults import FAULTS

ROOT = Path(__file__).parents[1]
PAGES = [
    *(ROOT / name for name in ("README.md", "README.zh-CN.md", "bench/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)\)")


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return [code for kind, code in BLOCK.findall(text) if kind == language]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the README's reader, with the file that the README describes."""
    (tmp_path / "my.yaml").write_text(blocks("README.md", "yaml")[0], encoding="utf-8")
    return tmp_path


def environment(server: Running | None = None) -> dict[str, str]:
    bin_dir = str(Path(sys.executable).parent)
    known = {"PATH": f"{bin_dir}{os.pathsep}{os.environ['PATH']}", "HOME": os.environ["HOME"]}
    return known | ({"MOCKOCR_STATE_DIR": str(server.ca.parents[1])} if server else {})


def run(command: str, folder: Path, server: Running | None = None) -> str:
    done = subprocess.run(
        ["bash", "-euc", command],
        cwd=folder,
        env=environment(server),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


READMES = ("README.md", "README.zh-CN.md")


def command(beginning: str) -> str:
    """The block of the README that begins with this text."""
    (found,) = (each for each in blocks("README.md", "sh") if each.startswith(beginning))
    return found


def first_call(server: Running, folder: Path) -> str:
    """The output of the README's script."""
    _, code = blocks("README.md", "python")
    assert "127.0.0.1:8018" in code
    (folder / "call.py").write_text(code.replace("127.0.0.1:8018", server.endpoint))
    return run(f"{shlex.quote(sys.executable)} call.py", folder)


def test_every_block_of_the_readme_is_run_by_a_test() -> None:
    """test_wheel.py runs the second and third block, scripts/image that of docker, this file the
    others."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    begun = [code.split()[:2] for kind, code in BLOCK.findall(text) if kind == "sh"]

    assert begun == [
        ["scripts/serve"],
        ["python3", "-m"],
        ["pytest", "test_kyc.py"],
        ["docker", "build"],
        ["mockocr", "validate"],
        ["mockocr", "card"],
        ["mockocr", "call"],
        ["curl", "-s"],
        ["mockocr", "ca"],
        ["scripts/test"],
    ]
    others = [kind for kind, _ in BLOCK.findall(text) if kind != "sh"]
    assert others == ["python", "python", "yaml"]


def test_the_chinese_readme_has_the_code_links_and_sections_of_the_english_one() -> None:
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in READMES)

    for language in ("sh", "python"):
        assert blocks("README.zh-CN.md", language) == blocks("README.md", language)
    for charge in (r"^## ", r"^- \*\*", r"^!\["):
        found = [len(re.findall(charge, text, re.MULTILINE)) for text in (english, chinese)]
        assert found[0] == found[1] > 0
    others = {"README.md", "README.zh-CN.md"}
    translated = {each.replace(".zh-CN.md", ".md") for each in LINK.findall(chinese)}
    assert translated - others == set(LINK.findall(english)) - others


def test_the_terminal_pictures_show_the_commands_and_causes_that_the_readme_tells_of() -> None:
    """scripts/make-terminal-pictures makes them."""
    why, report = (
        re.sub(r"&#160;|\s+", " ", (ROOT / f"docs/pictures/{name}.svg").read_text(encoding="utf-8"))
        for name in ("why", "report")
    )

    assert "$ mockocr call --image https://example.com/li-ming.jpg" in why
    assert "cause: secret_has_whitespace (proven)" in why
    assert "test_kyc.py::test_the_name_is_read" in report
    assert "key_of_another_account (proven)" in report


def test_the_first_call_of_the_readme_prints_a_card(server: Running, folder: Path) -> None:
    name, number, address = first_call(server, folder).split()

    assert (len(number), bool(name), bool(address)) == (18, True, True)


@pytest.mark.parametrize("page", READMES)
def test_the_scenario_of_the_readme_is_right_and_plays(
    page: str, serve: Serve, folder: Path
) -> None:
    validate, play = command("mockocr validate").splitlines()
    (folder / "my.yaml").write_text(blocks(page, "yaml")[0], encoding="utf-8")

    assert "ok, 3 rules" in run(validate, folder)
    assert play == "mockocr serve --scenarios my.yaml"
    server = serve(scenarios=(str(folder / "my.yaml"),))
    assert first_call(server, folder).startswith("李明 440524198701010014")


def test_the_cards_of_the_readme_are_drawn(folder: Path) -> None:
    printed = run(command("mockocr card"), folder)

    assert "error-image-blur" in printed
    assert {each.name for each in folder.glob("*.[jp][pn]g")} == {"reflection.jpg", "back.png"}
    assert "2010.07.21-长期" in printed


def test_the_commands_that_ask_a_server_work(server: Running, folder: Path) -> None:
    block = command("curl").replace("http://127.0.0.1:8018", server.url)
    listing, fresh = block.strip().splitlines()

    assert "total" in json.loads(run(listing, folder))
    account = json.loads(run(fresh, folder))
    assert (account["package"], account["clock"]) == (2, {"offset": "+400s"})


def test_a_call_with_a_padded_key_is_explained(server: Running, folder: Path) -> None:
    done = subprocess.run(
        ["bash", "-uc", command("mockocr call")],
        cwd=folder,
        env=environment(server) | {"MOCKOCR_URL": server.url},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert "AuthFailure.SignatureFailure" in done.stdout
    assert "secret_has_whitespace (proven)" in done.stderr
    listing = done.stdout.partition("time ")[2]
    assert "secret_has_whitespace" in listing


def test_ca_path_names_a_file(server: Running, folder: Path) -> None:
    printed = run(command("mockocr ca "), folder, server).strip()

    assert "BEGIN CERTIFICATE" in Path(printed).read_text()


def test_the_one_command_of_the_readme_starts_a_server(tmp_path: Path) -> None:
    port_file = tmp_path / "port-file"
    settings = {
        "MOCKOCR_PORT": "0",
        "MOCKOCR_TLS_PORT": "off",
        "MOCKOCR_PORT_FILE": str(port_file),
    }
    with subprocess.Popen(
        shlex.split(command("scripts/serve")),
        cwd=ROOT,
        env=environment() | settings,
        stderr=subprocess.PIPE,
        text=True,
    ) as started:
        assert started.stderr is not None
        try:
            first_line = started.stderr.readline()
            url = json.loads(port_file.read_text())["http"]
            healthy = subprocess.run(
                [sys.executable, "-m", "mockocr", "health", "--server", url], check=False
            )
        finally:
            started.send_signal(signal.SIGTERM)

    assert "listening" in first_line
    assert healthy.returncode == 0
    assert started.returncode == 143


def test_ci_runs_the_test_command_of_the_readme() -> None:
    test = command("scripts/test").strip()

    assert f"exec {test}" in (ROOT / ".ci" / "run").read_text().splitlines()


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page}: {target}"


def test_the_order_on_the_fidelity_page_is_the_order_of_the_checks() -> None:
    text = (ROOT / "docs" / "fidelity.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \|[^|]*\| ([\w.]+)[^|]*\|", text, re.MULTILINE)

    assert [code for _, code in rows] == [fault.code for fault in FAULTS]
    assert [int(number) for number, _ in rows] == list(range(1, len(FAULTS) + 1))


def test_the_timeline_of_the_contract_is_its_changes() -> None:
    text = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([0-9-]{10}) \| (.*) \| (.*) \|$", text, re.MULTILINE)

    assert rows == [(str(each.day), each.summary, each.source) for each in CHANGES]


def test_the_difference_on_the_page_of_the_contract_is_what_is_printed(folder: Path) -> None:
    command = blocks("docs/contract.md", "sh")[1]

    assert run(command, folder) == blocks("docs/contract.md", "text")[0]
