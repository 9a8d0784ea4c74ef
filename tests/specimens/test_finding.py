import subprocess
import sys

import pytest

from mockocr.images.geometry import quad_of
from mockocr.specimens.card_data import Kind
from mockocr.specimens.finding import Finding, Side, What
from tests.specimens.people import some_card_data

CORNERS = quad_of(0, 0, 1, 1)
FRONT, BACK, TEMPORARY = (
    Side(some_card_data(kind), CORNERS, exact=True)
    for kind in (Kind.FRONT, Kind.BACK, Kind.TEMPORARY)
)


@pytest.mark.parametrize(
    ("finding", "what"),
    [
        (Finding(9, 9), What.NOTHING),
        (Finding(9, 9, (FRONT,)), What.FRONT),
        (Finding(9, 9, (TEMPORARY,)), What.FRONT),
        (Finding(9, 9, (BACK,)), What.BACK),
        (Finding(9, 9, (BACK, FRONT)), What.FRONT_AND_BACK),
        (Finding(9, 9, (TEMPORARY, BACK)), What.FRONT_AND_BACK),
        (Finding(9, 9, (FRONT, FRONT)), What.SEVERAL_OF_ONE_SIDE),
        (Finding(9, 9, (FRONT, TEMPORARY)), What.SEVERAL_OF_ONE_SIDE),
        (Finding(9, 9, (FRONT, BACK, BACK)), What.SEVERAL_OF_ONE_SIDE),
        (Finding(9, 9, (FRONT,), ("K",)), What.FRONT),
        (Finding(9, 9, (), ("K",)), What.COVERED),
        (Finding(9, 9, (), (), Kind.FRONT), What.BLURRED),
    ],
)
def test_the_kind_of_picture_follows_from_the_sides_found(finding: Finding, what: What) -> None:
    assert finding.what is what


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
