"""The members of an account, on a server in this process and on one elsewhere."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mockocr import Account, CardFields, RefusedError, RunningServer, UsageError
from mockocr.testing.starting import connected
from tests.builders import base64
from tests.testing.calling import URL, call, outcome

if TYPE_CHECKING:
    from tests.conftest import Running, Serve

LI_MING: CardFields = {"Name": "李明", "IdNum": "440524198701010014"}
FLAKY = """\
name: flaky
rules:
  - name: second
    when: {CardSide: FRONT}
    then:
      - {card: invented}
      - {error: FailedOperation.OcrFailed}
"""


@pytest.fixture
def ocr(own: Account) -> Iterator[Account]:
    account = own.account()
    yield account
    account.remove()


def test_the_key_can_call_and_the_call_is_listed(ocr: Account) -> None:
    answered = call(ocr, CardSide="FRONT")

    (result,) = ocr.requests
    assert result.request_id == answered.RequestId
    assert (result.account, result.action, result.outcome) == (ocr.name, "IDCardOCR", "ok")
    assert (result.cause, result.rule, result.scenario) == (None, None, None)
    assert result.parameters == {"ImageUrl": URL, "CardSide": "FRONT"}
    assert result.details["headers"]["x-tc-requestclient"].startswith("SDK_PYTHON")


def test_an_account_has_its_urls_keys_and_ca(ocr: Account) -> None:
    assert ocr.url == f"http://{ocr.endpoint}"
    assert ocr.https_url.startswith("https://127.0.0.1:")
    assert ocr.env == {
        "TENCENTCLOUD_SECRET_ID": ocr.secret_id,
        "TENCENTCLOUD_SECRET_KEY": ocr.secret_key,
        "MOCKOCR_URL": ocr.url,
    }
    assert repr(ocr) == f"<mockocr account {ocr.name!r} at {ocr.url}>"
    assert ocr.server.ca is not None
    assert "BEGIN CERTIFICATE" in ocr.server.ca.read_text()


def test_calls_of_this_account_are_listed_oldest_first(ocr: Account) -> None:
    other = ocr.account()
    call(ocr, CardSide="FRONT")
    call(other, CardSide="BACK")
    outcome(ocr, key="worn")

    assert [each.outcome for each in ocr.requests] == ["ok", "AuthFailure.SignatureFailure"]
    assert [each.parameters["CardSide"] for each in other.requests] == ["BACK"]
    assert ocr.requests[1].parameters == {}


def test_a_scenario_can_be_a_name_path_text_or_data(ocr: Account, tmp_path: Path) -> None:
    file = tmp_path / "flaky.yaml"
    file.write_text(FLAKY, encoding="utf-8")
    data = {"name": "d", "rules": [{"name": "r", "then": {"error": "FailedOperation.ImageBlur"}}]}

    for scenario, wanted in (
        ("error-image-blur", "FailedOperation.ImageBlur"),
        (file, "ok"),
        (str(file), "ok"),
        (FLAKY, "ok"),
        (data, "FailedOperation.ImageBlur"),
    ):
        account = ocr.account()
        account.play(scenario)
        assert outcome(account, CardSide="FRONT") == wanted
        assert account.requests[0].rule is not None


def test_an_error_of_a_file_is_reported_with_its_location(ocr: Account, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("name: wrong\nrules:\n  - name: r\n    then: {eror: x}\n", encoding="utf-8")

    with pytest.raises(RefusedError) as refused:
        ocr.play(file)

    assert str(refused.value).startswith(f"{file}:4:12: unknown key 'eror'")


@pytest.mark.parametrize(
    ("scenario", "result"),
    [
        ("error-image-blurr", "did you mean 'error-image-blur'?"),
        ("name: x\nrules:\n  - {name: r, then: {eror: x}}\n", "3:22: unknown key 'eror'"),
        ({"name": "x", "rules": [{"name": "r", "then": {"eror": 1}}]}, "rules[0].then.eror"),
        ("nowhere.yaml", "nowhere.yaml: No such file or directory"),
    ],
)
def test_an_invalid_scenario_is_refused_with_the_reason(
    ocr: Account, scenario: Any, result: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        ocr.play(scenario)

    assert result in str(refused.value)


def test_respond_answers_every_later_call_before_active_scenarios(ocr: Account) -> None:
    ocr.play(FLAKY)
    ocr.respond(card=LI_MING)
    first = call(ocr, CardSide="FRONT")
    ocr.respond(error="FailedOperation.ImageBlur")

    assert (first.Name, first.IdNum) == ("李明", "440524198701010014")
    assert outcome(ocr, CardSide="BACK") == "FailedOperation.ImageBlur"
    assert [each.rule for each in ocr.requests] == ["respond 1", "respond 2"]


def test_rules_with_conditions_are_active_together(ocr: Account) -> None:
    front = ocr.respond(when={"CardSide": "FRONT"}, card={"Name": "李明"})
    back = ocr.respond(when={"CardSide": "BACK"}, card={"Authority": "赵县公安局"})

    assert call(ocr, CardSide="FRONT").Name == "李明"
    assert call(ocr, CardSide="BACK").Authority == "赵县公安局"
    front.assert_called(times=1)
    back.assert_called()
    assert [each.parameters["CardSide"] for each in back.calls] == ["BACK"]
    assert repr(back) == "<mockocr rule 'respond 2'>"


def test_several_outcomes_are_a_sequence_and_the_last_one_is_repeated(ocr: Account) -> None:
    ocr.respond(
        {"error": "FailedOperation.OcrFailed", "times": 2},
        {"card": {"Name": "李明"}},
        {"error": "FailedOperation.ImageBlur"},
    )

    codes = [outcome(ocr, CardSide="FRONT").rpartition(".")[2] for _ in range(5)]
    assert codes == ["OcrFailed", "OcrFailed", "ok", "ImageBlur", "ImageBlur"]


def test_a_last_outcome_with_times_leaves_later_calls_to_older_rules(ocr: Account) -> None:
    ocr.respond(error="FailedOperation.ImageBlur")
    flaky = ocr.respond(error="FailedOperation.OcrFailed", times=2)

    codes = [outcome(ocr).rpartition(".")[2] for _ in range(4)]
    assert codes == ["OcrFailed", "OcrFailed", "ImageBlur", "ImageBlur"]
    flaky.assert_called(times=2)


def test_a_newer_rule_comes_first_and_does_not_reset_the_count_of_older_ones(ocr: Account) -> None:
    ocr.respond({"error": "FailedOperation.OcrFailed"}, {"card": "invented"})
    first = outcome(ocr, CardSide="FRONT")
    ocr.respond(when={"CardSide": "BACK"}, error="FailedOperation.ImageBlur")

    codes = [first, outcome(ocr, CardSide="BACK"), outcome(ocr, CardSide="FRONT")]
    assert [each.rpartition(".")[2] for each in codes] == ["OcrFailed", "ImageBlur", "ok"]


def test_a_rule_is_replaced_by_one_that_answers_all_its_calls(ocr: Account) -> None:
    front = ocr.respond(when={"CardSide": "FRONT"}, card="invented")
    ocr.respond(when={"CardSide": "BACK"}, card="invented")
    ocr.respond(when={"CardSide": "BACK"}, error="FailedOperation.ImageBlur")
    assert active(ocr) == ["respond 3", "respond 1"]
    outcome(ocr, CardSide="FRONT")

    ocr.respond(error="FailedOperation.OcrFailed")

    assert active(ocr) == ["respond 4"]
    front.assert_called(times=1)


def active(account: Account) -> list[str]:
    shown = account.server.admin.ask("GET", "scenarios", query={"account": account.name})
    return [each["name"] for each in shown["scenarios"]]


def test_a_refused_rule_is_not_active_and_replaces_nothing(ocr: Account) -> None:
    ocr.respond(card="invented")
    with pytest.raises(UsageError, match=r"^respond\.error: unknown value"):
        ocr.respond(error="FailedOperation.ImageBlurr")
    ocr.respond(when={"CardSide": "BACK"}, card="invented")

    assert active(ocr) == ["respond 3", "respond 1"]


def test_a_failed_assertion_on_a_rule_says_why_it_did_not_answer(ocr: Account) -> None:
    rule = ocr.respond(when={"CardSide": "FRONT"}, error="FailedOperation.OcrFailed", times=1)
    rule.assert_not_called()
    codes = [outcome(ocr, CardSide="FRONT"), outcome(ocr, CardSide="BACK")]
    codes += [outcome(ocr, CardSide="FRONT"), outcome(ocr, key="worn")]
    ocr.respond(card="invented")
    call(ocr, CardSide="FRONT")
    _, back, again, worn, newer = (each.request_id for each in ocr.requests)

    with pytest.raises(AssertionError) as failed:
        rule.assert_called(times=2)

    assert codes == ["FailedOperation.OcrFailed", "ok", "ok", "AuthFailure.SignatureFailure"]
    assert str(failed.value).splitlines() == [
        "expected 2 matching calls, got 1 (5 calls in total)",
        f"  not {back}: expected CardSide FRONT, got BACK",
        f"  not {again}: its outcomes were used up",
        f"  not {worn}: AuthFailure.SignatureFailure",
        f"  not {newer}: answered by rule 'respond 2' of scenario 'respond 2'",
    ]
    with pytest.raises(AssertionError, match=r"^expected 0 matching calls, got 1 \(5 calls in"):
        rule.assert_not_called()


@pytest.mark.parametrize(
    ("delay", "seconds"),
    [
        ("250ms", 0.25),
        (0.004, 0.004),
        (timedelta(milliseconds=3), 0.003),
        ({"uniform": [timedelta(), 0.0]}, 0.0),
        ({"lognormal": {"median": 0.001, "sigma": 0.0, "max": timedelta(seconds=1)}}, 0.001),
    ],
)
def test_a_duration_is_a_text_a_number_of_seconds_or_a_timedelta(
    ocr: Account, delay: Any, seconds: float
) -> None:
    rule = ocr.respond(card="invented", delay=delay)
    call(ocr, CardSide="FRONT")

    assert rule.calls[0].details["delay_seconds"] == seconds


def test_a_moved_clock_moves_the_window_of_signatures(ocr: Account) -> None:
    ocr.clock.offset("+400s")
    moved = outcome(ocr)
    ocr.clock.offset(timedelta(seconds=-30))
    near = outcome(ocr)
    ocr.clock.freeze(datetime(2026, 1, 1, tzinfo=UTC))
    frozen = outcome(ocr)
    ocr.clock.offset(0)

    expired = "AuthFailure.SignatureExpire"
    assert [moved, near, frozen, outcome(ocr)] == [expired, "ok", expired, "ok"]


def test_a_clock_is_set_back_at_the_end_of_a_with_block(ocr: Account) -> None:
    def clock() -> Any:
        return ocr.server.admin.ask("GET", "accounts", ocr.name)["clock"]

    ocr.clock.offset("+5s")
    with ocr.clock.offset(400):
        expired = outcome(ocr)
        with ocr.clock.freeze(date(2026, 1, 1)):
            assert clock() == {"freeze": "2026-01-01T00:00:00+00:00"}

    assert (expired, outcome(ocr)) == ("AuthFailure.SignatureExpire", "ok")
    assert clock() == {"offset": "+5s"}


def test_a_card_is_answered_as_it_was_made(ocr: Account) -> None:
    front = base64(ocr.card(Name="李明"))
    back = base64(ocr.card("back", Authority="赵县公安局"))

    assert call(ocr, ImageBase64=front, CardSide="FRONT").Name == "李明"
    assert call(ocr, ImageBase64=back, CardSide="BACK").Authority == "赵县公安局"
    assert outcome(ocr, ImageBase64=back, CardSide="FRONT") == "FailedOperation.CardSideError"


def test_front_and_back_show_one_person_for_the_seed_of_the_account(ocr: Account) -> None:
    other = ocr.account(seed=8)

    both = call(ocr, ImageBase64=base64(ocr.card("both")), Config='{"MultiCardDetect": true}')
    front = call(ocr, ImageBase64=base64(ocr.card()))
    stranger = call(ocr, ImageBase64=base64(other.card()))

    assert both.Name == front.Name
    assert (both.IdNum, stranger.IdNum == front.IdNum) == (front.IdNum, False)


def test_a_card_may_be_a_ready_made_specimen(ocr: Account) -> None:
    picture = ocr.card(specimen="warning-reflection")
    answered = call(
        ocr, ImageBase64=base64(picture), CardSide="FRONT", Config='{"ReflectWarn": true}'
    )

    assert json.loads(answered.AdvancedInfo)["WarnInfos"] == [-9107]
    assert ocr.card(specimen="error-too-large-file-error")[:2] == b"BM"


@pytest.mark.parametrize(
    ("defects", "flag", "codes"),
    [(["copy"], "CopyWarn", [-9102]), ({"reshoot": 1.0, "blur": 0}, "ReshootWarn", [-9103])],
)
def test_a_card_may_have_defects(ocr: Account, defects: Any, flag: str, codes: list[int]) -> None:
    picture = ocr.card("front", defects=defects, Name="李明")
    answered = call(ocr, ImageBase64=base64(picture), Config=json.dumps({flag: True}))

    assert answered.Name == "李明"
    assert json.loads(answered.AdvancedInfo)["WarnInfos"] == codes


def test_explain_describes_the_last_call_or_a_given_one(ocr: Account) -> None:
    with pytest.raises(LookupError, match="has made no call"):
        ocr.explain()

    outcome(ocr, key="worn")
    outcome(ocr)

    worn, fine = ocr.requests
    assert ocr.explain()["outcome"] == "ok"
    assert ocr.explain(RequestId=fine.request_id) == ocr.explain()
    result = ocr.explain(worn.request_id)
    assert (result["cause"], result["proven"]) == ("wrong_secret_key", False)


def test_assert_called_counts_calls_by_the_conditions_of_rules(ocr: Account) -> None:
    ocr.assert_called(0)
    call(ocr, CardSide="FRONT", Config='{"TempIdWarn": true}')
    call(ocr, CardSide="BACK", ImageUrl="https://xx/b.jpg?token=secret")
    call(ocr, ImageBase64=base64(ocr.card()), CardSide="FRONT")

    ocr.assert_called()
    ocr.assert_called(3)
    ocr.assert_called(times=2, CardSide="FRONT")
    ocr.assert_called(1, CardSide=["FRONT", "BACK"], Config={"TempIdWarn": True})
    ocr.assert_called(1, ImageUrl="https://xx/b.jpg?token=secret")
    ocr.assert_called(1, ImageUrl=["https://xx/b.jpg"])
    ocr.assert_called(2, ImageUrl={"glob": "https://xx/*.jpg"})
    ocr.assert_called(1, picture={"format": "PNG", "min_width": 100})
    ocr.assert_called(3, header={"X-TC-Language": "zh-CN"})
    ocr.assert_called(3, header={"Authorization": {"absent": False}, "X-Other": {"absent": True}})
    ocr.assert_called(0, Region="ap-beijing")


def test_a_failed_assertion_lists_the_differences_of_each_call(ocr: Account) -> None:
    call(ocr, CardSide="BACK")
    outcome(ocr, key="worn", CardSide="FRONT")
    outcome(ocr, CardSide="SIDE")
    back, worn, wrong = ocr.requests

    with pytest.raises(AssertionError) as failed:
        ocr.assert_called(CardSide="FRONT")

    assert str(failed.value).splitlines() == [
        "expected at least 1 matching call, got 0 (3 calls in total)",
        f"  not {back.request_id}: expected CardSide FRONT, got BACK",
        f"  not {worn.request_id}: AuthFailure.SignatureFailure",
        f"  not {wrong.request_id}: InvalidParameterValue.InvalidParameterValueLimit",
    ]
    with pytest.raises(
        AssertionError, match=r"^expected 1 matching call, got 3 \(3 calls in total\)$"
    ):
        ocr.assert_called(1)


def test_assert_called_compares_pictures_that_were_examined(ocr: Account) -> None:
    picture = ocr.card(specimen="li-ming")
    call(ocr, ImageBase64=base64(picture))
    call(ocr)

    ocr.assert_called(1, picture={"specimen": "li-ming"})
    ocr.assert_called(1, picture={"sha256": sha256(picture).hexdigest()})
    ocr.assert_called(1, ImageBase64={"absent": True})
    ocr.assert_not_called(picture={"specimen": "li-ming-back"})
    with pytest.raises(AssertionError, match=r"expected picture\.specimen li-ming, got none"):
        ocr.assert_called(2, picture={"specimen": "li-ming"})


def test_an_account_is_made_from_the_keys_of_the_admin_api(ocr: Account, tmp_path: Path) -> None:
    (tmp_path / "flaky.yaml").write_text(FLAKY, encoding="utf-8")
    poor = ocr.account(state="arrears")
    chosen = ocr.account(keys=[{"SecretId": "AKIDknown", "SecretKey": "known"}])
    scripted = ocr.account(scenarios=[tmp_path / "flaky.yaml"])

    assert outcome(poor) == "ResourceUnavailable.InArrears"
    assert (chosen.secret_id, chosen.secret_key, outcome(chosen)) == ("AKIDknown", "known", "ok")
    call(scripted, CardSide="FRONT")
    assert outcome(scripted, CardSide="FRONT") == "FailedOperation.OcrFailed"
    with pytest.raises(RefusedError, match="SecretId 'AKIDknown' belongs to account"):
        ocr.account(keys=[{"SecretId": "AKIDknown", "SecretKey": "known"}])
    assert [each.name for each in ocr.family()] == [
        ocr.name,
        *(f"{ocr.name}.{number}" for number in (2, 3, 4)),
    ]


def test_an_account_with_an_invalid_scenario_is_not_created(ocr: Account) -> None:
    def names() -> list[str]:
        result = ocr.server.admin.ask("GET", "accounts")
        return [each["name"] for each in result["accounts"]]

    before = names()
    with pytest.raises(RefusedError):
        ocr.account(scenarios=["error-image-blur", "nothing"])

    assert names() == before


def test_removing_an_account_removes_those_made_through_it(ocr: Account) -> None:
    parent = ocr.account()
    child = parent.account()

    parent.remove()
    parent.remove()

    assert outcome(parent) == outcome(child) == "AuthFailure.SecretIdNotFound"


def test_names_that_are_taken_get_a_number(ocr: Account) -> None:
    first, second = (ocr.server.account(name="taken") for _ in range(2))

    assert (first.name, second.name) == ("taken", "taken (2)")
    first.remove()
    second.remove()


@pytest.fixture
def limited(serve: "Serve") -> Iterator["tuple[Running, RunningServer]"]:
    """A running server with the default rate limit."""
    running = serve(rate=2)
    with connected(f"{running.url}/", None, Path()) as server:
        yield running, server


def shown_rate(account: Account) -> Any:
    return account.server.admin.ask("GET", "accounts", account.name)["rate"]


def test_an_account_on_a_remote_server_works_the_same(
    limited: "tuple[Running, RunningServer]",
) -> None:
    running, server = limited
    account = server.account()
    account.play(FLAKY)

    assert account.url == running.url
    assert [outcome(account, CardSide="FRONT") for _ in range(2)] == [
        "ok",
        "FailedOperation.OcrFailed",
    ]
    account.assert_called(2, CardSide="FRONT")
    with pytest.raises(LookupError, match=r"the HTTPS URL of .* is unknown"):
        account.https_url  # noqa: B018 - that it cannot be told


def test_calls_are_unlimited_by_default(
    limited: "tuple[Running, RunningServer]",
) -> None:
    _, server = limited
    free, asked = server.account(), server.account(rate=7)
    played = server.account(scenarios=[{"name": "slow", "account": {"rate": 1}}])

    assert (shown_rate(free), shown_rate(asked), shown_rate(played)) == (0, 7, 1)
    free.play({"name": "slow", "account": {"rate": 3}})
    free.play({"name": "slower", "account": {"rate": 1}})
    assert shown_rate(free) == 3


def test_a_limit_of_a_global_scenario_applies(serve: "Serve", tmp_path: Path) -> None:
    (tmp_path / "slow.yaml").write_text("name: slow\naccount: {rate: 5}\n", encoding="utf-8")
    running = serve(rate=2, scenarios=(str(tmp_path / "slow.yaml"),))

    with connected(running.url, None, Path()) as server:
        assert shown_rate(server.account()) == 5


def test_recorded_calls_are_masked(ocr: Account) -> None:
    ocr.respond(card=LI_MING)
    call(ocr, ImageUrl="https://xx/a.jpg?token=secret", CardSide="FRONT")

    result = json.dumps(ocr.requests[0].details, ensure_ascii=False)

    assert not {each for each in ("李明", "440524198701010014", "secret") if each in result}
