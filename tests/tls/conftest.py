from pathlib import Path

import pytest


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    return tmp_path / "not" / "there"


@pytest.fixture
def unusable(tmp_path: Path) -> Path:
    """A state directory that cannot be created, not even by root."""
    (tmp_path / "file").touch()
    return tmp_path / "file" / "state"
