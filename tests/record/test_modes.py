"""once, all, none and spy: which calls go to the upstream, and what happens to the file."""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mockocr.pipeline.event_loop import pool_of
from mockocr.record import recording_file
from mockocr.record.recording import RecordingError, start_recording
from mockocr.scenario.library import Library
from mockocr.scenario.load import load_file
from mockocr.server.app import create_app
from mockocr.settings import Settings
from mockocr.testing.starting import MockOCR
from tests.conftest import Running, Signed
from tests.record.recording_servers import CASES, PERSON, UPSTREAM_KEYS
from tests.requests import a_call

if TYPE_CHECKING:
    from tests.conftest import Serve
    from tests.record.conftest import Record

Call = Callable[..., httpx.Response]


@pytest.fixture
def call(signed: Signed) -> Call:
    """`call(server, "front")`, or with parameters."""

    def call_once(server: Running, case: str = "", **parameters: Any) -> httpx.Response:
        sent = CASES[case].parameters if case else parameters
        body = json.dumps(sent).encode()
        return httpx.post(f"{server.url}/", content=body, headers=signed(server.endpoint, body))

    return call_once


def response(reply: httpx.Response) -> Mapping[str, Any]:
    assert reply.status_code == 200
    return dict(reply.json()["Response"])


def code(reply: httpx.Response) -> str:
    return str(response(reply).get("Error", {}).get("Code", "ok"))


def forwarded(upstream: Running) -> int:
    return len(upstream.state.journal.newest_first())


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_a_forwarded_call_is_signed_anew_and_says_who_answered(
    upstream: Running, record: "Record", path: Path, call: Call
) -> None:
    reply = call(record(upstream.url, path), "front")

    assert response(reply)["Name"] == PERSON["Name"]
    assert reply.headers["X-Mockocr-Upstream"] == "127.0.0.1"
    (exchange,) = upstream.state.journal.newest_first()
    assert (exchange.account, exchange.outcome) == (UPSTREAM_KEYS[0], "ok")
    assert exchange.request_id != response(reply)["RequestId"]


def test_what_an_upstream_answers_is_in_the_outcome_coverage(
    upstream: Running, record: "Record", path: Path, call: Call
) -> None:
    server = record(upstream.url, path)
    call(server, "front")

    (marks,) = (dict(counts) for counts in server.state.journal.tally().counts().values())

    assert "side:FRONT" in marks


def test_a_call_with_a_wrong_signature_is_refused_here(
    upstream: Running, record: "Record", path: Path, signed: Signed
) -> None:
    server, body = record(upstream.url, path), b'{"ImageUrl": "https://xx/a.jpg"}'
    headers = signed(server.endpoint, body, secret_key="another")
    reply = httpx.post(f"{server.url}/", content=body, headers=headers)

    assert code(reply) == "AuthFailure.SignatureFailure"
    assert (forwarded(upstream), path.exists()) == (0, False)


def test_a_call_that_is_refused_before_the_rules_is_not_forwarded(
    upstream: Running, record: "Record", path: Path, call: Call
) -> None:
    server = record(upstream.url, path)

    assert code(call(server, ImageUrl="https://xx/a.jpg", Side="FRONT")) == "UnknownParameter"
    assert code(call(server, CardSide="FRONT")) == "FailedOperation.EmptyImageError"
    assert forwarded(upstream) == 0


