"""Hints for calls that the gateway refuses, in the order of `refusals.py`."""

# ruff: noqa: E501 - a Chinese character counts as two columns

from mockocr.protocol.reasons import Hint

METHOD = Hint(
    "Send the call as POST, or as GET. A browser sends OPTIONS before a call to another origin: call the API from a server, not from a page.",
    "请用 POST（或 GET）发送。浏览器跨域调用前会先发送 OPTIONS：请从服务端调用该接口，不要从网页调用。",
)
SIZE = Hint(
    "The limits are 32 KB for a GET, 10 MB for a POST, and 1,000 parameters in a query or form. Send a picture by POST, make it smaller, or send its ImageUrl.",
    "GET 请求最大 32 KB，POST 请求最大 10 MB，查询字符串或表单最多 1000 个参数。图片请用 POST 发送、压缩，或改用 ImageUrl。",
)
LEGACY_SIZE = Hint(
    "A call with a legacy signature is limited to 1 MB. Sign with TC3-HMAC-SHA256, which allows 10 MB.",
    "旧版签名的请求最大 1 MB。请改用 TC3-HMAC-SHA256 签名（最大 10 MB）。",
)
READ_AS_LEGACY = Hint(
    "A request with neither Authorization nor X-TC-Action is parsed as a call with a legacy signature: name=value pairs in a query or form. To send JSON, add these headers, and sign with TC3-HMAC-SHA256.",
    "既没有 Authorization 也没有 X-TC-Action 的请求按旧版签名解析：查询字符串或表单为 名称=值。发送 JSON 时，请带上这两个头，并用 TC3-HMAC-SHA256 签名。",
)
NAME_WITHOUT_VALUE = Hint(
    "Each part of the query must be name=value, percent-encoded and joined by `&`.",
    "查询字符串的每一部分都必须是 名称=值（百分号编码），用 `&` 连接。",
)
MISSING = Hint("Send {parameter}.", "请发送 {parameter}。")
SECONDS = Hint(
    "Send {parameter} as UNIX time in seconds: ten digits.",
    "{parameter} 应为以秒为单位的 UNIX 时间戳：10 位数字。",
)
MILLISECONDS = Hint(
    "{parameter} looks like milliseconds. Divide by 1000 and drop the fraction.",
    "{parameter} 像是毫秒。请除以 1000 并取整。",
)
NONCE = Hint(
    "Send {parameter} as a positive whole number of at most 19 digits.",
    "{parameter} 应为正整数，最多 19 位。",
)
SEE_CAUSE = Hint(
    "The caller was not authenticated; see the cause.",
    "调用者身份未通过验证，原因见 cause。",
)
NO_ACCOUNT = Hint(
    "The server has no account. Create one with POST /__admin/accounts.",
    "服务器没有任何账号。请用 POST /__admin/accounts 创建。",
)
PRODUCT = Hint(
    "The first label of the vendor's host name is the product: call ocr.tencentcloudapi.com.",
    "域名的第一段是产品名：请调用 ocr.tencentcloudapi.com。",
)
VERSION = Hint("Send X-TC-Version: {expected}.", "请发送 X-TC-Version: {expected}。")
ACTION = Hint(
    "The name of an action is case-sensitive. mockocr supports only the listed actions.",
    "接口名区分大小写。mockocr 只支持所列的接口。",
)
NO_SUCH_REGION = Hint(
    "There is no such region. Send the full name of a region, or omit it: this API needs none.",
    "没有这个地域。请写完整的地域名，或不传：该接口不需要地域。",
)
UNSUPPORTED_REGION = Hint(
    "The region exists, but this API does not support it. Send one of the listed regions, or none.",
    "该地域存在，但该接口不支持。请使用所列的地域，或不传。",
)
CONTENT_TYPE = Hint(
    "Send the header Content-Type: application/json, and sign it. HTTP libraries and curl send a form by default.",
    "请发送 Content-Type: application/json 并对其签名。HTTP 库和 curl 默认按表单发送。",
)
RATE = Hint(
    "Wait a second and repeat the call. The limit is set by --rate, the account, or a scenario (`rate`; 0: no limit).",
    "请等待一秒后重试。频率上限由 --rate、账号或场景（`rate`，0 为不限）设置。",
)
CAM = Hint(
    "The account's `allow` does not list the action. Add it, or remove `allow` to permit all.",
    "账号的 `allow` 中没有该接口。请添加，或去掉 `allow` 以允许全部接口。",
)
EMPTY_BODY = Hint(
    "The body is empty. Send the parameters as a JSON object; HTTP libraries send no body if it is passed as the wrong argument.",
    "请求体为空。请以 JSON 对象发送参数；如果参数传错位置，HTTP 库会丢弃请求体。",
)
FORM_BODY = Hint(
    "The body looks like a form (name=value). Serialize the parameters as JSON.",
    "请求体像是表单（名称=值）。请把参数序列化为 JSON。",
)
NOT_JSON = Hint(
    "The body is not valid JSON; the reason names the error. Let a JSON library serialize it: names and strings in double quotes, no trailing comma, true and false in lower case.",
    "请求体不是合法的 JSON，具体错误见 reason。请用 JSON 库序列化：键名和字符串用双引号，末尾不能有逗号，true 和 false 小写。",
)
NOT_UTF8 = Hint(
    "Encode the parameters as UTF-8.",
    "请用 UTF-8 编码参数。",
)
NOT_AN_OBJECT = Hint(
    'Send the parameters as one JSON object, as in {{"ImageUrl": "https://xx/a.jpg"}}.',
    '请把参数放在一个 JSON 对象中，例如 {{"ImageUrl": "https://xx/a.jpg"}}。',
)
BODY_TWICE = Hint(
    "The body is JSON within a JSON string: it was serialized twice. Serialize it once.",
    "请求体是 JSON 字符串中的 JSON：序列化了两次。请只序列化一次。",
)
OBJECT_BODY = Hint(
    "The body is an object that was printed instead of serialized. Serialize it with JSON.stringify, json.dumps or similar.",
    "请求体是直接打印出的对象，没有序列化。请先用 JSON.stringify、json.dumps 等序列化。",
)
TOO_DEEP = Hint(
    "No parameter of this API is nested: send strings and Booleans.",
    "该接口没有嵌套参数：请只发送字符串和布尔值。",
)
TOO_COMPLEX = Hint(
    "The body has too many values or escapes. No parameter of this API is a list: send strings and Booleans.",
    "请求体中的值或转义过多。该接口没有列表参数：请只发送字符串和布尔值。",
)
HALF_CHARACTER = Hint(
    "An escape such as \\ud83d is only half of a character. Do not cut a string between the two escapes of a character.",
    "像 \\ud83d 这样的转义只是半个字符。请不要在代理对中间截断文本。",
)
UNKNOWN_PARAMETER = Hint(
    "Parameter names are case-sensitive, and the API refuses unknown parameters.",
    "参数名区分大小写，接口会拒绝未定义的参数。",
)
COMMON_PARAMETER = Hint(
    "{parameter} is a common parameter: send it as the header X-TC-{parameter}.",
    "{parameter} 是公共参数：请放在请求头 X-TC-{parameter} 中。",
)
NEWER_PARAMETER = Hint(
    "{parameter} was added after the contract of this call. Set --contract to {expected} or later.",
    "{parameter} 在当前接口版本日期之后新增。请将 --contract 设为 {expected} 或更晚。",
)
TYPE = Hint(
    "Send {parameter} as a JSON {expected}.",
    "{parameter} 的 JSON 类型应为 {expected}。",
)
BOOL_AS_TEXT = Hint(
    "Write true or false without quotes.",
    "请写 true 或 false，不要加引号。",
)
OBJECT_AS_TEXT = Hint(
    "{parameter} is a string that contains JSON: serialize it with JSON.stringify, json.dumps or similar.",
    "{parameter} 是 JSON 字符串：请先用 JSON.stringify、json.dumps 等序列化。",
)
SIGNED_AS_SENT = Hint(
    "The header was signed with upper-case letters in its value. The documentation requires lower case; mockocr accepts both, but the real gateway may not.",
    "该头按原始大小写参与签名。文档要求签名时把值转为小写；mockocr 两种都接受，真实网关未必接受。",
)
