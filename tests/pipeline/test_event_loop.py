"""Which calls are handled off the event loop."""

from dataclasses import replace
from typing import Any

import pytest

from mockocr.downloads.policy import read_policy
from mockocr.pipeline.event_loop import is_slow
from mockocr.protocol.wire import WireRequest
from mockocr.recognition.pictures import Pictures
from tests.builders import a_picture, base64, config
from tests.pipelines import a_pipeline
from tests.requests import FRONT, a_call, a_get, a_v1_call
from tests.scenario.scripts import a_scenario


def a_call_with(content: bytes, **headers: Any) -> WireRequest:
    return a_call({"ImageBase64": base64(content)}, **headers)


def test_a_new_picture_is_handled_off_the_event_loop_and_a_known_one_on_it() -> None:
    pipeline = a_pipeline()
    first, other = (a_picture(width=width, height=300) * 3 for width in (400, 500))

    assert is_slow(pipeline.state.pictures, a_call_with(first))
    pipeline.answer(a_call_with(first))

    assert not is_slow(pipeline.state.pictures, a_call_with(first))
    assert is_slow(pipeline.state.pictures, a_call_with(other))
    assert not is_slow(pipeline.state.pictures, a_call(FRONT))


def test_a_picture_that_was_never_read_still_counts_as_new() -> None:
    pipeline = a_pipeline()
    call = a_call_with(a_picture(width=400, height=300) * 3)

    pipeline.answer(replace(call, headers={**call.headers, "authorization": "none"}))
    assert is_slow(pipeline.state.pictures, call)
    pipeline.state.registry.play(a_scenario("name: n\nrules: [{name: a, then: {card: invented}}]"))
    pipeline.answer(call)
    assert is_slow(pipeline.state.pictures, call)
    pipeline.state.registry.stop()
    pipeline.answer(call)
    assert not is_slow(pipeline.state.pictures, call)


@pytest.mark.parametrize("form", [a_get, a_v1_call])
def test_a_new_picture_in_a_query_or_form_is_handled_off_the_event_loop(form: Any) -> None:
    pictures = a_pipeline().state.pictures

    assert is_slow(pictures, form({"ImageBase64": "A" * 2000}))
    assert not is_slow(pictures, form(FRONT))


def test_a_url_that_may_be_fetched_is_handled_off_the_event_loop() -> None:
    pipeline = a_pipeline()
    pipeline.state.pictures = Pictures(read_policy(["loopback"]))

    assert is_slow(pipeline.state.pictures, a_call(FRONT))
    assert is_slow(pipeline.state.pictures, a_get(FRONT))


def test_a_call_that_asks_for_crops_is_handled_off_the_event_loop() -> None:
    call = a_call(FRONT | {"Config": config("CropPortrait")})

    assert is_slow(a_pipeline().state.pictures, call)
