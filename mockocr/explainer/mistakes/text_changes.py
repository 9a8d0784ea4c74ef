"""Mistakes in a whole text that has several lines: the canonical request or the string to sign."""

from collections.abc import Callable

from mockocr.explainer.mistake import Phrase

TextChange = tuple[Callable[[str], str], Phrase]

COMMON_CHANGES: tuple[TextChange, ...] = (
    (lambda text: f"{text}\n", ("a line end follows the last line", "末尾多了换行符")),
    (lambda text: text.replace("\n", "\r\n"), ("the line ends are CR LF", "换行符是 CR LF")),
    (
        lambda text: text.replace("\n", "\\n"),
        ("the line ends are the two characters `\\n`", "换行符写成了两个字符 `\\n`"),
    ),
    (lambda text: text.replace("\n", ""), ("there are no line ends", "各行之间没有换行符")),
    (lambda text: text.replace("\n", " "), ("the lines are joined by spaces", "各行用空格连接")),
)
RARE_CHANGES: tuple[TextChange, ...] = (
    (lambda text: text.replace("\n", "\n    "), ("the lines are indented", "各行带有缩进")),
    (lambda text: f"\n{text}", ("there is a line end before the first line", "开头多了换行符")),
    (lambda text: f"{text} ", ("a space follows the last line", "末尾多了空格")),
)