def test_the_journal_and_the_log_of_a_recording_show_no_personal_data(
    upstream: Running,
    record: "Record",
    path: Path,
    call: Call,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    server = record(upstream.url, path)
    for case in ("front", "an error with personal data", "an undocumented member"):
        call(server, case)

    shown = [
        json.dumps(each.details(), ensure_ascii=False, default=str)
        for each in server.state.journal.newest_first()
    ]
    for secret in (PERSON["Name"], PERSON["IdNum"], "欧阳诸葛", "13912345678", *UPSTREAM_KEYS):
        assert secret not in "\n".join([*shown, caplog.text])
    assert "FailedOperation.IdCardInfoIllegal" in "".join(shown)
    assert "left out: AdvancedInfo.Owner (not documented)" in caplog.text


def test_the_second_run_replays_the_file_and_appends_to_it(
    upstream: Running, record: "Record", path: Path, call: Call
) -> None:
    call(record(upstream.url, path), "front")
    edited = text(path).replace("name: call-1", "name: my front  # my comment")
    edited = edited.replace("EnableDateVerify: true\n", "EnableDateVerify: true\n\n      # mine\n")
    path.write_text(edited, encoding="utf-8")

    server = record(upstream.url, path)
    replayed = call(server, "front")
    call(server, "back")

    assert "X-Mockocr-Upstream" not in replayed.headers
    assert response(replayed)["Name"] != PERSON["Name"]
    assert forwarded(upstream) == 2
    assert text(path).startswith(edited)
    assert "name: call-1" in text(path).removeprefix(edited)


def test_an_edit_while_the_recording_runs_stays(
    upstream: Running, record: "Record", path: Path, call: Call
) -> None:
    server = record(upstream.url, path)
    call(server, "front")
    edited = text(path).replace("# Recorded", "# Edited and recorded")
    path.write_text(edited, encoding="utf-8")
    call(server, "back")

    assert text(path).startswith(edited)
    assert text(path).count("name: call-") == 2


def test_an_edit_that_breaks_the_file_is_reported_and_left_alone(
    upstream: Running, record: "Record", path: Path, call: Call, bugs: list[Any]
) -> None:
    server = record(upstream.url, path)
    call(server, "front")
    path.write_text("name: broken\nrules:\n  - {name: a, then: {card: nobody}}\n", encoding="utf-8")
    reply = call(server, "back")

    assert response(reply)["Authority"]
    assert text(path).startswith("name: broken")
    (error,) = bugs
    assert "kyc.yaml:3:" in error.getMessage()
    bugs.clear()


def test_repeated_calls_are_one_rule_with_their_outcomes_in_order(
    upstream: Running, record: "Record", serve: "Serve", path: Path, call: Call
) -> None:
    server = record(upstream.url, path)
    before = [code(call(server, "an error and a recovery")) for _ in range(4)]
    replaying = serve(scenarios=(str(path),))

    assert before == ["FailedOperation.OcrFailed", "FailedOperation.OcrFailed", "ok", "ok"]
    assert [code(call(replaying, "an error and a recovery")) for _ in range(4)] == before
    assert text(path).count("- name:") == 1
    assert "{error: FailedOperation.OcrFailed, times: 2}" in text(path)


def test_a_test_plays_a_recording(
    upstream: Running, record: "Record", path: Path, call: Call, state_dir: Path, signed: Signed
) -> None:
    recorded = call(record(upstream.url, path), "back")
    with MockOCR(state_dir=str(state_dir)) as mock:
        mock.play(path)
        body = json.dumps(CASES["back"].parameters).encode()
        pair = {"secret_id": mock.secret_id, "secret_key": mock.secret_key}
        headers = signed(mock.endpoint, body, **pair)
        replayed = httpx.post(f"{mock.url}/", content=body, headers=headers)

    assert response(replayed)["ValidDate"].endswith("-长期")
    assert response(replayed)["ValidDate"] != response(recorded)["ValidDate"]


def test_the_mode_all_forwards_every_call_and_replaces_the_file(
    upstream: Running, record: "Record", path: Path, call: Call
) -> None:
    call(record(upstream.url, path), "front")
    before = text(path)
    server = record(upstream.url, path, "all")

    assert text(path) == before
    assert response(call(server, "front"))["Name"] == PERSON["Name"]
    call(server, "back")
    assert forwarded(upstream) == 3
    assert text(path).count("- name:") == 2


def test_the_mode_all_forwards_what_a_rule_would_answer(
    upstream: Running, record: "Record", path: Path, call: Call
) -> None:
    server = record(upstream.url, path, "all", scenarios=("error-image-blur",))

    assert response(call(server, "front"))["Name"] == PERSON["Name"]


def test_no_call_of_a_recording_is_answered_on_the_event_loop(
    upstream: Running, record: "Record", path: Path
) -> None:
    state = record(upstream.url, path).state

    assert pool_of(state, a_call()) is state.pools.upstream


def test_the_mode_all_replaces_no_file_of_somebody_else(
    upstream: Running, record: "Record", path: Path
) -> None:
    path.write_text("name: mine\nrules:\n  - {name: a, then: {card: li-ming}}\n")
    with pytest.raises(RecordingError, match="not made by `mockocr record`"):
        record(upstream.url, path, "all")


def test_the_mode_none_replays_and_refuses_what_is_not_recorded(
    upstream: Running, record: "Record", path: Path, call: Call
) -> None:
    call(record(upstream.url, path), "front")
    server = record(None, path, "none")

    assert code(call(server, "front")) == "ok"
    refusal = response(call(server, "back"))["Error"]
    assert refusal["Code"] == "ResourceNotFound"
    assert "not in the recording" in refusal["Message"]
    assert forwarded(upstream) == 1


def test_the_mode_none_needs_a_file(record: "Record", path: Path) -> None:
    with pytest.raises(RecordingError, match="does not exist; record it with --mode once first"):
        record(None, path, "none")


def test_a_spy_forwards_only_what_no_rule_answers_and_writes_nothing(
    upstream: Running, record: "Record", tmp_path: Path, call: Call
) -> None:
    server = record(upstream.url, None, "spy", scenarios=("error-image-blur",))
    own = Library().inline(
        "name: own\nrules: [{when: {CardSide: BACK}, then: {card: li-ming-back}}]"
    )
    spy = record(upstream.url, None, "spy")
    spy.state.registry.play(own)

    assert code(call(server, "front")) == "FailedOperation.ImageBlur"
    assert forwarded(upstream) == 0
    assert code(call(spy, "back")) == "ok"
    assert response(call(spy, "front"))["Name"] == PERSON["Name"]
    assert response(call(spy, "an error with personal data"))["Error"]["Code"]
    assert forwarded(upstream) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_rule_of_a_scenario_answers_before_the_upstream(
    upstream: Running, record: "Record", path: Path, call: Call
) -> None:
    server = record(upstream.url, path, scenarios=("error-image-blur",))

    assert code(call(server, "front")) == "FailedOperation.ImageBlur"
    assert (forwarded(upstream), path.exists()) == (0, False)


def test_a_delay_of_chaos_also_delays_a_forwarded_call(
    upstream: Running, record: "Record", path: Path, call: Call
) -> None:
    server = record(upstream.url, path)
    server.state.registry.play(
        Library().inline({"name": "slow", "chaos": [{"probability": 1, "delay": "1ms"}]})
    )

    assert response(call(server, "front"))["Name"] == PERSON["Name"]
    (exchange,) = server.state.journal.newest_first()
    assert exchange.resolved is not None
    assert exchange.resolved.delay_seconds == 0.001


def test_a_file_that_cannot_be_appended_to_is_refused(path: Path, record: "Record") -> None:
    for content, words in (
        ("name: a\nrules: [{then: {card: li-ming}}]\n", "got a list in brackets"),
        ("rules:\n  - then: {card: li-ming}\nname: a\n", "expected `rules` as the last key"),
        ("name: a\nseed: 1\n", "expected `rules` as the last key"),
        ("name: a\nrules:\n  - then: {card: nobody}\n", "kyc.yaml:3:"),
        ("name: [", "kyc.yaml:"),
        (b"\xff\xfe".decode("latin-1"), "kyc.yaml"),
    ):
        path.write_text(content, encoding="latin-1")
        with pytest.raises(RecordingError, match=words):
            record("http://127.0.0.1:1", path)


def test_a_file_in_a_missing_folder_is_refused(record: "Record", tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="is not a folder; make it first"):
        record("http://127.0.0.1:1", tmp_path / "missing" / "kyc.yaml")


def test_the_mode_none_replays_any_scenario(record: "Record", path: Path, call: Call) -> None:
    path.write_text("rules:\n  - then: {card: li-ming}\nname: a\n", encoding="utf-8")

    assert response(call(record(None, path, "none"), "front"))["Name"] == "李明"


def test_a_file_that_is_also_a_scenario_of_the_server_is_refused(
    upstream: Running, record: "Record", path: Path, call: Call
) -> None:
    call(record(upstream.url, path), "front")
    with pytest.raises(RecordingError, match="do not name it in --scenarios"):
        record(upstream.url, path, scenarios=(str(path),))


def test_a_file_that_cannot_be_written_does_not_change_the_reply(
    upstream: Running, record: "Record", tmp_path: Path, call: Call, bugs: list[Any]
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    server = record(upstream.url, folder / "kyc.yaml")
    folder.rmdir()

    assert response(call(server, "front"))["Name"] == PERSON["Name"]
    (error,) = bugs
    assert "cannot write" in error.getMessage()
    bugs.clear()


def test_an_outcome_that_cannot_be_written_is_forgotten(
    upstream: Running, record: "Record", path: Path, call: Call, bugs: list[Any]
) -> None:
    server = record(upstream.url, path)
    call(server, "an error and a recovery")
    call(server, "an error and a recovery")
    path.unlink()
    path.mkdir()
    call(server, "an error and a recovery")
    path.rmdir()
    call(server, "an error and a recovery")

    assert "Is a directory" in bugs.pop().getMessage()
    assert text(path).count("error: ") == text(path).count("card: ") == 1


def test_a_full_file_is_reported(
    upstream: Running,
    record: "Record",
    path: Path,
    call: Call,
    bugs: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = record(upstream.url, path)
    call(server, "front")
    before = text(path)
    monkeypatch.setattr(recording_file, "MAX_NODES", 100)
    call(server, "back")

    assert "kyc.yaml is full; record into another file" in bugs.pop().getMessage()
    assert text(path) == before


def test_calls_at_the_same_time_are_all_recorded(
    upstream: Running, record: "Record", path: Path, call: Call
) -> None:
    server = record(upstream.url, path)
    cases = [name for name in CASES if name != "an error and a recovery"]
    with ThreadPoolExecutor(8) as threads:
        codes = [code(reply) for reply in threads.map(partial(call, server), cases)]

    assert codes.count("ok") == len(cases) - 1
    assert len(load_file(path).rules) == len(cases)


def test_a_match_without_a_call_says_that_it_would_be_forwarded(
    upstream: Running, record: "Record", path: Path
) -> None:
    server = record(upstream.url, path)
    asked = {"parameters": {"ImageUrl": "https://xx/a.jpg"}}
    reply = httpx.post(f"{server.url}/__admin/match", json=asked)

    assert reply.json()["outcome"] == "forwarded"
    assert forwarded(upstream) == 0


def test_without_an_upstream_a_server_does_not_forward() -> None:
    state = create_app(Settings()).state
    recording = start_recording(state, None, None, "none")

    assert (recording.recorder, recording.replayed) == (None, 0)
    state.close()
