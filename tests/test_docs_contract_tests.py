"""docs/contract-tests.md: its commands are run, its pipelines valid, and its output is that of the
check."""

import re
from collections import Counter
from pathlib import Path

import pytest

from mockocr.contract_check.case_spec import CaseSpec
from mockocr.contract_check.cases import read_cases
from mockocr.settings import API_PAGE
from tests.conftest import Serve
from tests.test_deploy import check
from tests.test_docs import BLOCK, ROOT, blocks, run

PAGE = "docs/contract-tests.md"
LOCAL = "http://127.0.0.1:8018"
REAL = "https://ocr.tencentcloudapi.com --real"


def test_every_block_of_the_page_is_tested_here() -> None:
    kinds = Counter(kind for kind, _ in BLOCK.findall((ROOT / PAGE).read_text(encoding="utf-8")))

    assert kinds == {"sh": 4, "text": 1, "yaml": 3}


def test_the_commands_of_the_page_find_no_difference(serve: Serve, tmp_path: Path) -> None:
    """The real service is a mockocr."""
    server = serve()
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases/kyc.yaml").write_text(blocks(PAGE, "yaml")[2], encoding="utf-8")

    for command in blocks(PAGE, "sh"):
        command = command.replace(LOCAL, server.url).replace(REAL, server.url)
        keys = {"YOUR_SECRET_ID": "AKIDMOCKOCR", "YOUR_SECRET_KEY": "mockocr"}
        for name, value in keys.items():
            command = command.replace(name, value)
        run(command, tmp_path, server)

    assert (tmp_path / "contract.xml").exists()


@pytest.mark.parametrize(("block", "schema"), [(0, "github-workflows"), (1, "gitlab-ci")])
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
    assert f"sends {len(cases)} calls" in (ROOT / PAGE).read_text(encoding="utf-8")


def test_the_keys_of_a_case_are_those_of_the_page() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (`.*?`) \| [^|]* \|$", text.partition("| key of a case |")[2], re.MULTILINE
    )

    assert set(re.findall(r"`(\w+)`", "".join(rows))) == set(CaseSpec.model_fields)
