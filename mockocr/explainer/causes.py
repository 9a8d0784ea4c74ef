"""The causes by name, and what to change, in both languages."""

# ruff: noqa: E501 - a line of Chinese counts double

from collections.abc import Mapping
from typing import NamedTuple

_WORDS: Mapping[str, tuple[str, str]] = {
    "unknown_secret_id": (
        "No account has this SecretId. Configure the client with one that mockocr knows, or start"
        " mockocr with --keys ID:SECRET.",
        "没有账号使用这个 SecretId。请在客户端配置 mockocr 已知的密钥，或用 --keys ID:SECRET 启动 mockocr。",
    ),
    "malformed_authorization": (
        "The Authorization header is not of the form `TC3-HMAC-SHA256 Credential=ID/DATE/SERVICE/"
        "tc3_request, SignedHeaders=content-type;host, Signature=HEX`.",
        "Authorization 头的格式应为 `TC3-HMAC-SHA256 Credential=ID/DATE/SERVICE/tc3_request,"
        " SignedHeaders=content-type;host, Signature=HEX`。",
    ),
    "wrong_secret_key": (
        "Nothing that clients usually get wrong gives the signature that was sent. Most likely the"
        " SecretKey is another one than this account's; else the body was changed on the way, in a"
        " way that nobody can guess.",
        "常见的错误都不能得到所发送的签名。最可能的是 SecretKey 与该账号不一致；否则就是请求体在途中被改动。",
    ),
    "key_of_another_account": (
        "Signed with the SecretKey of the account {detail}. SecretId and SecretKey have to be of"
        " one pair.",
        "使用了账号 {detail} 的 SecretKey 签名。SecretId 与 SecretKey 必须成对。",
    ),
    "secret_has_whitespace": (
        "The SecretKey was used with {detail} around it. Strip it where it is read (environment,"
        " file, clipboard).",
        "SecretKey 带有多余的字符（{detail}）。请在读取处（环境变量、文件、剪贴板）去掉。",
    ),
    "body_changed_after_signing": (
        "The body that arrived is not the one that was signed: {detail}. Sign the bytes that are"
        " sent, and send them as they are.",
        "收到的请求体不是签名时的请求体：{detail}。请对实际发送的字节签名，并原样发送。",
    ),
    "body_reserialized": (
        "The same JSON was signed in another spelling ({detail}). Serialize once, sign those bytes,"
        " and send those bytes.",
        "签名时的 JSON 与发送的内容相同但写法不同（{detail}）。请只序列化一次，对同一份字节签名并发送。",
    ),
    "content_type_differs": (
        "The Content-Type that was signed is {detail}, another one was sent. Sign what is really"
        " sent.",
        "签名时的 Content-Type 是 {detail}，与实际发送的不同。请使用实际发送的值签名。",
    ),
    "content_type_charset": (
        "The Content-Type that was signed is {detail}: the charset differs from what was sent."
        " HTTP libraries add or drop it; set the header yourself and sign it as it is sent.",
        "签名时的 Content-Type 是 {detail}，charset 与实际发送的不同。HTTP 库可能会添加或去掉 charset，"
        "请自行设置该头并按实际发送的值签名。",
    ),
    "host_differs": (
        "The host that was signed is {detail}; the Host header says otherwise. Sign the host (and"
        " port) of the endpoint, or keep the proxy between from rewriting Host.",
        "签名时的 host 是 {detail}，与 Host 头不同。请用 endpoint 的主机名（含端口）签名，或避免代理改写 Host。",
    ),
    "signed_headers_order": (
        "The headers were signed in the order {detail}. They have to be sorted by name, in lower"
        " case, in the canonical request and in SignedHeaders.",
        "签名头的顺序是 {detail}。规范请求和 SignedHeaders 中都必须按小写名称排序。",
    ),
    "missing_signed_header": (
        "What is in SignedHeaders is not what was signed or sent: {detail}. content-type and host"
        " have to be in it, and each header in it has to be sent.",
        "SignedHeaders 与实际签名或发送的头不一致：{detail}。其中必须有 content-type 和 host，且每个头都必须发送。",
    ),
    "query_not_as_sent": (
        "The query was signed in another spelling ({detail}) than it was sent in. Encode it once,"
        " and sign what is sent.",
        "签名时的查询字符串与发送的写法不同（{detail}）。请只编码一次，并对实际发送的内容签名。",
    ),
    "query_sorted": (
        "The query was sorted for signing but sent in another order. Sign it in the order in which"
        " it is sent.",
        "签名时对查询参数排了序，但发送时是另一种顺序。请按实际发送的顺序签名。",
    ),
    "date_not_utc": (
        "The date in signing is {detail}, a local one. It has to be the UTC date of"
        " X-TC-Timestamp.",
        "签名使用的日期是 {detail}，这是本地日期。必须使用 X-TC-Timestamp 对应的 UTC 日期。",
    ),
    "date_differs_from_timestamp": (
        "The date in signing is {detail}, not that of X-TC-Timestamp. Take both from one moment.",
        "签名使用的日期是 {detail}，与 X-TC-Timestamp 不一致。两者必须取自同一时刻。",
    ),
    "timestamp_differs": (
        "The timestamp that was signed is {detail}, another one than X-TC-Timestamp. Take the time"
        " once and use it for both.",
        "签名使用的时间戳是 {detail}，与 X-TC-Timestamp 不同。请只取一次时间并用于两处。",
    ),
    "wrong_service": (
        "The service in signing is {detail}. It has to be the one in the credential scope, and"
        " `ocr` for the real host name.",
        "签名使用的 service 是 {detail}。它必须与 Credential 中的一致；对真实域名必须是 `ocr`。",
    ),
    "scope_terminator": (
        "The credential scope and the last step of the key have to end in `tc3_request`; here it"
        " was {detail}.",
        "Credential 和派生密钥的最后一步都必须是 `tc3_request`；这里是 {detail}。",
    ),
    "hex_case_or_length": (
        "The signature is right but for its spelling ({detail}). It has to be 64 hexadecimal digits"
        " in lower case.",
        "签名的值正确但写法不对（{detail}）。必须是 64 位小写十六进制。",
    ),
    "v1_signature_in_tc3": (
        "The signature is made like a legacy one (Base64 of an HMAC with the bare SecretKey). TC3"
        " derives a key from date, service and `tc3_request`, and sends hexadecimal digits.",
        "该签名是旧版签名（直接用 SecretKey 计算 HMAC 并做 Base64）。TC3 需要由日期、service 和 `tc3_request` "
        "派生密钥，并发送十六进制。",
    ),
    "unsigned_payload_literal": (
        "With X-TC-Content-SHA256: UNSIGNED-PAYLOAD the SHA-256 of that word is signed; here {detail}.",
        "使用 X-TC-Content-SHA256: UNSIGNED-PAYLOAD 时，应对该字符串的 SHA-256 签名；这里{detail}。",
    ),
    "payload_hash_of_empty": (
        "The payload was signed as empty, but a body was sent. Hash the body that is sent.",
        "签名时的请求体为空，但实际发送了请求体。请对实际发送的请求体计算哈希。",
    ),
    "clock_skew": (
        "The call was signed {detail} seconds from the account's time; 300 are allowed. Set the"
        " client's clock, or the account's (PUT /__admin/clock).",
        "签名时间与账号时间相差 {detail} 秒，最多允许 300 秒。请校正客户端时间，或设置账号的时钟（PUT /__admin/clock）。",
    ),
    "token_missing_or_wrong": (
        "This account needs one of its STS tokens in X-TC-Token (legacy: Token); {detail}.",
        "该账号要求在 X-TC-Token（旧版：Token）中提供其 STS token；{detail}。",
    ),
}

