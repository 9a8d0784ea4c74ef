import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography import x509

from tests.strangers import something_else

if TYPE_CHECKING:
    from tests.conftest import Run, Running, Serve


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


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_ca_of_a_server_is_exported_over_http_and_https(
    run: "Run", server: "Running", tmp_path: Path, scheme: str
) -> None:
    url = server.url if scheme == "http" else server.https_url
    result = run("ca", "export", "--server", f"{url}/")

    assert (result.code, result.stdout, result.stderr) == (0, server.ca.read_text(), "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("path", "--server", "http://127.0.0.1:1"), "--server can be combined with export only"),
        (("export", "--server", "x"), "--server: expected a URL"),
        (("export", "--server", "http://[::1]:1", "--state-dir", "a"), "with export only"),
    ],
)
def test_a_wrong_use_of_the_server_flag_exits_with_2(
    run: "Run", arguments: tuple[str, ...], expected: str
) -> None:
    result = run("ca", *arguments)

    assert (result.code, expected in result.stderr) == (2, True)


def test_a_server_without_a_ca_exits_with_1_and_says_why(
    run: "Run", serve: "Serve", nowhere: str
) -> None:
    refused = run("ca", "export", "--server", serve(no_admin=True).url)
    unreached = run("ca", "export", "--server", nowhere)
    with something_else(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi") as url:
        another = run("ca", "export", "--server", url)

    assert [done.code for done in (refused, unreached, another)] == [1, 1, 1]
    assert "refused: there is nothing at /__admin/ca.pem" in refused.stderr
    assert unreached.stderr.startswith(f"mockocr ca: no server at {nowhere}: ")
    assert "another program answered, with status 200" in another.stderr
