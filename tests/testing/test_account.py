"""The members of an account, on a server in this process and on one elsewhere."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mockocr import Account, CardFields, RefusedError, RunningServer
from mockocr.testing.starting import connected
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
