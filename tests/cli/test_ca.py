import stat
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509

if TYPE_CHECKING:
    from tests.conftest import Run


def test_the_first_call_makes_the_certificate_and_prints_its_path(
    run: "Run", tmp_path: Path
) -> None:
    result = run("ca", "path", "--state-dir", str(tmp_path / "state"))
    path = tmp_path / "state" / "ca" / "ca.pem"

    assert (result.code, result.stdout, result.stderr) == (0, f"{path}\n", "")
    assert x509.load_pem_x509_certificate(path.read_bytes()).subject
    assert stat.S_IMODE((path.parent / "ca-key.pem").stat().st_mode) == 0o600


def test_export_prints_the_certificate_and_never_its_key(run: "Run", tmp_path: Path) -> None:
    result = run("ca", "export", "--state-dir", str(tmp_path / "state"))

    assert result.stdout == (tmp_path / "state" / "ca" / "ca.pem").read_text()
    assert "PRIVATE KEY" not in result.stdout


def test_the_second_call_prints_the_same_path(run: "Run", tmp_path: Path) -> None:
    first, second = (run("ca", "export", MOCKOCR_STATE_DIR="state") for _ in range(2))

    assert first.stdout == second.stdout
    assert (tmp_path / "state" / "ca" / "ca.pem").exists()


def test_the_flag_wins_over_the_variable(run: "Run", tmp_path: Path) -> None:
    result = run("ca", "path", "--state-dir", "flag", MOCKOCR_STATE_DIR="variable")

    assert result.stdout == "flag/ca/ca.pem\n"
    assert not (tmp_path / "variable").exists()


def test_the_default_is_the_users_data_folder(run: "Run", tmp_path: Path) -> None:
    result = run("ca", "path", HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path / "data"))

    assert Path(result.stdout.strip()).is_relative_to(tmp_path)


def test_further_names_are_added_to_the_constraints(run: "Run", tmp_path: Path) -> None:
    """Otherwise `mockocr ca`, run before the first start, would make a CA that the start
    refuses."""
    run("ca", "path", MOCKOCR_STATE_DIR="state", MOCKOCR_TLS_NAME="ocr.example.com")

    assert "ocr.example.com" in (tmp_path / "state" / "ca" / "permitted.txt").read_text()


def test_a_folder_that_cannot_be_made_exits_with_1_and_a_remedy(run: "Run", tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run("ca", "path", "--state-dir", "file/state")

    assert (result.code, result.stdout) == (1, "")
    assert result.stderr.startswith("mockocr ca: cannot store a CA in file/state")
    assert "choose another state directory" in result.stderr


def test_a_wrong_variable_exits_with_2(run: "Run") -> None:
    result = run("ca", "path", MOCKOCR_SEED="x")

    assert result.code == 2
    assert result.stderr.startswith("mockocr ca: MOCKOCR_SEED: ")
