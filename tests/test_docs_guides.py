"""docs/admin.md and docs/recipes.md: their blocks are run, and their translations have the same."""

import re

import pytest

from mockocr.scenario.library import SHIPPED
from tests.conftest import Serve
from tests.plugin_runs import Runs
from tests.plugin_runs import runs as runs
from tests.test_docs import BLOCK, ROOT, blocks, run

ADMIN, RECIPES = "docs/admin.md", "docs/recipes.md"
TRANSLATED = sorted(
    each.name.replace(".zh-CN", "")
    for each in (ROOT / "docs").glob("*.zh-CN.md")
    if each.name != "troubleshooting.zh-CN.md"
)

PRINTED = [
    ['"contract": "2024-05-01"'],
    ['"SecretId": "AKID', '"package": null'],
    ['"SecretKey": "a key of alice"', '"package": 100'],
    ['"package": 2', '"SecretKey": "…lice"'],
    ['"from": "account"', '"name": "third try"'],
    ['"refused": {}', '"CardSide": "BACK"'],
    ['"rule": "limited at first"', '"outcome": "RequestLimitExceeded"'],
    ['"Code": "RequestLimitExceeded"', '"cause": "wrong_secret_key"', '"total": 2'],
    ['"body_bytes"', '"canonical_request"', "openssl"],
    ['"ok": true', '"found": 1'],
    ['"offset": "+400s"', '"Code": "AuthFailure.SignatureExpire"', "{}"],
    [""],
    ['"version"'],
    ["BEGIN CERTIFICATE", '"healthy"'],
]
"""What each block of the admin page prints, among other things."""


def kinds(page: str) -> list[str]:
    return [kind for kind, _ in BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))]


def test_every_block_of_the_pages_is_run_here() -> None:
    assert kinds(ADMIN) == ["sh"] * len(PRINTED)
    assert kinds(RECIPES) == ["sh", "python", "python"]


def test_the_commands_of_the_admin_page_print_what_it_says(serve: Serve) -> None:
    server = serve(admin_token="geheim")
    script = "curl() { command curl -H 'Authorization: Bearer geheim' \"$@\"; }\n"
    script += "export MOCKOCR_ADMIN_TOKEN=geheim\n"
    script += "echo ====\n".join(blocks(ADMIN, "sh"))

    printed = run(script.replace("http://127.0.0.1:8018", server.url), ROOT).split("====\n")

    for output, expected in zip(printed, PRINTED, strict=True):
        assert [text for text in expected if text not in output] == [], output


def test_the_tests_of_the_recipes_pass(runs: Runs, pytester: pytest.Pytester) -> None:
    client, tests = blocks(RECIPES, "python")
    (pytester.path / "kyc.py").write_text(client, encoding="utf-8")

    runs(tests).assert_outcomes(passed=13)


def test_a_recipe_is_played_over_http(serve: Serve) -> None:
    (command,) = blocks(RECIPES, "sh")

    printed = run(command.replace("http://127.0.0.1:8018", serve().url), ROOT)

    assert '"name": "throttled"' in printed


def test_every_scenario_of_the_recipes_is_shipped() -> None:
    text = (ROOT / RECIPES).read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^|]+ \| ((?:`[^`|]+` ?)+) \|", text, re.MULTILINE)
    names = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}

    assert len(names) > 25
    assert names <= {each.stem for each in SHIPPED.glob("*.yaml")}


@pytest.mark.parametrize("page", TRANSLATED)
def test_a_translation_has_the_blocks_headings_and_names_of_its_page(page: str) -> None:
    english, chinese = (
        (ROOT / "docs" / name).read_text(encoding="utf-8")
        for name in (page, page.replace(".md", ".zh-CN.md"))
    )

    assert BLOCK.findall(chinese) == BLOCK.findall(english)
    assert structure(chinese) == structure(english)
    assert f"]({page})" in chinese
    assert f"]({page.replace('.md', '.zh-CN.md')})" in english


def structure(text: str) -> list[list[str]]:
    """The levels of its headings, and the code in the first two cells of each row of a table. The
    translation of cards has no measurements."""
    lines = re.findall(r"^(?:#+ |\|).*", text.partition("\n## Measured\n")[0], re.MULTILINE)
    return [
        sorted(re.findall(r"`[^`]+`", "|".join(line.split("|")[1:3]))) or [line.split(" ")[0]]
        for line in lines
    ]
