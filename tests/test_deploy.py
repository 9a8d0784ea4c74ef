"""deploy/, action.yml, docs/containers.md and docs/ci.md: the parts that need no Docker daemon.
The rest is in tests/containers."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mockocr.documents.reading import read_document
from mockocr.settings import Settings, spellings
from tests.test_docs import BLOCK, ROOT, blocks, environment


def check(schema: str, file: Path) -> None:
    """Validates a file with a schema that check-jsonschema ships."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    done = subprocess.run([*command, file], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("compose-spec", "deploy/compose.yaml"),
        ("github-actions", "action.yml"),
        ("dependabot", ".github/dependabot.yml"),
        ("renovate", "renovate.json"),
    ],
)
def test_a_deployment_file_is_valid(schema: str, file: str) -> None:
    check(schema, ROOT / file)


@pytest.mark.parametrize(("block", "schema"), [(0, "github-workflows"), (1, "gitlab-ci")])
def test_a_pipeline_of_the_page_is_valid(block: int, schema: str, tmp_path: Path) -> None:
    (tmp_path / "pipeline.yml").write_text(blocks("docs/ci.md", "yaml")[block])

    check(schema, tmp_path / "pipeline.yml")


def test_an_invalid_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services: {app: {imgae: mockocr}}")

    with pytest.raises(AssertionError, match="imgae"):
        check("compose-spec", tmp_path / "compose.yaml")


def test_the_hooks_of_pre_commit_call_scripts_of_ours() -> None:
    (repository,) = read_document(ROOT / ".pre-commit-config.yaml").data["repos"]

    assert repository["repo"] == "local"
    for hook in repository["hooks"]:
        assert hook["language"] == "system"
        assert os.access(ROOT / hook["entry"].split()[0], os.X_OK)


def test_renovate_reads_the_locks_that_are_compiled_but_the_pip_that_stays_old() -> None:
    (pattern,) = read_document(ROOT / "renovate.json").data["pip-compile"]["managerFilePatterns"]
    locks = {f"requirements/{each.name}" for each in (ROOT / "requirements").glob("*.txt")}

    matching = {each for each in locks if re.search(pattern.strip("/"), each)}
    assert locks - matching == {"requirements/oldest-pip.txt"}


def test_the_workflow_uses_what_the_action_has(tmp_path: Path) -> None:
    workflow = blocks("docs/ci.md", "yaml")[0]
    action = read_document(ROOT / "action.yml").data
    (tmp_path / "workflow.yml").write_text(workflow)
    steps = read_document(tmp_path / "workflow.yml").data["jobs"]["test"]["steps"]

    used = {word.split(" ")[0] for word in workflow.split("steps.mockocr.outputs.")[1:]}
    assert used <= action["outputs"].keys()
    assert steps[1]["with"].keys() <= action["inputs"].keys()


def test_variables_of_the_image_and_the_compose_file_are_settings() -> None:
    known = {f"MOCKOCR_{setting.name.upper()}" for setting, _ in spellings()}
    dockerfile = (ROOT / "Dockerfile").read_text()
    services = read_document(ROOT / "deploy/compose.yaml").data["services"]

    message = {word.partition("=")[0] for word in dockerfile.split() if word.startswith("MOCKOCR_")}
    assert len(message) == 4
    assert message | services["mockocr"]["environment"].keys() <= known


def test_the_ports_of_the_image_are_those_of_the_settings() -> None:
    settings = Settings()

    assert f"EXPOSE {settings.port} {settings.tls_port}" in (ROOT / "Dockerfile").read_text()


def test_the_client_of_the_compose_file_calls_the_alias_when_the_server_is_healthy() -> None:
    services = read_document(ROOT / "deploy/compose.yaml").data["services"]
    (alias,) = services["mockocr"]["networks"]["default"]["aliases"]

    assert f"--server=https://{alias}" in services["app"]["command"]
    assert services["app"]["depends_on"]["mockocr"] == {"condition": "service_healthy"}


def test_the_commands_for_any_other_pipeline_start_a_server(tmp_path: Path) -> None:
    _, command = blocks("docs/ci.md", "sh")
    assert "mockocr serve" in command
    variables = {
        "MOCKOCR_PORT": "0",
        "MOCKOCR_TLS_PORT": "0",
        "MOCKOCR_STATE_DIR": str(tmp_path / "state"),
    }
    done = subprocess.run(
        ["bash", "-euc", f"{command}kill $!; wait $! || [ $? = 143 ]"],
        cwd=tmp_path,
        env=environment() | variables,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(" is healthy\n")
    assert "BEGIN CERTIFICATE" in (tmp_path / "mockocr-ca.pem").read_text()


def test_every_block_of_the_pages_is_run_here_or_by_scripts_image() -> None:
    """tests/clients/test_node_sdk.py runs the first block of ci.md."""
    kinds = {
        page: [kind for kind, _ in BLOCK.findall((ROOT / "docs" / page).read_text("utf-8"))]
        for page in ("ci.md", "containers.md")
    }

    assert kinds == {
        "ci.md": ["sh", "yaml", "yaml", "sh"],
        "containers.md": ["sh", "sh", "sh", "sh", "sh", "python", "js", "java", "go"],
    }
