"""Hints for picture parameters that were refused, such as a data URL instead of Base64."""

# ruff: noqa: E501 - a Chinese character counts as two columns

from mockocr.protocol.reasons import Hint

DATA_URL = Hint(
    "Send only the Base64: remove the prefix up to and including the first comma (`data:image/...;base64,`).",
    "只发送 Base64 部分：请去掉第一个逗号及其之前的前缀（`data:image/...;base64,`）。",
)
URL_AS_BASE64 = Hint(
    "This is a URL: send it as ImageUrl.",
    "这是 URL：请放在 ImageUrl 中。",
)
PYTHON_BYTES = Hint(
    "This is the repr of Python bytes (b'...'): send b64encode(content).decode(), not str(b64encode(content)).",
    "这是 Python bytes 的文本形式（b'...'）：请发送 b64encode(content).decode()，不要用 str(b64encode(content))。",
)
IN_QUOTES = Hint(
    "The Base64 is in quotes: it was serialized as JSON twice. Serialize it once.",
    "Base64 带有引号：JSON 序列化了两次。请只序列化一次。",
)
FILE_NAME = Hint(
    "This looks like the name of a file: send the Base64 of its content.",
    "这像是文件名：请发送文件内容的 Base64。",
)
BLANK_FOR_PLUS = Hint(
    "There are spaces where the Base64 had `+`: in a form or query, `+` means a space. Percent-encode it as %2B, or send JSON.",
    "Base64 中的 `+` 变成了空格：在表单或查询字符串中 `+` 表示空格。请编码为 %2B，或使用 JSON。",
)
PERCENT_ENCODED = Hint(
    "The Base64 is percent-encoded (%2B, %2F, %3D). In JSON, send it as it is.",
    "Base64 做了百分号编码（%2B、%2F、%3D）。在 JSON 中请原样发送。",
)
URL_SAFE = Hint(
    "This is the URL-safe alphabet (`-` and `_`). Use the standard one (`+` and `/`).",
    "这是 URL 安全的字母表（`-` 和 `_`）。请使用标准字母表（`+` 和 `/`）。",
)
CUT_BASE64 = Hint(
    "The text is cut off, or its padding (`=`) is missing: the length of Base64 is a multiple of 4.",
    "文本被截断，或缺少填充（`=`）：Base64 的长度是 4 的倍数。",
)
NO_VALUE = Hint(
    "This is how a missing value or an object is printed. Read the file, and encode its bytes.",
    "这是空值或对象打印出的文本。请读取文件，并对其字节编码。",
)
HEXADECIMAL = Hint(
    "These are hexadecimal digits. Encode the bytes as Base64.",
    "这是十六进制文本。请对字节做 Base64 编码。",
)
ESCAPED = Hint(
    "There are backslashes in the Base64, as in `\\n` or `\\/`: it was escaped twice. Only the JSON library should escape it.",
    "Base64 中有反斜杠，例如 `\\n` 或 `\\/`：转义了两次。请只由 JSON 库转义一次。",
)
NOT_BASE64 = Hint(
    "The text has a character that is not Base64. Encode the bytes of the file, not a text that was read from it.",
    "文本中有非 Base64 字符。请对文件的字节编码，而不是对读出的文本编码。",
)
BASE64_TWICE = Hint(
    "The picture was encoded as Base64 twice. Encode it once.",
    "图片做了两次 Base64 编码。请只编码一次。",
)
OTHER_FORMAT = Hint(
    "The API reads PNG, JPEG and BMP only. Convert the picture; its file name does not matter. Phones often save HEIC, browsers WebP.",
    "接口只支持 PNG、JPEG 和 BMP。请转换图片（以内容为准，与文件名无关）；手机常保存为 HEIC，浏览器常保存为 WebP。",
)
NO_PICTURE = Hint(
    "This is not a picture but a document or text, often an error page that was saved instead of the picture. Look at the file.",
    "这不是图片，而是文档或文本，常见的是把错误页面当作图片保存。请检查该文件。",
)
UNKNOWN_FORMAT = Hint(
    "The first bytes match no known picture format. Open the file in binary mode, and send its bytes unchanged.",
    "内容的开头不是任何已知的图片格式。请以二进制方式打开文件，并原样发送其字节。",
)
CUT_PICTURE = Hint(
    "The picture file is incomplete. Send the whole file; compare its size with that in the journal.",
    "图片文件不完整。请发送完整的文件：可与日志记录中的大小比较。",
)
DAMAGED = Hint(
    "The picture file is damaged. Open it in another program, and compare its SHA-256 with that in the journal.",
    "图片文件已损坏。请用其他程序打开确认，并与日志记录中的 SHA-256 比较。",
)
TOO_SMALL = Hint(
    "Send a larger picture: 500 x 800 pixels or more are recommended.",
    "请发送更大的图片：建议 500 x 800 像素以上。",
)
TOO_LARGE = Hint(
    "Scale the picture down: 2,000 pixels are enough.",
    "请缩小图片：2000 像素已足够。",
)
TOO_COSTLY = Hint(
    "Decoding the picture would take too much time or memory. Save it again as a plain JPEG of about 2,000 pixels.",
    "解码该图片的开销过大。请重新保存为约 2000 像素的普通 JPEG。",
)
EMPTY_DOWNLOAD = Hint(
    "The server of the URL returned an empty body.",
    "该 URL 的服务器返回了空内容。",
)
