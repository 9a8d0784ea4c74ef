"""Another text was used as the SecretKey, for both kinds of signatures."""

from base64 import b64encode
from typing import Any

from mockocr.explainer.case import Case
from mockocr.explainer.mistake import Family, Mistake, Phrase, Step, value

UNSET = (
    *("", "undefined", "null", "None", "nil", "NULL", "<no value>", "[object Object]", "false"),
    *("NaN", "Null", "{}"),
)
"""The text of an unset variable in JavaScript, Java, Python, Lua, Ruby, C# and Go templates."""
PLACEHOLDERS = (
    *("TENCENTCLOUD_SECRET_KEY", "SECRET_KEY", "SecretKey", "secretKey", "secret_key"),
    *(
        "YOUR_SECRET_KEY",
        "your-secret-key",
        "YourSecretKey",
        "<your-secret-key>",
        "process.env.TENCENTCLOUD_SECRET_KEY",
        "process.env.SECRET_KEY",
        "xxx",
        "******",
        "********************************",
    ),
)
"""Names of variables, and placeholders of examples."""
NAMES = PLACEHOLDERS[:5]
_COMMON_WRAPPED, _COMMON_UNSET = 6, 4


def secret_keys(case: Case) -> Family:
    secret = case.secret_key
    for number, (wrapped, phrase) in enumerate(_wrapped(secret)):
        yield _mistake("secret_has_whitespace", phrase, wrapped, alone=number >= _COMMON_WRAPPED)
    yield _mistake(
        "secret_id_and_key_swapped",
        ("the SecretId was used as the SecretKey", "把 SecretId 当作 SecretKey 使用"),
        case.secret_id,
    )
    for number, text in enumerate(UNSET):
        phrase = value(text) if text else ("an empty text", "空字符串")
        yield _mistake("secret_key_missing", phrase, text, alone=number >= _COMMON_UNSET)
    for text in (*PLACEHOLDERS, *(each for name in NAMES for each in _unresolved(name))):
        yield _mistake("secret_key_missing", value(text), text, alone=True)
    for made in (secret, f"{secret}\n"):
        yield _mistake(
            "signing_key_derivation",
            ("the Base64 of the SecretKey was used", "使用了 SecretKey 的 Base64"),
            b64encode(made.encode()).decode(),
            alone=True,
        )
    own = len({key for key, name in case.other_keys if name == case.other_keys[0][1]})
    for number, (key, name) in enumerate(dict(case.other_keys).items()):
        if key != secret:
            yield _mistake("key_of_another_account", value(name), key, alone=number >= own + 4)


def _mistake(cause: str, phrase: Phrase, secret_key: str, alone: bool = False) -> Mistake:
    encoded = secret_key.encode(errors="surrogateescape")

    def apply(attempt: Any) -> Any:
        return attempt._replace(secret_key=encoded)

    return Mistake(
        cause,
        Step.SECRET_KEY,
        phrase,
        apply,
        expected="SecretKey of the SecretId that was sent",
        found=_FOUND.get(cause, phrase[0]),
        alone=alone,
    )


_FOUND = {"secret_id_and_key_swapped": "SecretId"}


def _wrapped(secret: str) -> list[tuple[str, Phrase]]:
    line_end, blank, quotes = ("a line end", "换行符"), ("a space", "空格"), ("quotes", "引号")
    return [
        (f"{secret}\n", line_end),
        (f"{secret}\r\n", line_end),
        (f"{secret} ", blank),
        (f" {secret}", blank),
        (f'"{secret}"', quotes),
        (f"'{secret}'", quotes),
        (f" {secret} ", ("spaces", "空格")),
        (f"{secret}\r", line_end),
        (f"\n{secret}", line_end),
        (f"{secret}\t", ("a tab", "制表符")),
        (f"\t{secret}", ("a tab", "制表符")),
        (f"\ufeff{secret}", ("a byte order mark", "BOM")),
        (f"\u200b{secret}", ("a zero-width space", "零宽空格")),
        (f"{secret}\u200b", ("a zero-width space", "零宽空格")),
        (f"{secret}\u3000", ("a full-width space", "全角空格")),
        (f"{secret}\xa0", ("a no-break space", "不间断空格")),
        (f"{secret};", ("a semicolon", "分号")),
        (f"{secret},", ("a comma", "逗号")),
    ]


def _unresolved(name: str) -> tuple[str, ...]:
    """A variable as shells, Postman, templates and Windows write it."""
    return f"${{{name}}}", f"${name}", f"{{{{{name}}}}}", f"%{name}%", f"<{name}>"
