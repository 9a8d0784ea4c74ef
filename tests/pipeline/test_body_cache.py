"""The body cache: an equal body has the answer that it would have without the cache."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from mockocr.accounts.account import Account, Accounts
from mockocr.actions.idcard.answer_spec import CardFields
from mockocr.actions.idcard.making import make
from mockocr.journal.journal import Journal
from mockocr.lru import LruCache
from mockocr.pipeline.body_cache import MAX_ANSWERS
from mockocr.pipeline.near_misses import near_misses
from mockocr.pipeline.pipeline import Pipeline
from mockocr.pipeline.state import Defaults, State
from mockocr.protocol.wire import WireRequest
from mockocr.recognition.picture_cache import PictureCache
from mockocr.scenario.call_counters import CallCounters
from mockocr.scenario.registry import ScenarioRegistry
from mockocr.specimens.card_data import Kind
from tests.builders import a_picture, base64, config
from tests.memory import traced_memory
from tests.requests import FRONT, NOW, SECRET_ID, SECRET_KEY, a_call
from tests.scenario.scripts import a_scenario

ALICE = Account("alice", {SECRET_ID: SECRET_KEY}, rate=0)
LONG = {"ImageBase64": base64(a_picture("BMP", 150, 100)), "CardSide": "FRONT"}
"""So long that its picture is cut out of the body."""


def a_pipeline(account: Account = ALICE, folder: Path | None = None, calls: int = 100) -> Pipeline:
    journal = Journal(max_calls=calls, max_bytes=2**20)
    pictures = PictureCache(folder=folder)
    return Pipeline(
        State(Accounts([account]), ScenarioRegistry(CallCounters()), journal, Defaults(), pictures)
    )


def response(pipeline: Pipeline, request: WireRequest) -> Mapping[str, Any]:
    response = json.loads(pipeline.answer(request).body)["Response"]
    assert isinstance(response, dict)
    return response


def specimen(seed: int) -> bytes:
    return make(Kind.FRONT, CardFields(), seed, NOW).content


@pytest.mark.parametrize(
    "parameters",
    [
        FRONT,
        FRONT | {"Config": config("CropPortrait")},
        LONG,
        {"ImageBase64": base64(a_picture())},
        {"ImageBase64": base64(specimen(1)), "Config": config("Quality", "BorderCheckWarn")},
    ],
    ids=["URL", "crops", "long", "short", "specimen"],
)
def test_a_repeated_body_is_answered_and_journaled_like_the_first_time(
    parameters: Mapping[str, Any],
) -> None:
    pipeline = a_pipeline()
    first, second = (
        json.loads(pipeline.answer(replace(a_call(parameters), request_id=name)).body)
        for name in ("first", "second")
    )
    second["Response"]["RequestId"] = "first"
    changing = {"RequestId", "time", "milliseconds"}
    later, earlier = (
        {name: each for name, each in exchange.details().items() if name not in changing}
        for exchange in pipeline.state.journal.newest_first()
    )

    assert second == first
    assert later == earlier


@pytest.mark.parametrize("parameters", [FRONT, LONG], ids=["URL", "long"])
@pytest.mark.parametrize(
    "change",
    [{"seed": 1}, {"contract": date(2026, 11, 22)}],
    ids=["seed", "contract"],
)
def test_a_changed_account_changes_the_answer(
    parameters: Mapping[str, Any], change: Mapping[str, Any]
) -> None:
    changed = replace(ALICE, **change)
    pipeline = a_pipeline()
    before = response(pipeline, a_call(parameters))
    pipeline.state.accounts.replace(changed)

    after = response(pipeline, a_call(parameters))

    assert after != before
    assert after == response(a_pipeline(changed), a_call(parameters))


def test_a_parameter_newer_than_a_changed_contract_is_refused() -> None:
    pipeline = a_pipeline(replace(ALICE, contract=date(2026, 1, 1)))
    call = a_call(FRONT | {"CardWarnType": "Basic"})
    assert "Error" not in response(pipeline, call)

    pipeline.state.accounts.replace(ALICE)

    assert response(pipeline, call)["Error"]["Code"] == "UnknownParameter"
    exchange, *_ = pipeline.state.journal.newest_first()
    assert exchange.hint is not None
    assert "--contract to 2025-07-03" in exchange.hint["en"]


def test_the_validity_of_the_card_depends_on_the_day() -> None:
    pipeline = a_pipeline()
    rule = "{name: r, then: {card: {Birth: 1990/1/1}}}"
    pipeline.state.registry.play(a_scenario(f"name: s\nrules: [{rule}]"))
    back = FRONT | {"CardSide": "BACK"}
    today = response(pipeline, a_call(back))
    in_fifty_years = NOW + timedelta(days=50 * 365)
    later = replace(
        a_call(back, X_TC_Timestamp=str(int(in_fifty_years.timestamp()))),
        received_at=in_fifty_years,
    )

    assert response(pipeline, later)["ValidDate"] != today["ValidDate"]


def test_a_rule_that_changes_changes_the_answer() -> None:
    pipeline = a_pipeline()
    for name in ("甲", "乙", "丙"):
        rule = f"{{name: r, then: {{card: {{Name: {name}}}}}}}"
        pipeline.state.registry.play(a_scenario(f"name: s\nrules: [{rule}]"))

        assert response(pipeline, a_call())["Name"] == name


def test_a_rule_about_the_picture_matches_a_repeated_long_body() -> None:
    content = LONG["ImageBase64"][1000:1040]
    when = f'{{ImageBase64: {{contains: "{content}"}}}}'
    pipeline = a_pipeline()
    pipeline.state.registry.play(
        a_scenario(f"name: s\nrules: [{{name: r, when: {when}, then: {{card: {{Name: 甲}}}}}}]")
    )

    assert [response(pipeline, a_call(LONG))["Name"] for _ in range(3)] == ["甲"] * 3


def test_a_picture_of_a_folder_is_read_each_time(tmp_path: Path) -> None:
    pipeline = a_pipeline(folder=tmp_path)
    call = a_call({"ImageUrl": "https://xx/card.png"})
    numbers = []
    for seed in (1, 2):
        (tmp_path / "card.png").write_bytes(specimen(seed))
        numbers.append(response(pipeline, call)["IdNum"])

    assert numbers[0] != numbers[1]


def test_no_reference_to_a_long_body_is_kept() -> None:
    pipeline, call = a_pipeline(), a_call(LONG)
    references_before = sys.getrefcount(call.body)

    for _ in range(2):
        pipeline.answer(call)

    references_after = sys.getrefcount(call.body)
    assert references_after == references_before


def body_with_long_config(number: int) -> bytes:
    names = (f"{number} {n}" for n in range(999))
    return json.dumps(FRONT | {"Config": config(*names)}).encode()


def body_with_escaped_slash(number: int) -> bytes:
    """Some clients escape the slashes of Base64: such a picture cannot be cut out of the body."""
    text = base64(a_picture("BMP", 150, 100, shade=number))
    return json.dumps({"ImageBase64": text}).encode().replace(b"AAAA", b"\\/AAA", 1)


@pytest.mark.parametrize("body", [body_with_long_config, body_with_escaped_slash])
def test_a_body_too_long_to_keep_takes_no_memory(body: Callable[[int], bytes]) -> None:
    pipeline = a_pipeline()
    pipeline.answer(a_call(body(0)))

    with traced_memory() as memory:
        for number in range(1, 31):
            pipeline.answer(a_call(body(number)))

    assert memory.held_bytes < 30 * len(body(0)) / 4


def test_earlier_answers_to_a_body_take_no_memory() -> None:
    def answer_with_many_seeds(pipeline: Pipeline) -> None:
        for seed in range(200):
            pipeline.state.accounts.replace(replace(ALICE, seed=seed))
            pipeline.answer(a_call())

    answer_with_many_seeds(a_pipeline(calls=1))
    pipeline = a_pipeline(calls=1)

    with traced_memory() as memory:
        answer_with_many_seeds(pipeline)

    assert memory.held_bytes < 100_000


def test_the_least_recently_used_entry_is_dropped_first() -> None:
    cache: LruCache[str, int] = LruCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.get("a")
    cache.put("c", 3)

    assert [cache.get(key) for key in "abc"] == [1, None, 3]


def test_a_cached_body_is_compared_with_the_rules_that_are_active_now() -> None:
    pipeline = a_pipeline()
    statuses = range(500, 500 + MAX_ANSWERS + 2)

    for status in statuses:
        rule = f"{{name: r, when: {{CardSide: FRONT}}, then: {{http: {status}}}}}"
        pipeline.state.registry.play(a_scenario(f"name: n\nrules: [{rule}]"))
        found = [pipeline.answer(a_call(FRONT)).status for _ in range(3)]

        assert found == [status] * 3
    pipeline.state.registry.stop()
    assert pipeline.answer(a_call(FRONT)).status == 200


@pytest.mark.parametrize("image", [FRONT, LONG])
def test_a_cached_body_has_the_same_near_misses(
    image: Mapping[str, str],
) -> None:
    pipeline = a_pipeline()
    rules = "{name: back, when: {CardSide: BACK}, then: {http: 502}}, " + (
        "{name: nightly, when: {CardSide: FRONT, header: {User-Agent: nightly}}, then: {http: 503}}"
    )
    pipeline.state.registry.play(a_scenario(f"name: n\nrules: [{rules}]"))

    found = []
    for _ in range(2):
        pipeline.answer(a_call(image, User_Agent="daily"))
        found.append(near_misses(pipeline.state.journal.newest_first()[0]))

    assert found[0] == found[1]
    assert [each["rule"] for each in found[0]] == ["back", "nightly"]
    assert [each["differences"][0]["found"] for each in found[0]] == ["FRONT", "daily"]


def test_a_call_has_the_present_settings_of_its_account_and_scenario() -> None:
    pipeline = a_pipeline()
    seeds = {}

    seeds["built in"] = response(pipeline, a_call(FRONT))["IdNum"]
    pipeline.state.accounts.replace(replace(ALICE, seed=1))
    seeds["account"] = response(pipeline, a_call(FRONT))["IdNum"]
    pipeline.state.accounts.replace(ALICE)
    pipeline.state.registry.play(a_scenario("name: n\nseed: 2"))
    seeds["scenario"] = response(pipeline, a_call(FRONT))["IdNum"]
    pipeline.state.registry.stop()
    seeds["built in again"] = response(pipeline, a_call(FRONT))["IdNum"]

    assert seeds.pop("built in again") == seeds["built in"]
    assert len(set(seeds.values())) == 3
