"""The code of a call in each language: compared with reviewed files, and parsed."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import tree_sitter
import tree_sitter_c_sharp
import tree_sitter_cpp
import tree_sitter_go
import tree_sitter_java
import tree_sitter_php
import tree_sitter_ruby

from mockocr.code_samples.languages import LANGUAGES
from tests.code_samples.calls import FULL, HOSTILE, a_sample

EXPECTED = Path(__file__).parent / "expected"
GRAMMARS = {
    "csharp": tree_sitter_c_sharp.language(),
    "cpp": tree_sitter_cpp.language(),
    "go": tree_sitter_go.language(),
    "java": tree_sitter_java.language(),
    "php": tree_sitter_php.language_php(),
    "ruby": tree_sitter_ruby.language(),
}
TEXTS = {"string", "string_literal", "interpreted_string_literal", "encapsed_string"}
"""Nodes whose inside may differ."""
WAYS = {
    "get": a_sample(method="GET"),
    "legacy": a_sample(signature_method="HmacSHA256", common={"Action": "IDCardOCR"}),
    "english": a_sample(language="en-US"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_is_the_reviewed_one(language: str) -> None:
    file = EXPECTED / f"{language}.txt"

    assert LANGUAGES[language](FULL) == file.read_text(encoding="utf-8")


def shape(language: str, code: str) -> list[str]:
    """The kinds of all nodes, without the insides of texts and comments."""
    tree = tree_sitter.Parser(tree_sitter.Language(GRAMMARS[language])).parse(code.encode())
    assert not tree.root_node.has_error, code
    return list(_kinds(tree.root_node))


def _kinds(node: tree_sitter.Node) -> Iterator[str]:
    if node.type in TEXTS:
        yield "text"
        return
    yield node.type
    for child in node.children:
        yield from _kinds(child)


@pytest.mark.parametrize("language", GRAMMARS)
def test_hostile_values_change_no_code(language: str) -> None:
    good = shape(language, LANGUAGES[language](a_sample(region="x", account="x")))
    for text in HOSTILE.values():
        call = a_sample(
            parameters={"ImageUrl": text, "CardSide": text},
            region=text,
            account=text,
            about=f"Repeats {text}",
        )
        assert shape(language, LANGUAGES[language](call)) == good, text


@pytest.mark.parametrize("language", ["python", "pytest"])
def test_hostile_values_change_no_python(language: str) -> None:
    def nodes(code: str) -> list[str]:
        return [type(node).__name__ for node in ast.walk(ast.parse(code))]

    good = nodes(LANGUAGES[language](a_sample()))
    for text in HOSTILE.values():
        call = a_sample(parameters={"ImageUrl": text, "CardSide": text}, about=text, account=text)
        assert nodes(LANGUAGES[language](call)) == good, text


@pytest.mark.parametrize("program", [["node", "--check", "call.js"], ["bash", "-n", "call.sh"]])
def test_hostile_values_are_parsed_by_the_program(program: list[str], tmp_path: Path) -> None:
    if shutil.which(program[0]) is None:
        pytest.skip(f"this machine has no {program[0]}")
    everything = {name.replace(" ", "_"): text for name, text in HOSTILE.items()}
    call = a_sample(parameters=everything, about="\n".join(HOSTILE.values()))
    names = ["node"] if program[0] == "node" else ["curl", "tccli"]
    for language in names:
        (tmp_path / program[-1]).write_text(LANGUAGES[language](call), encoding="utf-8")
        done = subprocess.run(program, cwd=tmp_path, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("language", GRAMMARS)
def test_every_way_to_call_is_valid_code(language: str, way: str) -> None:
    code = LANGUAGES[language](WAYS[way])
    shape(language, code)

    expected = {"get": "GET", "legacy": "HmacSHA256", "english": "en-US"}[way]
    assert expected in code or "Language.EN_US" in code


@pytest.mark.parametrize("language", sorted(LANGUAGES.keys() - {"curl"}))
def test_what_the_code_cannot_express_is_named(language: str) -> None:
    unknown = a_sample(parameters=None, masked=("ImageUrl",), headers={"X-Evil": "x"}, account=None)
    code = LANGUAGES[language](unknown)

    assert "The call was refused before its parameters were read: set them." in code
    assert "Not in the journal: ImageUrl; replace MASKED below." in code
    assert "Not set here: X-Evil." in code
    assert ("(unknown)" in code) or language == "pytest"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_code_has_a_key_or_a_picture(language: str) -> None:
    code = LANGUAGES[language](replace(FULL, region=""))

    assert "picture-0123456789ab.png" in code
    assert ("TENCENTCLOUD_SECRET_KEY" in code) or language == "pytest"
