"""Every example of docs/scenarios.md is valid, and works as the page says."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from mockocr.accounts.account import Account, Accounts
from mockocr.actions.catalogue import specimens_by_code
from mockocr.actions.idcard.specimens.catalogue import BY_NAME
from mockocr.actions.idcard.specimens.pictures import picture_of
from mockocr.documents.reading import parse_document
from mockocr.journal.journal import Journal
from mockocr.pipeline.pipeline import Pipeline
from mockocr.pipeline.state import Defaults, State
from mockocr.protocol.wire import Fault, WireReply
from mockocr.recognition.picture_cache import PictureCache
from mockocr.scenario.call_counters import CallCounters
from mockocr.scenario.delays import Fixed
from mockocr.scenario.library import SHIPPED
from mockocr.scenario.load import load, load_file
from mockocr.scenario.registry import ScenarioRegistry
from mockocr.scenario.rulebook import Rulebook
from mockocr.scenario.scenario import Scenario
from tests.builders import a_picture, base64, config
from tests.conftest import Running
from tests.requests import SECRET_ID, SECRET_KEY, a_call
from tests.scenario.scripts import decided
from tests.test_docs import BLOCK, ROOT, blocks, run

PAGE = "docs/scenarios.md"
NAMES = [
    "two sides",
    "conditions",
    "nights and exceptions",
    "a doubtful card",
    "specimens",
    "third call fails",
    "every picture fails once",
    "late answers",
    "bad day",
    "nearly out of calls",
    "retried",
]


def example(name: str) -> Scenario:
    texts = blocks(PAGE, "yaml")
    return load(parse_document(texts[NAMES.index(name)], PAGE))


class Stand:
    """A client of a server that plays an example."""

    def __init__(self, name: str) -> None:
        self.scenario = example(name)
        registry = ScenarioRegistry(CallCounters(), [self.scenario])
        accounts = Accounts([Account("alice", {SECRET_ID: SECRET_KEY})])
        journal = Journal(max_calls=1000, max_bytes=2**24)
        pictures = PictureCache(specimens=specimens_by_code)
        self.pipeline = Pipeline(State(accounts, registry, journal, Defaults(rate=0), pictures))

    def call(self, headers: Any = None, **parameters: Any) -> WireReply:
        parameters = parameters or {"ImageUrl": "https://xx/a.jpg"}
        return self.pipeline.answer(a_call(parameters, **(headers or {})))

    def response(self, headers: Any = None, **parameters: Any) -> dict[str, Any]:
        return dict(json.loads(self.call(headers, **parameters).body)["Response"])

    def outcome(self, headers: Any = None, **parameters: Any) -> str:
        self.call(headers, **parameters)
        return self.pipeline.state.journal.newest_first()[0].outcome

    def rule(self, headers: Any = None, **parameters: Any) -> str | None:
        self.call(headers, **parameters)
        return self.pipeline.state.journal.newest_first()[0].rule


Stands = Callable[[str], Stand]
URL = {"ImageUrl": "https://xx/a.jpg"}


def test_every_block_of_the_page_is_run_here() -> None:
    kinds = [kind for kind, _ in BLOCK.findall((ROOT / PAGE).read_text(encoding="utf-8"))]

    assert [kind for kind in kinds if kind != "yaml"] == ["sh", "sh"]
    assert [example(name).name for name in NAMES] == NAMES
    assert len(blocks(PAGE, "yaml")) == len(NAMES)


def test_two_sides() -> None:
    stand = Stand("two sides")

    front = stand.response(**URL, CardSide="FRONT")

    assert (front["Name"], front["Birth"], front["Authority"]) == ("李明", "1987/1/1", "")
    assert front["Address"]
    assert stand.outcome(**URL, CardSide="BACK") == "FailedOperation.ImageBlur"
    assert stand.rule(ImageBase64="ZmFrZQ==", CardSide="FRONT") == "the front is 李明"


def test_conditions() -> None:
    stand = Stand("conditions")
    asked = {
        "ImageUrl": "https://xx/li-ming-2.jpg",
        "CardSide": "FRONT",
        "Config": config("TempIdWarn"),
    }

    assert stand.rule({"X_TC_Region": "ap-guangzhou"}, **asked) == "by parameters"
    assert stand.rule({"X_TC_Region": "ap-beijing"}, **asked) == "everything else by URL"
    rule = stand.rule({"X_TC_Language": "en-US"}, **URL)
    assert rule == "no side was sent, by an English client"
    png = base64(a_picture("PNG", 100, 100))
    assert stand.rule(ImageBase64=png, CardSide="FRONT") == "a small test picture"
    jpeg = base64(a_picture("JPEG", 100, 100))
    assert stand.rule(ImageBase64=jpeg, CardSide="FRONT") is None


def test_nights_and_exceptions() -> None:
    rulebook = Rulebook([example("nights and exceptions")])

    def rule(time: str, region: str, **parameters: Any) -> str | None:
        now = datetime.fromisoformat(f"2026-11-30T{time}+00:00")
        return decided(rulebook, {**URL, **parameters}, region, now=now).rule

    copy = {"Config": config("CopyWarn")}
    assert rule("14:00:00", "ap-beijing") == "closed at night"
    assert rule("13:59:59", "ap-beijing") is None
    named = "anything but a front from Guangzhou"
    assert rule("01:00:00", "ap-beijing", CardSide="FRONT", **copy) == named
    assert rule("01:00:00", "ap-guangzhou", CardSide="FRONT", **copy) is None
    assert rule("01:00:00", "ap-guangzhou", CardSide="BACK") == "rules[2]"
    both = {"ImageUrl": "https://xx/both-1.jpg"}
    assert rule("01:00:00", "ap-guangzhou", **both) == "rules[2]"
    assert rule("01:00:00", "ap-guangzhou", **both, Config=config("MultiCardDetect")) is None


def test_a_doubtful_card() -> None:
    stand = Stand("a doubtful card")
    flags = config("CopyWarn", "BorderCheckWarn", "Quality", "ReflectWarn")

    result = stand.response(**URL, Config=flags, EnableReflectDetail=True)

    info = json.loads(result["AdvancedInfo"])
    assert info["WarnInfos"] == [-9105, -9107, -9108]
    assert (info["Quality"], info["BorderCodeValue"]) == (35, 80)
    positions = [{"Position": "Portrait"}, {"Position": "Others"}]
    assert (result["Nation"], result["ReflectDetailInfos"]) == ("", positions)
    assert stand.response(**URL)["AdvancedInfo"] == "{}"


def test_specimens() -> None:
    stand = Stand("specimens")

    def sent(name: str) -> dict[str, str]:
        return {"ImageBase64": base64(picture_of(BY_NAME[name]))}

    expired = stand.response(**sent("expired-card"), Config=config("CopyWarn"))
    assert (expired["ValidDate"], expired["AdvancedInfo"]) == (
        "2006.01.01-2016.01.01",
        '{"WarnInfos":[-9102]}',
    )
    assert stand.outcome(**sent("long-name")) == "FailedOperation.OcrFailed"
    assert stand.response(**sent("long-name"))["Name"] == "阿不都热合曼·阿不都热依木江买买提艾力"
    assert stand.response(**URL, CardSide="BACK")["ValidDate"] == "2012.07.21-长期"
    minor = stand.response(**sent("li-ming"), Config=config("Quality"))
    assert (minor["Birth"], minor["AdvancedInfo"]) == ("2018/7/7", '{"Quality":45}')


def test_third_call_fails() -> None:
    stand = Stand("third call fails")

    outcomes = [stand.outcome() for _ in range(5)]

    assert outcomes == ["ok", "ok", "FailedOperation.OcrFailed", "ok", "ok"]


def test_every_picture_fails_once() -> None:
    stand = Stand("every picture fails once")
    other = {"ImageUrl": "https://xx/b.jpg"}

    outcomes = [stand.outcome(**asked) for asked in (URL, URL, other, other, URL)]

    blurred = "FailedOperation.ImageBlur"
    assert outcomes == [blurred, "ok", blurred, "ok", "ok"]


def test_late_answers() -> None:
    stand = Stand("late answers")

    fronts = [stand.call(**URL, CardSide="FRONT").delay_seconds for _ in range(20)]
    back = stand.call(**URL, CardSide="BACK")

    assert len(set(fronts)) == 20
    assert max(fronts) <= 2
    assert 0.05 <= back.delay_seconds <= 0.2
    assert back.dribble_seconds == 0.3
    assert stand.call().delay_seconds == 0.1


def test_bad_day() -> None:
    def day() -> list[str]:
        stand = Stand("bad day")
        return [stand.outcome() for _ in range(520)]

    outcomes = day()

    assert outcomes == day()
    assert {
        "ok",
        "fault:CONNECTION_RESET_BY_PEER",
        "InternalError",
        "http:502",
        "FailedOperation.UnKnowError",
    } <= set(outcomes)
    assert "FailedOperation.UnKnowError" not in outcomes[:200]


def test_nearly_out_of_calls() -> None:
    stand = Stand("nearly out of calls")
    account = stand.pipeline.state.accounts.all()[0]
    now = stand.pipeline.state.clock_of(account).at(a_call().received_at)

    conditions = stand.pipeline.state.settings_of(
        account, stand.pipeline.state.registry.rulebook(account.name), now
    )

    assert now.isoformat() == "2026-01-01T00:00:00+00:00"
    message = conditions.package, conditions.rate, conditions.seed, str(conditions.contract)
    assert message == (3, 2, 7, "2026-03-13")
    assert stand.outcome() == "AuthFailure.SignatureExpire"


def test_retried() -> None:
    stand = Stand("retried")

    outcomes = [stand.outcome() for _ in range(3)]

    assert outcomes == ["RequestLimitExceeded", "RequestLimitExceeded", "ok"]
    taken = stand.pipeline.state.journal.rule_counts("alice")
    met = {each.rule: each.is_met(taken["retried", each.rule]) for each in stand.scenario.expect}
    assert met == {"busy": True, "served": True}


def test_the_example_of_the_page_of_faults_is_right() -> None:
    page = "docs/faults.md"
    kinds = [kind for kind, _ in BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))]

    (text,) = blocks(page, "yaml")

    assert kinds == ["yaml"]
    (rule,) = load(parse_document(text, page)).rules
    assert rule.steps[0].timing.delay == Fixed(1.0)


def test_the_page_of_faults_tells_of_every_fault() -> None:
    text = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    on_the_wire, clients = text.split("## What clients make of it")

    for fault in Fault:
        assert f"| `fault: {fault}` |" in on_the_wire
        assert f"| `{fault}` |" in clients


def test_the_commands_of_the_page_work(tmp_path: Path, server: Running) -> None:
    (tmp_path / "my.yaml").write_text(blocks(PAGE, "yaml")[0], encoding="utf-8")
    commands, ask = blocks(PAGE, "sh")

    assert "ok, 2 rules" in run(commands, tmp_path)
    schema = json.loads((tmp_path / "scenario.schema.json").read_text(encoding="utf-8"))
    assert "rules" in schema["properties"]
    result = json.loads(run(ask.replace("http://127.0.0.1:8018", server.url), tmp_path))
    assert (result["rule"], result["outcome"], result["near_misses"]) == (None, "ok", [])


def test_the_page_lists_every_shipped_scenario_in_its_own_words() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8").partition("## Ready-made")[2]
    rows = re.findall(r"^\| `([^`]+)` \| (.*) \|$", text, re.MULTILINE)

    shipped = [load_file(path) for path in sorted(SHIPPED.glob("*.yaml"))]
    assert rows == [(each.name, each.description.replace("|", "\\|")) for each in shipped]
