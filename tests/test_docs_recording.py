"""docs/recording.md: its commands work, and its rule is valid."""

import shlex
import subprocess
from pathlib import Path

import httpx

from mockocr.documents.reading import parse_document
from mockocr.scenario.load import load
from tests.conftest import Running
from tests.test_docs import BLOCK, ROOT, blocks, environment, run

PAGE = "docs/recording.md"


def test_every_block_of_the_page_is_run_here() -> None:
    kinds = [kind for kind, _ in BLOCK.findall((ROOT / PAGE).read_text(encoding="utf-8"))]

    assert kinds == ["sh", "sh", "yaml", "sh"]


def test_the_rule_of_the_page_is_valid() -> None:
    (text,) = blocks(PAGE, "yaml")
    scenario = load(parse_document(text, PAGE))

    assert [rule.name for rule in scenario.rules] == ["call-1"]
    assert scenario.warnings == ()


def test_the_commands_of_the_page_start_servers(server: Running, tmp_path: Path) -> None:
    keys, record, validate, replay, none, spy = (
        line for block in blocks(PAGE, "sh") for line in block.splitlines()
    )
    (tmp_path / "kyc.yaml").write_text(blocks(PAGE, "yaml")[0], encoding="utf-8")

    assert "ok, 1 rule" in run(validate, tmp_path)
    for command in (record, replay, none, spy):
        assert_serves(keys, command, server, tmp_path)


def assert_serves(keys: str, command: str, server: Running, folder: Path) -> None:
    port_file = folder / "port-file"
    # The real service is not asked.
    command = command.replace("https://ocr.tencentcloudapi.com", server.url)
    ports = f"--port 0 --tls-port off --port-file {shlex.quote(str(port_file))}"
    with subprocess.Popen(
        ["bash", "-euc", f"{keys}\nexec {command} {ports}"],
        cwd=folder,
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
    ) as started:
        assert started.stderr is not None
        try:
            assert "listening" in started.stderr.readline()
            url = parse_document(port_file.read_text(), "")  # JSON is YAML.
            assert httpx.get(f"{url.data['http']}/healthz").status_code == 200
        finally:
            started.terminate()
