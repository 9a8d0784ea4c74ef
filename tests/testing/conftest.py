"""An account of a server in this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mockocr import Account, MockOCR


@pytest.fixture(scope="module")
def own(state_dir: Path) -> Iterator[Account]:
    """Any account of a server that `MockOCR` started."""
    with MockOCR(state_dir=state_dir) as account:
        yield account


@pytest.fixture
def ocr(own: Account) -> Iterator[Account]:
    account = own.account()
    yield account
    account.remove()
