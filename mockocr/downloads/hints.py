"""Hints for downloads that fail."""

# ruff: noqa: E501 - a Chinese character counts as two columns

from mockocr.protocol.reasons import Hint

NOT_A_URL = Hint(
    "Send a complete URL that begins with http:// or https://, without user name, backslashes or control characters. Send the content of a picture as ImageBase64.",
    "请发送以 http:// 或 https:// 开头的完整 URL，不含用户名、反斜杠或控制字符。图片内容请放在 ImageBase64 中。",
)
NOT_ALLOWED = Hint(
    "--fetch does not allow downloads from this address. Add the host to --fetch, or put the file into the folder of --pictures.",
    "--fetch 不允许从该地址下载。请在 --fetch 中列出该主机，或把文件放入 --pictures 目录。",
)
STATUS = Hint(
    "The server of the URL did not return the picture. Open the URL in a private browser window: it may require a login, or its signature may have expired.",
    "该 URL 的服务器没有返回图片。请用浏览器无痕窗口打开该 URL 检查：可能需要登录，或签名已过期。",
)
TOO_LARGE = Hint(
    "The picture at the URL is too large. Scale it to about 2,000 pixels, or save it as JPEG.",
    "该 URL 的图片过大。请缩放到约 2000 像素，或保存为 JPEG。",
)
TIME_OUT = Hint(
    "The download took too long. Make the picture smaller, or use a faster server.",
    "下载超时。请缩小图片，或使用更快的服务器。",
)
FILE = Hint(
    "The file in the folder of --pictures cannot be read.",
    "--pictures 目录中的文件无法读取。",
)
FAILED = Hint(
    "The picture was not downloaded. Check that this machine can reach the URL.",
    "图片下载失败。请检查本机能否访问该 URL。",
)
