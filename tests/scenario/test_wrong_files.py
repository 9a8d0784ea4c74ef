import re
from itertools import takewhile
from pathlib import Path

import pytest

from mockocr.documents.document import DocumentError
from mockocr.scenario.load import load_file

CORPUS = sorted(Path(__file__).parent.joinpath("wrong").glob("*.yaml"))
EXPECTED = re.compile(r"# ([0-9]+:[0-9]+: .*)")


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_wrong_file_is_refused_with_the_location_and_the_remedy(path: Path) -> None:
    """Each file of the corpus begins with the messages that it causes."""
    heads = map(EXPECTED.fullmatch, path.read_text(encoding="utf-8").splitlines())
    expected = [head[1] for head in takewhile(bool, heads) if head]

    with pytest.raises(DocumentError) as refused:
        load_file(path)

    assert str(refused.value).split("\n") == [f"{path}:{line}" for line in expected]
    assert expected
