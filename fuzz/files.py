"""Scenario files and keys files: each gives a value, or every problem with its location. A scenario
that can be loaded can be played, shown, and loaded again from JSON."""

import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

from fuzz.bugs import Bugs, bugs_of_mockocr
from fuzz.changing import VALUES, changed, changed_data, in_json, parts_of
from fuzz.memory import Bound
from fuzz.target import FoundError, Target
from mockocr.accounts.account import BUILT_IN, Accounts
from mockocr.accounts.spec import read_account_specs
from mockocr.admin.masked_scenario import masked_scenario
from mockocr.documents.document import DocumentError, document_of
from mockocr.documents.reading import parse_document, read_document
from mockocr.journal.journal import Journal
from mockocr.pipeline.pipeline import Pipeline
from mockocr.pipeline.state import Defaults, State
from mockocr.scenario.call_counters import CallCounters
from mockocr.scenario.load import load, load_file
from mockocr.scenario.registry import ScenarioRegistry
from mockocr.scenario.scenario import Scenario
from tests.requests import a_call

ROOT = Path(__file__).parents[1]
MOST_GROWTH = 200 << 20
MOST_CPU_SECONDS = 20
"""For one file, which has at most 1 MiB of text."""

KEYS = """
- name: ours
  keys:
  - {SecretId: AKIDours, SecretKey: key-of-ours}
  - {SecretId: AKIDours2, SecretKey: key-of-ours-2}
  tokens: [token]
  state: arrears
  package: 3
  rate: 20
  allow: [IDCardOCR]
  seed: 7
  contract: 2024-05-01
  clock: {freeze: 2026-01-01T00:00:00Z}
  scenarios: [third-call-fails, "name: own\\nrules: []\\n", {name: inline, rules: []}]
- {name: fresh, keys: [{SecretId: a, SecretKey: b}], clock: {offset: +400s}}
"""
_WORDS = (
    *(b"\n", b"\r", b"\t", b"  ", b"- ", b": ", b"? ", b"{", b"}", b"[", b"]", b", ", b"#", b"|\n"),
    *(b"&a ", b"*a", b"<<: *a\n", b"!!python/object:os.system ", b"!!binary ", b"!!set ", b"!a "),
    *(b"---\n", b"...\n", b"%YAML 9.9\n", b"%TAG ! a\n", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc2\x85"),
    *(b"\xe2\x80\xa8", b"\xf0\x9f\x98\x80", b"\x00", b"\x07", b"[" * 40, b"{a: " * 40, b"'", b'"'),
    *(b"!!bool maybe", b"!!int ''", b"0o7", b"0x1F", b"1_000", b".inf", b".nan", b"~", b"1:2:3"),
    *(b'"\\ud800"', b'"\\x00"', b"2026-01-01", b"=", b"<<", b"yes", b"1" * 5000),
)
_VALUES = (
    *VALUES,
    *("250ms", "10m", "11m", "0ms", "1e3s", "999999999h", "from_picture", "invented", "last"),
    *("FailedOperation.OcrFailed", "Nothing.Known", "TIMEOUT", "*", "(", "(a+)+$", "[", "\\"),
    *("2024-05-01", "2023-11-15", "9999-12-31", "+400s", "-999999999d", "0001-01-01T00:00:00Z"),
)
_CALLS = (
    a_call(),
    a_call({"ImageUrl": "https://xx/a.jpg", "CardSide": "BACK", "Config": '{"TempIdWarn":true}'}),
    a_call({"ImageBase64": "ZmFrZQ==", "CardSide": "FRONT"}, X_TC_Region="ap-guangzhou"),
)


def _seeds() -> Iterator[bytes]:
    files = [*ROOT.glob("scenarios/*.yaml"), *ROOT.glob("tests/scenario/wrong/*.yaml")]
    for file in sorted(files):
        content = file.read_bytes()
        if len(content) < 20_000:
            yield content
    yield KEYS.encode()


class _Data:
    """The seeds as data, and all their parts, which replace other parts."""

    def __init__(self, seeds: Sequence[bytes]) -> None:
        self.whole = []
        for seed in seeds:
            with suppress(DocumentError, UnicodeDecodeError):
                self.whole.append(parse_document(seed.decode(), "").data)
        parts = (part for each in self.whole if len(str(each)) < 20_000 for part in parts_of(each))
        self.values = [*_VALUES, *(part for part in parts if len(str(part)) < 500)]

    def changed(self, known: Sequence[bytes], random: Random) -> bytes:
        if random.random() < 0.4:
            return changed(known, _WORDS, random)
        data = random.choice(self.whole)
        for _ in range(random.choice((1, 1, 2, 4))):
            data = changed_data(data, self.values, random)
        return in_json(data, random)  # which is YAML


def _tried(file: Path, bugs: Bugs, content: bytes) -> str:
    file.write_bytes(content)
    begun = time.process_time()
    with bugs.none():
        outcome = _outcome(file, content)
    seconds = time.process_time() - begun
    if seconds > MOST_CPU_SECONDS:
        raise FoundError(f"it took {seconds:.1f} seconds")
    return outcome


def _outcome(file: Path, content: bytes) -> str:
    outcomes = []
    scenario = None
    try:
        scenario = load_file(file)
        outcomes.append("a scenario")
    except DocumentError as error:
        outcomes.append(_judged(error, content))
    if scenario is not None:
        _play(scenario)
    try:
        for from_files in read_account_specs(read_document(file)):
            from_files.account()
        outcomes.append("accounts")
    except DocumentError as error:
        outcomes.append(_judged(error, content))
    return ", ".join(outcomes)


def _judged(error: DocumentError, content: bytes) -> str:
    """The first words of the first problem. Raises FoundError for a problem without its
    location."""
    lines = content.count(b"\n") + content.count(b"\r") + content.count(b"\xc2\x85") + 2
    lines += content.count(b"\xe2\x80\xa8") + content.count(b"\xe2\x80\xa9")
    if not error.problems:
        raise FoundError("refused without a problem")
    for problem in error.problems:
        place = problem.location
        if place is None or not (1 <= place.line <= lines and place.column >= 1):
            raise FoundError(f"at {place}, of {lines} lines: {problem.text}")
        if not problem.text or "object at 0x" in problem.text or "pydantic" in problem.text:
            raise FoundError(f"this message is not for people: {problem.text}")
    return " ".join(error.problems[0].text.split()[:3])


def _play(scenario: Scenario) -> None:
    """Plays the scenario. Bugs are logged."""
    account = replace(BUILT_IN, clock=None)
    registry = ScenarioRegistry(CallCounters())
    registry.set_for_account(account.name, [scenario])
    state = State(Accounts([account]), registry, Journal(10, 1 << 20), Defaults(auth="off"))
    pipeline = Pipeline(state)
    for call in (*_CALLS, _CALLS[0]):
        reply = pipeline.answer(call)
        if not (0 <= reply.delay_seconds <= 600 and 0 <= reply.dribble_seconds <= 600):
            raise FoundError(f"an answer comes after {reply.delay_seconds} seconds")
    json.dumps(masked_scenario(scenario), allow_nan=False)
    load(document_of(json.loads(json.dumps(scenario.document)), scenario.name))


@contextmanager
def target() -> Iterator[Target]:
    seeds, memory = list(_seeds()), Bound(MOST_GROWTH)
    with (
        bugs_of_mockocr() as bugs,
        tempfile.TemporaryDirectory(prefix="mockocr-fuzz-") as folder,
    ):
        tried = partial(_tried, Path(folder) / "fuzzed.yaml", bugs)
        yield Target(seeds, _Data(seeds).changed, tried, memory.look)
