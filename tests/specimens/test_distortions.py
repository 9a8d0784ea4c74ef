"""A sample of `python -m bench.distortions`: each distortion once, in turn for each kind."""

from random import Random

import pytest

from bench.distortions import BEYOND, ENVELOPE, KINDS, Row, add, random_cards, shot, table
from mockocr.specimens.draw.specimen import encoded
from mockocr.specimens.finding import Contents

CARD_DATA = list(random_cards(3))
MUST, MAY = (list(enumerate(distortions)) for distortions in (ENVELOPE, BEYOND))


def tried(name: str, number: int) -> Row:
    card_data, format = CARD_DATA[number % len(CARD_DATA)]
    distortion = {**ENVELOPE, **BEYOND}[name]
    distorted = distortion(shot(card_data), Random(f"test {name}"))  # noqa: S311 - no secret
    row = Row(name)
    add(row, card_data, distorted, encoded(distorted.image, format))
    return row


@pytest.mark.parametrize(("number", "name"), MUST)
def test_a_specimen_is_read_after_what_apps_do_to_pictures(number: int, name: str) -> None:
    row = tried(name, number)

    assert row.all_right, row.seen_as
    assert max(row.off) < 30


@pytest.mark.parametrize(("number", "name"), MAY)
def test_a_distorted_specimen_is_never_read_as_another_person(number: int, name: str) -> None:
    assert tried(name, number).wrong == 0


@pytest.mark.parametrize("number", range(4))
def test_a_specimen_blurred_beyond_reading_is_still_recognized(number: int) -> None:
    assert tried("blur 6", number).seen_as == [Contents.BLURRED]


def test_each_kind_is_tried() -> None:
    assert [card_data.kind for card_data, _ in CARD_DATA[:4]] == list(KINDS)
    assert {format for _, format in CARD_DATA} == {"PNG", "JPEG", "BMP"}
    assert len(ENVELOPE) + len(BEYOND) > 29


def test_the_table_has_a_line_for_each_distortion() -> None:
    row = Row("clean", {kind: [True, False] for kind in KINDS}, milliseconds=[1.0, 3.0])
    row.seen_as.append(Contents.BLURRED)

    lines = table([row, row]).splitlines()

    assert lines[2:] == ["| clean | 50 | 50 | 50 | 50 | 0 |  |  | 2 | 3 | blurred 1 |"] * 2
