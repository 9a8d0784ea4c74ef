"""A body that came before gets the answer that it would get if it came first."""

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from mockocr.accounts.account import Account, Accounts
from mockocr.actions.idcard.action import ID_CARD_OCR
from mockocr.actions.idcard.answer_words import CardFields
from mockocr.actions.idcard.making import make
from mockocr.journal import Journal
from mockocr.kept import Kept
from mockocr.pictures.look import Pictures
from mockocr.pictures.truth import Kind
from mockocr.protocol.wire import WireRequest
from mockocr.scenario.stage import Stage
from mockocr.scenario.turns import Turns
from mockocr.service import Defaults, Service
from mockocr.understanding import KEPT_ANSWERS, Known
from tests.builders import a_picture, base64, config
from tests.requests import FRONT, NOW, SECRET_ID, SECRET_KEY, a_call
from tests.scenario.scripts import a_scenario

ALICE = Account("alice", {SECRET_ID: SECRET_KEY}, rate=0)
LONG = {"ImageBase64": base64(a_picture("BMP", 150, 100)), "CardSide": "FRONT"}
"""So long that its picture is cut out of the body."""


def a_service(account: Account = ALICE, folder: Path | None = None) -> Service:
    journal = Journal(max_calls=100, max_bytes=2**20)
    pictures = Pictures(folder=folder)
    return Service(Accounts([account]), Stage(Turns()), journal, Defaults(), pictures)


def told(service: Service, request: WireRequest) -> Mapping[str, Any]:
    response = json.loads(service.answer(request).body)["Response"]
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
def test_a_body_that_came_before_is_answered_and_journaled_as_at_first(
    parameters: Mapping[str, Any],
) -> None:
    service = a_service()
    first, second = (
        json.loads(service.answer(replace(a_call(parameters), request_id=name)).body)
        for name in ("first", "second")
    )
    second["Response"]["RequestId"] = "first"
    changing = {"RequestId", "time", "milliseconds"}
    later, earlier = (
        {name: it for name, it in exchange.details().items() if name not in changing}
        for exchange in service.journal.newest_first()
    )

    assert second == first
    assert later == earlier


@pytest.mark.parametrize("parameters", [FRONT, LONG], ids=["URL", "long"])
@pytest.mark.parametrize(
    "change",
    [{"seed": 1}, {"contract": date(2026, 11, 22)}],
    ids=["seed", "contract"],
)
def test_what_changes_of_the_account_changes_the_answer(
    parameters: Mapping[str, Any], change: Mapping[str, Any]
) -> None:
    changed = replace(ALICE, **change)
    service = a_service()
    before = told(service, a_call(parameters))
    service.accounts.replace(changed)

    after = told(service, a_call(parameters))

    assert after != before
    assert after == told(a_service(changed), a_call(parameters))


def test_a_parameter_that_an_earlier_contract_has_not_is_refused_under_it() -> None:
    service = a_service(replace(ALICE, contract=date(2026, 1, 1)))
    call = a_call(FRONT | {"CardWarnType": "Basic"})
    assert "Error" not in told(service, call)

    service.accounts.replace(ALICE)

    assert told(service, call)["Error"]["Code"] == "UnknownParameter"
    exchange, *_ = service.journal.newest_first()
    assert exchange.note == "CardWarnType is known with --contract 2025-07-03"


def test_the_card_that_is_held_is_that_of_the_day() -> None:
    service = a_service()
    rule = "{name: r, then: {card: {Birth: 1990/1/1}}}"
    service.stage.play(a_scenario(f"name: s\nrules: [{rule}]"))
    back = FRONT | {"CardSide": "BACK"}
    today = told(service, a_call(back))
    in_fifty_years = NOW + timedelta(days=50 * 365)
    later = replace(
        a_call(back, X_TC_Timestamp=str(int(in_fifty_years.timestamp()))),
        received_at=in_fifty_years,
    )

    assert told(service, later)["ValidDate"] != today["ValidDate"]


def test_a_rule_that_changes_changes_the_answer() -> None:
    service = a_service()
    for name in ("甲", "乙", "丙"):
        rule = f"{{name: r, then: {{card: {{Name: {name}}}}}}}"
        service.stage.play(a_scenario(f"name: s\nrules: [{rule}]"))

        assert told(service, a_call())["Name"] == name


def test_a_rule_about_the_picture_takes_a_long_body_that_came_before() -> None:
    content = LONG["ImageBase64"][1000:1040]
    when = f'{{ImageBase64: {{contains: "{content}"}}}}'
    service = a_service()
    service.stage.play(
        a_scenario(f"name: s\nrules: [{{name: r, when: {when}, then: {{card: {{Name: 甲}}}}}}]")
    )

    assert [told(service, a_call(LONG))["Name"] for _ in range(3)] == ["甲"] * 3


def test_a_picture_in_a_folder_is_looked_at_each_time(tmp_path: Path) -> None:
    service = a_service(folder=tmp_path)
    call = a_call({"ImageUrl": "https://xx/card.png"})
    numbers = []
    for seed in (1, 2):
        (tmp_path / "card.png").write_bytes(specimen(seed))
        numbers.append(told(service, call)["IdNum"])

    assert numbers[0] != numbers[1]


def test_of_a_long_body_nothing_is_held() -> None:
    service, call = a_service(), a_call(LONG)
    held = sys.getrefcount(call.body)

    for _ in range(2):
        service.answer(call)

    still_held = sys.getrefcount(call.body)
    assert still_held == held


def test_a_long_config_is_understood_each_time() -> None:
    service, call = a_service(), a_call(FRONT | {"Config": config(*(f"A{n}" for n in range(999)))})

    assert told(service, call) == told(service, call)


def test_a_long_picture_that_could_not_be_cut_out_is_not_kept() -> None:
    """Some clients escape the slashes of Base64."""
    service, body = a_service(), json.dumps(LONG).encode()
    escaped = body.replace(b"AAAA", b"\\/AAA", 1)
    for sent in (body, escaped):
        service.answer(a_call(sent))

    def is_kept(sent: bytes) -> bool:
        known = Known(sha256(sent).hexdigest(), "IDCardOCR", Defaults().contract)
        return service.understandings.find(known, ID_CARD_OCR, sent) is not None

    assert (is_kept(body), is_kept(escaped)) == (True, False)


def test_of_the_answers_to_one_body_only_the_last_are_kept() -> None:
    service = a_service()
    for seed in range(2 * KEPT_ANSWERS):
        service.accounts.replace(replace(ALICE, seed=seed))
        assert told(service, a_call()) == told(a_service(replace(ALICE, seed=seed)), a_call())


def test_the_least_recently_asked_for_is_forgotten_first() -> None:
    kept: Kept[str, int] = Kept(2)
    kept.put("a", 1)
    kept.put("b", 2)
    kept.get("a")
    kept.put("c", 3)

    assert [kept.get(key) for key in "abc"] == [1, None, 3]
