import subprocess
import sys

import pytest

from mockocr.images.geometry import quad_of
from mockocr.specimens.card_data import Kind
from mockocr.specimens.finding import Contents, Finding, Side
from tests.specimens.people import some_card_data

CORNERS = quad_of(0, 0, 1, 1)
FRONT, BACK, TEMPORARY = (
    Side(some_card_data(kind), CORNERS, exact=True)
    for kind in (Kind.FRONT, Kind.BACK, Kind.TEMPORARY)
)


@pytest.mark.parametrize(
    ("finding", "contents"),
    [
        (Finding(9, 9), Contents.NOTHING),
        (Finding(9, 9, (FRONT,)), Contents.FRONT),
        (Finding(9, 9, (TEMPORARY,)), Contents.FRONT),
        (Finding(9, 9, (BACK,)), Contents.BACK),
        (Finding(9, 9, (BACK, FRONT)), Contents.FRONT_AND_BACK),
        (Finding(9, 9, (TEMPORARY, BACK)), Contents.FRONT_AND_BACK),
        (Finding(9, 9, (FRONT, FRONT)), Contents.SEVERAL_OF_ONE_SIDE),
        (Finding(9, 9, (FRONT, TEMPORARY)), Contents.SEVERAL_OF_ONE_SIDE),
        (Finding(9, 9, (FRONT, BACK, BACK)), Contents.SEVERAL_OF_ONE_SIDE),
        (Finding(9, 9, (FRONT,), ("K",)), Contents.FRONT),
        (Finding(9, 9, (), ("K",)), Contents.COVERED),
        (Finding(9, 9, (), (), Kind.FRONT), Contents.BLURRED),
    ],
)
def test_the_kind_of_picture_follows_from_the_sides_found(
    finding: Finding, contents: Contents
) -> None:
    assert finding.contents is contents


def test_a_side_is_found_by_its_kind() -> None:
    finding = Finding(9, 9, (BACK, TEMPORARY, FRONT))

    assert finding.side(Kind.FRONT) is TEMPORARY
    assert finding.side(Kind.BACK) is BACK
    assert Finding(9, 9, (FRONT,)).side(Kind.BACK) is None


def test_findings_do_not_import_pillow() -> None:
    modules = "mockocr.specimens.finding, mockocr.specimens.card_code"
    script = f"import {modules}, sys; print('PIL' in sys.modules)"

    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert finished.stdout == "False\n"
