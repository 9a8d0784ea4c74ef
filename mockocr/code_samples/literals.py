"""Texts as literals and comments of each language. A literal has the text, whatever is in it, and
never ends early; control and invisible characters are escaped."""

import json
import re
import shlex

from mockocr.code_samples.sample_call import NotRepeatableError

_NOT_IN_COMMENTS = re.compile(r"[^\w .,:;()'=>~/-]")
_SIMPLE = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def comment(text: str) -> str:
    """Text that no language reads as the end of a comment, or as an escape in it."""
    return _NOT_IN_COMMENTS.sub("_", text).replace("*/", "_")


def shell(text: str) -> str:
    """For bash. Control characters are escaped in `$'...'`, so a printed script cannot move the
    cursor. Raises NotRepeatableError."""
    if "\0" in text:
        raise NotRepeatableError(
            "a parameter of the call contains a NUL byte, which a shell cannot represent"
        )
    if text.isprintable():
        return shlex.quote(text)
    return "$'" + "".join(map(_in_dollar_quotes, text)) + "'"


def _in_dollar_quotes(char: str) -> str:
    if char.isprintable() and char not in "'\\":
        return char
    return "".join(f"\\x{byte:02x}" for byte in char.encode(errors="replace"))


def python(text: str) -> str:
    literal = "".join(map(_python_escape, json.dumps(text, ensure_ascii=False)[1:-1]))
    if '"' in text and "'" not in text:
        plain = literal.replace('\\"', '"')
        return f"'{plain}'"
    return f'"{literal}"'


def _python_escape(char: str) -> str:
    return char if char.isprintable() else f"\\U{ord(char):08x}"


def js(text: str) -> str:
    literal = json.dumps(text, ensure_ascii=False)[1:-1]
    return f'"{"".join(_units(char) for char in literal)}"'


def _units(char: str) -> str:
    """`\\uXXXX` for each UTF-16 unit of a character that is not printable."""
    if char.isprintable():
        return char
    units = char.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def go(text: str) -> str:
    return f'"{"".join(_go_escape(char) for char in text)}"'


def _go_escape(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable():
        return char
    # Go has no lone surrogates.
    code = 0xFFFD if "\ud800" <= char <= "\udfff" else ord(char)
    return _SIMPLE.get(char) or (f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")


def java(text: str) -> str:
    return f'"{"".join(_java_escape(char) for char in text)}"'


def _java_escape(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    # Not \u000a: Java reads it as a line end before it reads the literal.
    if ord(char) < 0x80 and not char.isprintable():
        return _SIMPLE.get(char) or f"\\{ord(char):03o}"
    return _units(char)


def csharp(text: str) -> str:
    return f'"{"".join(_csharp_escape(char) for char in text)}"'


def _csharp_escape(char: str) -> str:
    return f"\\{char}" if char in '"\\' else _units(char)


def cpp(text: str) -> str:
    # Two `?` may begin a trigraph.
    inside = re.sub(r"(?<=\?)\?", r"\\?", "".join(_cpp_escape(char) for char in text))
    literal = f'"{inside}"'
    if "\0" not in text:
        return literal
    return f"std::string({literal}, {len(text.encode(errors='replace'))})"


def _cpp_escape(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable():
        return char
    return "".join(f"\\{byte:03o}" for byte in char.encode(errors="replace"))


def _single_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def php(text: str) -> str:
    if text.isprintable():
        return _single_quoted(text)
    return f'"{"".join(_php_escape(char) for char in text)}"'


def _php_escape(char: str) -> str:
    if char in '"\\$':
        return f"\\{char}"
    if char.isprintable():
        return char
    return "".join(f"\\x{byte:02x}" for byte in char.encode(errors="replace"))


def ruby(text: str) -> str:
    if text.isprintable():
        return _single_quoted(text)
    return f'"{"".join(_ruby_escape(char) for char in text)}"'


def _ruby_escape(char: str) -> str:
    if char in '"\\#':
        return f"\\{char}"
    if char.isprintable():
        return char
    code = 0xFFFD if "\ud800" <= char <= "\udfff" else ord(char)
    return f"\\u{{{code:x}}}"
