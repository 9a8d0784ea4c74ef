"""How programs write a digest when they do not write 64 lower-case hexadecimal digits."""

from collections.abc import Callable

from mockocr.explainer.mistake import Phrase
from mockocr.protocol.wire import WIRE_ENCODING

DigestText = tuple[Callable[[bytes], str], Phrase, str]
"""Writes a digest. The phrase completes "it is written ..."; the notation has `{}` for it."""


def _labelled(label: str) -> DigestText:
    return (
        lambda digest: f"{label}(stdin)= {digest.hex()}",
        ("with the label that `openssl` prints", "带有 `openssl` 输出的前缀"),
        f'"{label}(stdin)= " + hex({{}})',
    )


def _listed(separator: str, start: str = "", end: str = "") -> DigestText:
    return (
        lambda digest: f"{start}{separator.join(map(str, digest))}{end}",
        ("as a list of numbers", "数字列表"),
        f"{start}{separator.join(('12', '34'))}...{end}",
    )


DIGEST_TEXTS: tuple[DigestText, ...] = (
    (
        lambda digest: digest.hex().encode().hex(),
        ("as hexadecimal digits of hexadecimal digits", "十六进制的十六进制"),
        "hex(hex({}))",
    ),
    (
        lambda digest: digest.hex("-").upper(),
        ("with dashes, as BitConverter.ToString of .NET does", "带短横线（.NET 的 BitConverter）"),
        "AB-CD-...",
    ),
    (
        lambda digest: digest.hex("-"),
        ("with dashes between the bytes", "字节之间带短横线"),
        "ab-cd-...",
    ),
    (lambda digest: digest.hex(" "), ("with spaces between the bytes", "带空格"), "ab cd ..."),
    _labelled("SHA2-256"),
    _labelled("SHA256"),
    _labelled(""),
    (
        lambda digest: "".join(f"{byte:x}" for byte in digest),
        ("without the leading zero of each byte", "每个字节缺少前导零"),
        "hex({}) without leading zeros",
    ),
    (
        lambda digest: "".join(
            f"{byte - 256 & 0xFFFFFFFF if byte > 127 else byte:x}" for byte in digest
        ),
        ("with negative bytes, as Integer.toHexString does", "负字节（Integer.toHexString）"),
        "ffffffab...",
    ),
    (
        lambda digest: f"{int.from_bytes(digest):x}",
        ("as a number, without leading zeros", "数字，缺少前导零"),
        "BigInteger({}).toString(16)",
    ),
    (
        lambda digest: f"{int.from_bytes(digest, signed=True):x}",
        ("as a signed number", "带符号的数字"),
        "BigInteger({}).toString(16)",
    ),
    (lambda digest: f'"{digest.hex()}"', ("in quotes", "带引号"), '"hex({})"'),
    (
        lambda digest: f"0x{digest.hex()}",
        ("with the prefix `0x`", "带有 `0x` 前缀"),
        "0x + hex({})",
    ),
    (
        lambda digest: str(digest.hex().encode()),
        ("as Python prints bytes", "Python 的 bytes 打印格式"),
        "b'hex({})'",
    ),
    (str, ("as Python prints bytes", "Python 的 bytes 打印格式"), "str({})"),
    _listed(", ", "[", "]"),
    _listed(" ", "[", "]"),
    _listed(","),
    (
        lambda digest: digest.decode(WIRE_ENCODING),
        ("as bytes, not as hexadecimal digits", "字节，而不是十六进制"),
        "{}",
    ),
    (
        lambda digest: digest.decode("latin-1").encode().decode(WIRE_ENCODING),
        ("as text, one character for each byte", "文本，每个字节一个字符"),
        "utf8(latin1({}))",
    ),
)

NO_DIGESTS = (
    *("", "undefined", "null", "None", "nil"),
    *("[object Promise]", "[object ArrayBuffer]", "[object Object]"),
)
"""The text of a digest that was not computed, or not awaited."""
