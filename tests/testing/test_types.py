"""mypy --strict finds misspelt keyword arguments, and accepts the worked example."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

GOOD = """
from datetime import date, timedelta

from mockocr import Account, Call, CardFields, MockOCR, Outcome, Rule, When

FIELDS: CardFields = {"Name": "李明", "Sex": "男"}
FRONT: When = {"CardSide": "FRONT", "Config": {"CopyWarn": True}, "not": {"Region": "ap-beijing"}}
FAILS: Outcome = {"error": "FailedOperation.OcrFailed", "times": 2}


def test_it(mockocr: Account) -> None:
    rule: Rule = mockocr.respond(FAILS, {"card": FIELDS}, when=FRONT)
    mockocr.respond(card=FIELDS, warnings=["copy", -9102], delay=timedelta(seconds=1))
    mockocr.respond(fault="TIMEOUT", times=1, delay={"uniform": [0.1, "1s"]})
    mockocr.respond(**FAILS)
    calls: list[Call] = rule.calls
    rule.assert_called(times=len(calls))
    mockocr.assert_called(1, CardSide=["FRONT", "BACK"], ImageUrl={"glob": "*"}, any=[FRONT])
    mockocr.assert_not_called(picture={"format": "PNG"})
    picture: bytes = mockocr.card("back", Authority="赵县公安局", defects={"copy": 1.0})
    mockocr.card(specimen="li-ming", defects=["blur"])
    with mockocr.clock.offset(400), mockocr.clock.freeze(date(2026, 1, 1)):
        mockocr.account(state="arrears", clock={"offset": "+5s"}, contract=date(2026, 1, 1))
    mockocr.play({"name": "x", "rules": []})


with MockOCR(intercept=True, strict=True, seed=7, port=8018, contract="2026-03-13") as ocr:
    ocr.respond(error="InternalError")
"""

BAD = """
from mockocr import Account, MockOCR


def test_it(mockocr: Account) -> None:
    mockocr.respond(crd={})  # call-arg
    mockocr.respond(card={"Nmae": "李明"})  # arg-type
    mockocr.respond({"eror": "InternalError"})  # typeddict-unknown-key
    mockocr.respond(fault="TIMEOT")  # arg-type
    mockocr.respond(card="invented", warnings=["coppy"])  # list-item
    mockocr.respond(card="invented", when={"CardSdie": "FRONT"})  # arg-type
    mockocr.assert_called(CardSdie="FRONT")  # call-arg
    mockocr.assert_called(CardSide="front")  # arg-type
    mockocr.assert_not_called(Config={"CopyWarning": True})  # typeddict-unknown-key
    mockocr.card("frnt")  # arg-type
    mockocr.card(Nmae="李明")  # call-arg
    mockocr.card(defects=["blurr"])  # list-item
    mockocr.account(stat="arrears")  # call-arg
    mockocr.clock.offset(None)  # arg-type
    MockOCR(prot=1)  # call-arg
    MockOCR(auth="none")  # arg-type
"""


@pytest.mark.slow
def test_mypy_finds_misspelt_arguments(tmp_path: Path) -> None:
    """In one run, with the configuration and the cache of this repository."""
    for name, code in (("good.py", GOOD), ("bad.py", BAD)):
        (tmp_path / name).write_text(code, encoding="utf-8")
    files = [*sorted((ROOT / "docs" / "example").glob("*.py")), *sorted(tmp_path.glob("*.py"))]
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--hide-error-context",
        "--no-pretty",
        *map(str, files),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    found = re.findall(r"^(.*):(\d+): error: .*  \[([\w-]+)\]$", done.stdout, re.MULTILINE)
    expected = [
        ("bad.py", number, line.rpartition("# ")[2])
        for number, line in enumerate(BAD.splitlines(), 1)
        if "# " in line
    ]
    assert [(Path(file).name, int(line), code) for file, line, code in found] == expected, done
