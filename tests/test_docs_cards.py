"""docs/cards.md: its commands run, and its pictures get the answers in its table."""

import re
import shlex
from pathlib import Path

from mockocr.actions.idcard.specimens.catalogue import BY_NAME
from mockocr.specimens.finding import Contents, Finding
from mockocr.specimens.read.reading import read
from tests.conftest import Running
from tests.test_docs import BLOCK, ROOT, blocks, run

PAGE = "docs/cards.md"


def test_every_block_of_the_page_is_run_here() -> None:
    kinds = [kind for kind, _ in BLOCK.findall((ROOT / PAGE).read_text(encoding="utf-8"))]

    assert kinds == ["sh", "sh", "sh"]


def test_the_commands_of_the_page_draw_what_they_say(tmp_path: Path) -> None:
    for block in (blocks(PAGE, "sh")[0], blocks(PAGE, "sh")[2]):
        run(block, tmp_path)

    found = {path.name: read(path.read_bytes()) for path in tmp_path.iterdir()}
    kinds = {name: one.contents for name, one in found.items() if isinstance(one, Finding)}
    assert kinds == {
        "front.png": Contents.FRONT,
        "back.jpg": Contents.BACK,
        "both.png": Contents.FRONT_AND_BACK,
        "temporary.png": Contents.FRONT,
        "li-ming.bmp": Contents.FRONT,
        "reflection.png": Contents.FRONT,
    }


def test_a_call_with_the_picture_prints_its_fields(server: Running, tmp_path: Path) -> None:
    run(blocks(PAGE, "sh")[0], tmp_path)

    printed = run(f"MOCKOCR_URL={shlex.quote(server.url)} {blocks(PAGE, 'sh')[1]}", tmp_path)

    assert all(text in printed for text in BY_NAME["li-ming"].fields.values())


def test_every_picture_of_the_page_is_there() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")

    shown = re.findall(r'<img src="([^"]+)"', text)

    assert len(shown) > 30
    assert all((ROOT / "docs" / each).is_file() for each in shown)
