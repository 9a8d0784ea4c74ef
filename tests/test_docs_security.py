"""docs/security.md: its claims are tested, its numbers are those of the code, its commands run."""

import re
import shlex
import subprocess
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from mockocr.settings import Settings
from tests.conftest import Running
from tests.processes import Start, ask, request
from tests.test_docs import BLOCK, ROOT, blocks, environment, run

if TYPE_CHECKING:
    from tests.conftest import Signed

PAGE = "docs/security.md"
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")
LIMIT = re.compile(r"^\| [^|]+ \| ([0-9.]+)( KiB| MiB| s)? \| `([\w.]+)` \|$", re.MULTILINE)
FACTORS = {" KiB": 1024, " MiB": 1024**2}


def test_every_block_of_the_page_is_run_here() -> None:
    kinds = [kind for kind, _ in BLOCK.findall(TEXT)]

    assert kinds == ["sh", "sh", "sh"]


def test_every_test_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", TEXT))
    code = "\n".join(file.read_text(encoding="utf-8") for file in ROOT.glob("tests/**/test_*.py"))

    assert named - set(re.findall(r"^def (test_\w+)\(", code, re.MULTILINE)) == set()
    assert len(named) > 25


def test_every_row_of_what_could_be_tried_names_a_test() -> None:
    tables = TEXT.partition("## Limits")[0]
    rows = [line for line in tables.splitlines() if line.startswith("| ")]
    heads = [line for line in rows if line.endswith(" test |")]

    assert all(line in heads or re.search(r"`test_\w+` \|$", line) for line in rows)


def test_every_file_that_the_page_names_is_there() -> None:
    for name in re.findall(r"`((?:\w+/)*\w+\.py|\w+(?:/\w+)*/)`", TEXT):
        assert (ROOT / "mockocr" / name).exists(), name


def in_the_code(path: str) -> Any:
    """`server.limits.DEFAULT_LIMITS.headers`: a value, by its module and its names in it."""
    if path.startswith("settings.Settings."):
        return getattr(Settings(), path.rpartition(".")[2])
    parts = path.split(".")
    at = next(n for n in range(1, 5) if (ROOT / "mockocr" / f"{'/'.join(parts[:n])}.py").exists())
    return reduce(getattr, parts[at:], import_module(".".join(["mockocr", *parts[:at]])))


def test_the_limits_of_the_page_are_those_of_the_code() -> None:
    rows = LIMIT.findall(TEXT)
    table = TEXT.partition("## Limits")[2].partition("## ")[0]

    assert len(rows) == table.count("\n| ") - 1
    for number, unit, path in rows:
        assert float(number) * FACTORS.get(unit, 1) == in_the_code(path), path


def test_a_page_of_another_site_is_refused_and_can_read_nothing(
    server: Running, tmp_path: Path
) -> None:
    result = run(blocks(PAGE, "sh")[0].replace("http://127.0.0.1:8018", server.url), tmp_path)

    assert result == '{"error":"the admin API refuses requests from pages of other origins"}'
    for path in ("/", "/healthz", "/metrics", "/__admin/info"):
        for method in ("GET", "POST", "OPTIONS"):
            headers = {"Origin": "https://page.example", "Access-Control-Request-Method": "POST"}
            reply = httpx.request(method, server.url + path, headers=headers)
            assert not [name for name in reply.headers if name.startswith("access-control")]


def test_the_ca_is_gone_when_its_folder_is_removed(tmp_path: Path) -> None:
    state = tmp_path / "state"
    subprocess.run(
        ["bash", "-euc", f"mockocr ca path\n{blocks(PAGE, 'sh')[1]}"],
        env=environment() | {"MOCKOCR_STATE_DIR": str(state)},
        check=True,
        capture_output=True,
        timeout=60,
    )

    assert list(state.iterdir()) == []


def test_the_fuzzers_and_the_soak_are_started_as_the_page_says(tmp_path: Path) -> None:
    fuzzing, soaking = blocks(PAGE, "sh")[2].splitlines()

    for command in (fuzzing, soaking):
        *words, option, seconds = shlex.split(command)
        assert (option, int(seconds) >= 60) == ("--seconds", True)
        result = run(shlex.join([*words[: words.index("-m") + 2], "--help"]), ROOT)
        assert "--seconds SECONDS" in result
    assert "all" in fuzzing


def test_nothing_but_certificates_is_written_to_the_disk(
    start: Start, signed: "Signed", tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    places = {name: str(home) for name in ("HOME", "TMPDIR", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
    process = start(state_dir=home / "state", PYTHONDONTWRITEBYTECODE="1", **places)
    result = process.ready()
    body = b'{"ImageUrl": "https://xx/a.jpg"}'
    for url in (result["http"], result["https"]):
        assert ask(url, request(body=body, **signed("127.0.0.1", body))).response["Name"]
        assert ask(url, request("GET", "/__admin/requests")).status == 200
    process.stop()

    written = {str(each.relative_to(tmp_path)) for each in tmp_path.rglob("*") if each.is_file()}
    server_files = {each for each in written if "server-" in each}
    ca = {f"home/state/ca/{name}" for name in ("ca.pem", "ca-key.pem", "permitted.txt")}
    assert (written, len(server_files)) == ({*server_files, *ca}, 2)
