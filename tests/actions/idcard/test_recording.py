"""Whatever another server replies, the recorded outcome is a valid rule without its texts."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockocr.accounts.call_settings import CallSettings
from mockocr.actions.idcard.contract import contract_on
from mockocr.actions.idcard.recording import TEXTS, answer, conditions
from mockocr.actions.idcard.texts import read_day, read_validity
from mockocr.actions.recording import Placeholders
from mockocr.documents.document import document_of
from mockocr.people import number
from mockocr.people.tables import NATIONS
from mockocr.recognition.call_image import CallImage
from mockocr.recognition.picture_cache import PictureCache
from mockocr.scenario.load import load
from tests.builders import NOW, asked_for, config

DAYS = [date(2024, 5, 1), date(2026, 11, 1)]
FLAGS = sorted(contract_on(date.max).flags)

texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", "男", "女", "汉", "维吾尔", "1987/1/1", "2010.07.21-长期", "“李明”"]),
    st.dates().map(lambda day: f"{day:%Y.%m.%d}-{day:%Y}.12.31"),
    st.from_regex(r"[0-9]{17}[0-9Xx]", fullmatch=True),
)
info = st.one_of(
    texts,
    st.dictionaries(
        st.sampled_from(
            ["Quality", "BorderCodeValue", "WarnInfos", "IsKeyValid", "IdCard", "秘密"]
        ),
        st.one_of(
            st.integers(), st.booleans(), texts, st.lists(st.integers(-9120, -9100), max_size=3)
        ),
    ).map(json.dumps),
)
positions = st.sampled_from(["Portrait", "NationalEmblem", "IdNum", "秘密"])
details = st.lists(st.fixed_dictionaries({"Position": positions}), max_size=3)
others = st.one_of(st.none(), st.integers(), texts, st.lists(texts, max_size=2))
replies = st.fixed_dictionaries(
    {},
    optional={name: st.one_of(texts, others) for name in TEXTS}
    | {"AdvancedInfo": info, "ReflectDetailInfos": st.one_of(details, others), "Secret": others},
)
queries = st.fixed_dictionaries(
    {"Config": st.lists(st.sampled_from(FLAGS), max_size=5).map(lambda it: config(*it))},
    optional={
        "CardSide": st.sampled_from(["FRONT", "BACK"]),
        "EnableRecognitionRectify": st.booleans(),
        "EnableReflectDetail": st.booleans(),
    },
)


@given(st.sampled_from(DAYS), queries, replies)
def test_any_reply_becomes_a_valid_rule(
    day: date, sent: Mapping[str, Any], reply: Mapping[str, Any]
) -> None:
    query, settings = asked_for(day, **sent), CallSettings(NOW, 0, "valid", day)
    call_image = CallImage(PictureCache(), query.image)
    recorded = answer(query, reply, Placeholders(b"x"), settings, call_image)
    rule = {"when": conditions(query, day), "then": recorded.outcome}

    load(document_of({"name": "a", "contract": str(day), "rules": [rule]}, "inline"))
    written = json.dumps([recorded.outcome, recorded.left_out], ensure_ascii=False)
    for text in filter(is_personal, map(reply.get, TEXTS)):
        assert str(text) not in written


def is_personal(text: object) -> bool:
    """Shorter texts may occur by chance."""
    known = isinstance(text, str) and (
        number.read(text) or read_day(text) or (read_validity(text) and "长期" not in text)
    )
    return bool(known) or (isinstance(text, str) and len(text) > 8 and text not in NATIONS)


@pytest.mark.parametrize("day", DAYS)
def test_the_conditions_name_everything_that_tells_calls_apart(day: date) -> None:
    contract = contract_on(day)
    when = conditions(asked_for(day, Config=config("Quality")), day)

    assert when["CardSide"] == {"absent": True}
    assert when["Config"] == {flag: flag == "Quality" for flag in contract.flags}
    sent = contract.parameters.keys() - {"ImageBase64", "ImageUrl"}
    assert when.keys() == sent