NAMES = tuple(_WORDS)

_DETAILS_ZH: Mapping[str, str] = {
    "a line end": "换行符",
    "a blank": "空格",
    "blanks": "空格",
    "a tab": "制表符",
    "quotes": "引号",
    "a byte order mark": "BOM",
    "`{}` was signed": "签名的是 `{}`",
    "white space around it": "首尾空白",
    "white space at its end": "末尾空白",
    "white space": "空白字符",
    "line ends": "换行方式",
    "its end is cut off": "末尾被截断",
    "what was signed is the body of an earlier call": "签名的是之前某次调用的请求体",
    "blanks as +": "空格写作 +",
    "blanks as %20": "空格写作 %20",
    "like encodeURIComponent": "encodeURIComponent 的写法",
    "slashes as they are": "斜杠未编码",
    "not encoded": "未编码",
    "left out": "未包含",
    "with its question mark": "包含问号",
    "upper case": "大写",
    "in quotes": "带引号",
    "the word itself was signed": "直接使用了该字符串",
    "the header was not sent with the call": "请求没有带上该头",
    "the body was signed instead": "签名的是请求体",
    "one that it has not was sent": "发送的 token 不属于该账号",
    "none was sent": "没有发送",
}
"""Details that are phrases; others are values, the same in both languages."""

_BY_A_PROXY = {
    "body_changed_after_signing",
    "body_reserialized",
    "content_type_differs",
    "content_type_charset",
    "host_differs",
    "query_not_as_sent",
    "query_sorted",
}
"""What the official SDKs do not get wrong themselves."""

_CREDENTIALS = {
    "SDK_PYTHON": "credential.Credential(SecretId, SecretKey)",
    "SDK_NODEJS": "credential: {secretId, secretKey}",
    "SDK_GO": "common.NewCredential(SecretId, SecretKey)",
    "SDK_JAVA": "new Credential(SecretId, SecretKey)",
    "SDK_PHP": "new Credential(SecretId, SecretKey)",
    "SDK_CPP": "Credential(SecretId, SecretKey)",
    "SDK_NET": "new Credential { SecretId, SecretKey }",
}
"""Where each official SDK takes the pair, by the first words of X-TC-RequestClient."""

_OF_THE_PAIR = {
    "unknown_secret_id",
    "wrong_secret_key",
    "key_of_another_account",
    "secret_has_whitespace",
}


class Cause(NamedTuple):
    """Why a call was refused."""

    name: str
    proven: bool
    """Whether it is read off the request, or reproduces the signature that was sent."""
    detail: str = ""
    client: str = ""
    """X-TC-RequestClient: which SDK made the call."""

    @property
    def hint(self) -> Mapping[str, str]:
        """What to change, by language."""
        en, zh = _WORDS[self.name]
        en = en.format(detail=self.detail)
        zh = zh.format(detail=_DETAILS_ZH.get(self.detail, self.detail))
        sdk = next((name for name in _CREDENTIALS if self.client.startswith(name)), None)
        if sdk and self.name in _OF_THE_PAIR:
            en += f" This client takes the pair as {_CREDENTIALS[sdk]}."
            zh += f"该 SDK 的密钥参数：{_CREDENTIALS[sdk]}。"
        elif sdk and self.name in _BY_A_PROXY:
            en += " The official SDK does not do this itself: look for a proxy or wrapper between."
            zh += "官方 SDK 自身不会这样做：请检查中间的代理或封装。"
        return {"en": en, "zh": zh}
