"""docs/contract-tests.md: its commands are run, its pipelines valid, and its output is that of the
check."""

import re
import shlex
import shutil
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from mockocr.contract_check.case_spec import CaseSpec
from mockocr.contract_check.cases import read_cases
from mockocr.documents.reading import parse_document
from mockocr.server.ports import bind
from mockocr.settings import API_PAGE
from tests.conftest import BUILT_IN, Running, Serve
from tests.plugin_runs import WITHOUT
from tests.test_deploy import check
from tests.test_docs import BLOCK, ROOT, blocks, run

PAGE = "docs/contract-tests.md"
LOCAL = "http://127.0.0.1:8018"
REAL = "https://ocr.tencentcloudapi.com --real"
KEYS_OF_THE_UPSTREAM = {
    "MOCKOCR_UPSTREAM_SECRET_ID": BUILT_IN[0],
    "MOCKOCR_UPSTREAM_SECRET_KEY": BUILT_IN[1],
}


def test_every_block_of_the_page_is_tested_here() -> None:
    kinds = Counter(kind for kind, _ in BLOCK.findall((ROOT / PAGE).read_text(encoding="utf-8")))

    assert kinds == {"sh": 7, "text": 1, "yaml": 6, "python": 1}


def with_keys(command: str) -> str:
    secret_id, secret_key = BUILT_IN
    return command.replace("YOUR_SECRET_ID", secret_id).replace("YOUR_SECRET_KEY", secret_key)


def test_the_suite_of_the_worked_example_reports_its_coverage(
    tmp_path: Path, state_dir: Path
) -> None:
    command = blocks(PAGE, "sh")[0].strip()
    for file in (ROOT / "docs/example").glob("*.py"):
        shutil.copy(file, tmp_path)
    state = f"export MOCKOCR_STATE_DIR={shlex.quote(str(state_dir))}\n"

    printed = run(f"{state}{command} {WITHOUT} test_kyc.py", tmp_path)

    assert "% of outcomes seen" in printed
    assert (tmp_path / "coverage.xml").exists()


def test_the_contract_check_of_the_page_finds_no_difference(serve: Serve, tmp_path: Path) -> None:
    """The real service is a mockocr."""
    server = serve()
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases/kyc.yaml").write_text(blocks(PAGE, "yaml")[4], encoding="utf-8")

    for command in blocks(PAGE, "sh")[1:5]:
        command = command.replace(LOCAL, server.url).replace(REAL, server.url)
        run(with_keys(command), tmp_path, server)

    assert (tmp_path / "contract.xml").exists()


def recording(command: str, upstream: Running) -> str:
    """A script of the page. Its server has a port of its own, and ends with the script."""
    with closing(bind("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
    command = command.replace(REAL, f"{upstream.url} --port {port} --tls-port off")
    return "trap 'kill $! || true' EXIT\n" + with_keys(command.replace(":8018", f":{port}"))


def test_a_recording_answers_instead_of_the_service_until_the_service_has_changed(
    serve: Serve, tmp_path: Path
) -> None:
    """The real service is a mockocr."""
    record, replay = blocks(PAGE, "sh")[5:]
    workflow = parse_document(blocks(PAGE, "yaml")[5], PAGE).data
    step = workflow["jobs"]["drift"]["steps"][3]
    (tmp_path / "test_consumer.py").write_text(blocks(PAGE, "python")[0], encoding="utf-8")

    assert "2 passed" in run(recording(record, serve()), tmp_path)
    assert "2 passed" in run(replay, tmp_path)

    variables = {**step["env"], **KEYS_OF_THE_UPSTREAM}
    names = "".join(f"export {name}={value}\n" for name, value in variables.items())
    changed = serve(scenarios=("error-ocr-failed",))
    with pytest.raises(AssertionError):
        run(recording(names + step["run"], changed), tmp_path)
    assert "FailedOperation.OcrFailed" in (tmp_path / "tonight.yaml").read_text(encoding="utf-8")


def test_the_recording_is_replayed_in_ci_as_on_the_page() -> None:
    workflow = parse_document(blocks(PAGE, "yaml")[5], PAGE).data

    assert workflow["jobs"]["replay"]["steps"][3]["run"] == blocks(PAGE, "sh")[6].strip()


@pytest.mark.parametrize(
    ("block", "schema"),
    [
        (0, "github-workflows"),
        (1, "gitlab-ci"),
        (2, "github-workflows"),
        (3, "gitlab-ci"),
        (5, "github-workflows"),
    ],
)
def test_a_pipeline_of_the_page_is_valid(block: int, schema: str, tmp_path: Path) -> None:
    (tmp_path / "pipeline.yml").write_text(blocks(PAGE, "yaml")[block])

    check(schema, tmp_path / "pipeline.yml")


def test_the_output_of_the_page_is_that_of_the_check() -> None:
    (output,) = blocks(PAGE, "text")
    cases = {case.id: case for case in read_cases()}
    held = [case for case in cases.values() if case.spec.holds_on(API_PAGE)]
    billed = sum(case.spec.billed for case in held)

    rows = re.findall(r"^(?:same|differs|not sent) {2,}(\S+) {2,}(.*)$", output, re.MULTILINE)
    assert len(rows) == 3
    for name, about in rows:
        assert cases[name].spec.about == about
    assert f"differs: region-unknown ({cases['region-unknown'].source})" in output
    assert f"not sent: {billed}, because the vendor may bill it" in output
    same = len(held) - billed - 1
    assert f"{len(held)} cases: {same} same, 1 differs, {billed} not sent" in output
    assert f"has {len(cases)} cases" in (ROOT / PAGE).read_text(encoding="utf-8")


def test_the_keys_of_a_case_are_those_of_the_page() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (`.*?`) \| [^|]* \|$", text.partition("| key of a case |")[2], re.MULTILINE
    )

    assert set(re.findall(r"`(\w+)`", "".join(rows))) == set(CaseSpec.model_fields)
