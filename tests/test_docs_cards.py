"""docs/cards.md: its commands run, and its pictures are answered as it says."""

import shlex
from pathlib import Path

from mockocr.pictures.finding import Finding, What
from mockocr.pictures.reading import read
from tests.conftest import Running
from tests.test_docs import BLOCK, ROOT, blocks, run

PAGE = "docs/cards.md"


def test_every_block_of_the_page_is_run_here() -> None:
    kinds = [kind for kind, _ in BLOCK.findall((ROOT / PAGE).read_text(encoding="utf-8"))]

    assert kinds == ["sh", "sh"]


def test_the_commands_of_the_page_draw_what_they_say(tmp_path: Path) -> None:
    run(blocks(PAGE, "sh")[0], tmp_path)

    found = {path.name: read(path.read_bytes()) for path in tmp_path.iterdir()}
    kinds = {name: one.what for name, one in found.items() if isinstance(one, Finding)}
    assert kinds == {
        "front.png": What.FRONT,
        "back.jpg": What.BACK,
        "both.png": What.FRONT_AND_BACK,
        "temporary.png": What.FRONT,
        "li-ming.bmp": What.FRONT,
    }


def test_a_call_with_the_picture_prints_its_fields(server: Running, tmp_path: Path) -> None:
    drawn = run(blocks(PAGE, "sh")[0], tmp_path)
    (first,) = [line for line in drawn.splitlines() if line.startswith("front.png: ")]

    printed = run(f"MOCKOCR_URL={shlex.quote(server.url)} {blocks(PAGE, 'sh')[1]}", tmp_path)

    assert all(text in printed for text in first.removeprefix("front.png: ").split(", "))
