"""Which calls are answered on the event loop, and which in a thread."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mockocr.accounts.account import Account
from mockocr.downloads.policy import read_policy
from mockocr.pipeline import event_loop
from mockocr.pipeline.event_loop import pool_of
from mockocr.pipeline.pipeline import Pipeline
from mockocr.protocol.wire import LongBody, WireRequest
from mockocr.recognition import picture_cache
from mockocr.recognition.picture_cache import PictureCache
from mockocr.specimens.draw.specimen import draw, encoded
from tests.builders import a_picture, base64, config
from tests.pipelines import ALICE, a_pipeline
from tests.requests import FRONT, a_call, a_get, a_v1_call, signed
from tests.scenario.scripts import a_scenario
from tests.specimens.people import LI_MING

INVENTED = "name: n\nrules: [{name: a, then: {card: invented}}]"


def a_call_with(content: bytes, **parameters: Any) -> WireRequest:
    return a_call({"ImageBase64": base64(content), **parameters})


def is_quick(pipeline: Pipeline, request: WireRequest) -> bool:
    """Whether the event loop answers the call."""
    pools = pipeline.state.pools
    pool = pool_of(pipeline.state, request)
    assert pool in (None, pools.pictures)
    return pool is None


def test_a_new_picture_is_read_in_a_thread_and_a_known_one_is_answered_on_the_loop() -> None:
    pipeline = a_pipeline()
    first, other = (a_picture(width=width, height=300) * 3 for width in (400, 500))

    assert not is_quick(pipeline, a_call_with(first))
    pipeline.answer(a_call_with(first))

    assert is_quick(pipeline, a_call_with(first))
    assert not is_quick(pipeline, a_call_with(other))
    assert is_quick(pipeline, a_call(FRONT))


def test_a_picture_that_was_never_read_still_counts_as_new() -> None:
    pipeline = a_pipeline()
    call = a_call_with(a_picture(width=400, height=300) * 3)

    pipeline.answer(replace(call, headers={**call.headers, "authorization": "none"}))
    assert not is_quick(pipeline, call)
    pipeline.state.registry.play(a_scenario(INVENTED))
    pipeline.answer(call)
    assert not is_quick(pipeline, call)
    pipeline.state.registry.stop()
    pipeline.answer(call)
    assert is_quick(pipeline, call)


SMALL_BOMB = b"\xff\xd8 as good as 10,000 x 10,000 pixels"
SLOW_PARAMETERS: list[Mapping[str, Any]] = [
    {"ImageBase64": base64(SMALL_BOMB)},
    {"ImageUrl": "https://xx/a.jpg?" + "a" * 2000},
    {"ImageUrl": "https://xx/a.jpg", "Config": config("CropIdCard")},
    {"ImageUrl": "https://xx/a.jpg", "Config": config("CropPortrait")},
    {"ImageUrl": "https://xx/a.jpg", "Config": '{"Cr\\u006fpIdCard": true}'},
]


@pytest.mark.parametrize("parameters", SLOW_PARAMETERS)
@pytest.mark.parametrize("form", [a_call, a_get, a_v1_call])
def test_a_short_call_that_may_be_slow_is_answered_in_a_thread(
    parameters: Mapping[str, Any], form: Any
) -> None:
    assert not is_quick(a_pipeline(), form(parameters))
    assert is_quick(a_pipeline(), form(FRONT))


@pytest.mark.parametrize("name", ["\\u0049mageBase64", "I\\u006dageUrl", "ImageBase\\u00364"])
def test_an_escape_of_json_hides_no_name(name: str) -> None:
    body = f'{{"{name}": "QUJD"}}'.encode()

    assert not is_quick(a_pipeline(), a_call(body))
    pipeline = a_pipeline_that_fetches()
    assert pool_of(pipeline.state, a_call(body)) is pipeline.state.pools.downloads


def test_an_escape_of_a_query_or_form_hides_no_name() -> None:
    hidden = "%49mageBase64=QUJD"
    form = a_v1_call(FRONT)

    assert not is_quick(a_pipeline(), replace(a_get(FRONT), query=hidden))
    assert not is_quick(a_pipeline(), replace(form, content=hidden.encode()))


def test_few_quick_bodies_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_loop, "MAX_QUICK_BODIES", 1)
    pipeline = a_pipeline()
    for body in (b"{}", b'{"ImageUrl": ""}', b"{}"):
        assert is_quick(pipeline, a_call(body))

    assert len(pipeline.state.quick_bodies) == 1
    assert not is_quick(pipeline, a_get({"Config": "Crop"}))


def test_a_body_hides_no_query() -> None:
    call = replace(a_get({"ImageBase64": "QUJD"}), content=b"{}")

    assert not is_quick(a_pipeline(), call)


def a_pipeline_that_fetches(folder: Path | None = None) -> Pipeline:
    pipeline = a_pipeline()
    pipeline.state.pictures = PictureCache(read_policy(["loopback"]), folder)
    return pipeline


NEAR, FAR = "http://127.0.0.1/a.jpg", "https://xx/a.jpg"


LONG = LongBody()
for piece in (b'{"ImageBase64": "', b"A" * 200_000, f'", "ImageUrl": "{NEAR}"}}'.encode()):
    LONG.append(piece)


@pytest.mark.parametrize(
    "request_",
    [
        a_call({"ImageUrl": NEAR}),
        a_call({"ImageUrl": FAR, "CardSide": NEAR, "imageurl": NEAR, "ImageUrls": FAR}),
        a_call(f'{{"ImageUrl": "{NEAR}", "ImageUrl": "{FAR}"}}'.encode()),
        a_call(f'{{"ImageUrl": "{FAR}", "Image\\u0055rl": "{NEAR}"}}'.encode()),
        a_call(b'{"ImageUrl": 1}'),
        a_get({"ImageUrl": NEAR}),
        a_get({"ImageUrl": FAR}),
        a_v1_call({"ImageUrl": FAR}),
        a_v1_call({"ImageUrl": NEAR + "?" + "%41" * 2000}),
        replace(a_call(), content=LONG),
    ],
    ids=range(10),
)
def test_a_picture_that_may_be_downloaded_is_downloaded_in_threads_of_its_own(
    request_: WireRequest,
) -> None:
    pipeline = a_pipeline_that_fetches()

    assert pool_of(pipeline.state, request_) is pipeline.state.pools.downloads


def test_a_call_that_downloads_nothing_waits_for_no_download(tmp_path: Path) -> None:
    pipeline = a_pipeline_that_fetches()
    for call in (a_call({"ImageUrl": FAR}), a_call({"ImageUrl": "ftp://x"}), a_call({})):
        assert is_quick(pipeline, call)
    assert not is_quick(pipeline, a_call({"ImageBase64": "QUJD"}))

    assert not is_quick(a_pipeline_that_fetches(tmp_path), a_call({"ImageUrl": FAR}))
    pipeline = a_pipeline()
    pipeline.state.pictures = PictureCache(folder=tmp_path)
    assert not is_quick(pipeline, a_call({"ImageUrl": NEAR}))


def test_long_text_is_never_handled_on_the_loop() -> None:
    pipeline = a_pipeline()
    for call in (
        a_call(FRONT, X_Long="a" * 5000),
        a_get({"ImageUrl": "https://xx/" + "a" * 5000}),
        a_call({"ImageBase64": base64(a_picture()), "Config": "{" + " " * 20_000 + "}"}),
    ):
        pipeline.answer(call)
        assert not is_quick(pipeline, call)


def with_patterns(count: int, pattern: str) -> str:
    rules = ", ".join(
        f"{{name: r{index}, when: {{ImageUrl: {{regex: '{pattern}'}}}}, then: {{card: invented}}}}"
        for index in range(count)
    )
    return f"name: n\nrules: [{rules}]"


@pytest.mark.parametrize("account", [None, "alice"])
def test_long_patterns_are_matched_in_a_thread_and_usual_ones_on_the_loop(
    account: str | None,
) -> None:
    pipeline = a_pipeline()
    registry = pipeline.state.registry
    registry.play(a_scenario(with_patterns(10, "front-[0-9]{4}")), account)
    assert is_quick(pipeline, a_call())

    registry.play(a_scenario(with_patterns(100, "a[ab]{900}c")), account)
    assert not is_quick(pipeline, a_call())

    registry.stop("n", account)
    assert is_quick(pipeline, a_call())


def test_long_patterns_of_one_account_delay_no_other() -> None:
    bob = Account("bob", {"AKIDbob": "key"})
    strict, lenient = (a_pipeline(ALICE, bob, auth=auth) for auth in ("strict", "lenient"))
    of_bob = signed(a_call(), secret_id="AKIDbob", secret_key="key")
    for pipeline in (strict, lenient):
        pipeline.state.registry.play(a_scenario(with_patterns(100, "a[ab]{900}c")), "bob")

    assert is_quick(strict, a_call())
    assert not is_quick(strict, of_bob)
    # Whose rules these would meet is not certain yet.
    assert not is_quick(strict, a_v1_call(FRONT))
    unsigned = replace(a_call(), headers={**a_call().headers, "authorization": "none"})
    assert not is_quick(strict, unsigned)
    assert not is_quick(lenient, a_call())


def test_glob_patterns_count_like_regular_expressions() -> None:
    pipeline = a_pipeline()
    rule = f"{{name: a, when: {{ImageUrl: {{glob: '{'?' * 900}'}}}}, then: {{card: invented}}}}"
    for index in range(100):
        pipeline.state.registry.play(a_scenario(f"name: n{index}\nrules: [{rule}]"))

    assert not is_quick(pipeline, a_call())


def test_patterns_of_headers_are_searched_in_headers_only() -> None:
    pipeline = a_pipeline()
    pattern = "{header: {X-Long: {regex: 'a[ab]{900}c'}}}"
    for index in range(3):
        rule = f"{{name: a, when: {pattern}, then: {{card: invented}}}}"
        pipeline.state.registry.play(a_scenario(f"name: n{index}\nrules: [{rule}]"))

    assert is_quick(pipeline, a_call())
    assert not is_quick(pipeline, a_call(X_Long="ab" * 1500))


def test_a_known_picture_is_slow_if_its_scores_are_needed_and_were_not_measured() -> None:
    pipeline = a_pipeline()
    content = encoded(draw(LI_MING), "JPEG")
    plain, measured = (a_call_with(content, **more) for more in ({}, {"Config": config("Quality")}))
    rule = "{name: a, when: {picture: {specimen: li-ming-back}}, then: {card: invented}}"
    pipeline.state.registry.play(a_scenario(f"name: n\nrules: [{rule}]"))
    pipeline.answer(plain)
    assert is_quick(pipeline, plain)
    assert not is_quick(pipeline, measured)
    pipeline.answer(measured)
    assert is_quick(pipeline, measured)


def test_scores_that_a_scenario_scripted_are_measured_in_a_thread_when_it_is_over() -> None:
    pipeline = a_pipeline()
    call = a_call_with(encoded(draw(LI_MING), "JPEG"), Config=config("Quality"))
    then = "{card: from_picture, quality: 50}"
    pipeline.state.registry.play(a_scenario(f"name: n\nrules: [{{name: a, then: {then}}}]"))
    pipeline.answer(call)
    assert not is_quick(pipeline, call)


def test_crops_are_always_cut_in_a_thread() -> None:
    pipeline = a_pipeline()
    call = a_call_with(encoded(draw(LI_MING), "JPEG"), Config=config("CropIdCard"))
    pipeline.answer(call)

    assert not is_quick(pipeline, call)


def test_a_picture_is_new_again_when_what_was_found_in_it_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(picture_cache, "MAX_READINGS", 1)
    pipeline = a_pipeline()
    first, other = (a_call_with(a_picture(width=width, height=300)) for width in (400, 500))
    pipeline.answer(first)
    assert is_quick(pipeline, first)
    pipeline.answer(other)
    assert not is_quick(pipeline, first)


def test_a_picture_is_new_again_when_its_body_is_forgotten() -> None:
    pipeline = a_pipeline()
    call = a_call_with(a_picture(width=400, height=300))
    pipeline.answer(call)
    for index in range(256):
        pipeline.answer(a_call({"ImageUrl": f"https://xx/{index}.jpg"}))

    assert not is_quick(pipeline, call)


@pytest.mark.parametrize("form", [a_get, a_v1_call])
def test_a_picture_in_a_query_or_form_is_read_in_a_thread_each_time(form: Any) -> None:
    pipeline = a_pipeline()
    call = form({"ImageBase64": base64(a_picture())})
    pipeline.answer(call)

    assert not is_quick(pipeline, call)


def test_a_picture_that_nothing_hashed_is_read_in_a_thread_each_time() -> None:
    pipeline = a_pipeline()
    parameters = {"ImageBase64": base64(a_picture(width=400, height=300) * 30)}
    signed = a_call(parameters)
    unsigned = a_call(parameters, X_TC_Content_SHA256="UNSIGNED-PAYLOAD")
    for call in (unsigned, signed):
        pipeline.answer(call)

    assert is_quick(pipeline, signed)
    assert not is_quick(pipeline, unsigned)
