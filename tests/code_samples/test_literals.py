"""A literal of each language has the text, whatever is in it. Where the machine has the language, a
program prints the literals back."""

import ast
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from mockocr.code_samples import literals
from mockocr.code_samples.sample_call import NotRepeatableError
from tests.code_samples.calls import HOSTILE

NUL = "a\0b\x001"


def printed(command: list[str], folder: Path) -> list[str]:
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert not (folder / "evil").exists()
    return done.stdout.decode().split("\x1e")[:-1]


def needs(*programs: str) -> None:
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"this machine has no {program}")


@pytest.mark.parametrize("text", [*HOSTILE.values(), NUL, "\ud800"], ids=repr)
def test_a_python_literal_has_the_text(text: str) -> None:
    literal = literals.python(text)

    assert ast.literal_eval(literal) == text
    assert literal.isprintable()


def test_a_javascript_literal_has_the_text(tmp_path: Path) -> None:
    needs("node")
    texts = [*HOSTILE.values(), NUL]
    program = "\n".join(f"process.stdout.write({literals.js(each)} + '\\x1e');" for each in texts)

    assert printed(["node", "-e", program], tmp_path) == texts


def test_a_shell_word_has_the_text(tmp_path: Path) -> None:
    texts = list(HOSTILE.values())
    program = "\n".join(f"printf '%s\\x1e' {literals.shell(each)}" for each in texts)

    assert printed(["bash", "-c", program], tmp_path) == texts
    with pytest.raises(NotRepeatableError):
        literals.shell(NUL)


def test_a_java_literal_has_the_text(tmp_path: Path) -> None:
    needs("java", "javac")
    texts = [*HOSTILE.values(), NUL]
    lines = "\n".join(f"out.print({literals.java(each)} + '\\036');" for each in texts)
    comment = literals.comment("\\u000a x */ \n y")
    (tmp_path / "T.java").write_text(
        f"// {comment}\nclass T {{ public static void main(String[] a) throws Exception {{\n"
        'java.io.PrintStream out = new java.io.PrintStream(System.out, true, "UTF-8");\n'
        f"{lines}\n}} }}\n",
        "utf-8",
    )

    assert printed(["java", "-Dfile.encoding=UTF-8", "T.java"], tmp_path) == texts


def test_a_cpp_literal_has_the_text(tmp_path: Path) -> None:
    needs("g++")
    texts = [*HOSTILE.values(), NUL]
    lines = "\n".join(f"put({literals.cpp(each)});" for each in texts)
    (tmp_path / "t.cpp").write_text(
        f"// {literals.comment('x ??/ *' + chr(92))}\n#include <iostream>\n#include <string>\n"
        "void put(const std::string &text) { std::cout << text << '\\x1e'; }\n"
        f"int main() {{\n{lines}\n}}\n",
        "utf-8",
    )
    compiled = ["g++", "-std=c++11", "-trigraphs", "-O0", "t.cpp", "-o", "t"]

    assert printed(compiled, tmp_path) == []
    assert printed(["./t"], tmp_path) == texts


ESCAPES: dict[str, Callable[[str], str]] = {
    "go": literals.go,
    "csharp": literals.csharp,
    "php": literals.php,
    "ruby": literals.ruby,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("language", ESCAPES)
def test_a_literal_is_one_printable_line_of_its_language(language: str, text: str) -> None:
    literal = ESCAPES[language](text)

    assert literal.isprintable()
    assert literal[0] == literal[-1]
    assert unescaped(language, literal) == text


def unescaped(language: str, literal: str) -> str:
    """The text of a literal, by the rules of its language."""
    body, quote = literal[1:-1], literal[0]
    text, at = "", 0
    while at < len(body):
        assert body[at] != quote
        if quote == "'":
            is_escape = body[at] == "\\" and body[at + 1 : at + 2] in ("\\", "'")
            assert body[at] != "\\" or is_escape or language in ("php", "ruby")
            at += is_escape
            text, at = text + body[at], at + 1
            continue
        assert not (language == "php" and body[at] == "$")
        assert not (language == "ruby" and body[at] == "#")
        if body[at] != "\\":
            text, at = text + body[at], at + 1
            continue
        kind = body[at + 1]
        if kind in '\\"$#':
            text, at = text + kind, at + 2
        elif kind in "nrt":
            text, at = text + {"n": "\n", "r": "\r", "t": "\t"}[kind], at + 2
        elif kind == "x":
            end = at
            while body[end : end + 2] == "\\x":
                end += 4
            text, at = text + bytes.fromhex(body[at:end].replace("\\x", "")).decode(), end
        elif body[at + 2] == "{":
            end = body.index("}", at)
            text, at = text + chr(int(body[at + 3 : end], 16)), end + 1
        else:
            digits = 8 if kind == "U" else 4
            text, at = text + chr(int(body[at + 2 : at + 2 + digits], 16)), at + 2 + digits
    return text.encode("utf-16", "surrogatepass").decode("utf-16")


def test_a_comment_has_no_character_that_ends_or_continues_it() -> None:
    text = literals.comment("".join(HOSTILE.values()) + "\\")

    assert text.isprintable()
    assert not {"\\", "*", "?", "<", "`", "$", "{"} & set(text)


def test_lone_surrogates_are_replaced_where_a_language_has_none() -> None:
    assert [make("\ud800") for make in (literals.go, literals.ruby)] == ['"\\ufffd"', '"\\u{fffd}"']
    assert json.loads(literals.js("\ud800")) == "\ud800"
    assert literals.cpp("\ud800") == '"\\077"'
