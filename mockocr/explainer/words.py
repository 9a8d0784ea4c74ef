"""The hint of each cause, in English and Chinese. `{detail}` is about the call."""

# ruff: noqa: E501 - a Chinese character counts as two columns

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "unknown_secret_id": (
        "No account has this SecretId ({detail}). Configure the client with one that mockocr knows, or"
        " start mockocr with --keys ID:SECRET.",
        "没有账号使用这个 SecretId（{detail}）。请在客户端配置 mockocr 已知的密钥，或用 --keys ID:SECRET 启动 mockocr。",
    ),
    "malformed_authorization": (
        "The Authorization header ({detail}) is not of the form `TC3-HMAC-SHA256 Credential=ID/DATE/SERVICE/"
        "tc3_request, SignedHeaders=content-type;host, Signature=HEX`.",
        "Authorization 头的格式不对（{detail}），应为 `TC3-HMAC-SHA256 Credential=ID/DATE/SERVICE/tc3_request,"
        " SignedHeaders=content-type;host, Signature=HEX`。",
    ),
    "wrong_secret_key": (
        "No known mistake reproduces the signature. Most likely the SecretKey is not that of this account,"
        " or the body was changed after it was signed.",
        "已知的错误都不能得到所发送的签名。最可能的是 SecretKey 与该账号不一致；否则就是请求体在签名之后被改动。",
    ),
    "key_of_another_account": (
        "Signed with the SecretKey of the account {detail}. SecretId and SecretKey must belong"
        " together.",
        "使用了账号 {detail} 的 SecretKey 签名。SecretId 与 SecretKey 必须成对。",
    ),
    "secret_has_whitespace": (
        "The SecretKey that was used has {detail} at its start or end. Strip the key where you read it (environment,"
        " file, clipboard).",
        "SecretKey 带有多余的字符（{detail}）。请在读取处（环境变量、文件、剪贴板）去掉。",
    ),
    "body_changed_after_signing": (
        "The body that arrived is not the one that was signed: {detail}. Sign exactly the bytes that you"
        " send.",
        "收到的请求体不是签名时的请求体：{detail}。请对实际发送的字节签名，并原样发送。",
    ),
    "body_reserialized": (
        "The signed body is the same JSON, written differently ({detail}). Serialize once, sign those bytes,"
        " and send those bytes.",
        "签名时的 JSON 与发送的内容相同但写法不同（{detail}）。请只序列化一次，对同一份字节签名并发送。",
    ),
    "content_type_differs": (
        "The Content-Type that was signed is {detail}, but another one or none was sent. Set the header, and"
        " sign the value that is sent.",
        "签名时的 Content-Type 是 {detail}，实际发送的与此不同或没有发送。请设置该头，并使用实际发送的值签名。",
    ),
    "content_type_charset": (
        "The Content-Type that was signed is {detail}: the charset differs from what was sent."
        " HTTP libraries may add or drop it; set the header yourself, and sign the value that is sent.",
        "签名时的 Content-Type 是 {detail}，charset 与实际发送的不同。HTTP 库可能会添加或去掉 charset，"
        "请自行设置该头并按实际发送的值签名。",
    ),
    "host_differs": (
        "The host that was signed is {detail}, but the Host header has another value. Sign the host (and"
        " port) of the endpoint, and do not let a proxy rewrite Host.",
        "签名时的 host 是 {detail}，与 Host 头不同。请用 endpoint 的主机名（含端口）签名，或避免代理改写 Host。",
    ),
    "signed_headers_order": (
        "The headers were signed in the order {detail}. In the canonical request and in SignedHeaders, they"
        " must be sorted by name in lower case.",
        "签名头的顺序是 {detail}。规范请求和 SignedHeaders 中都必须按小写名称排序。",
    ),
    "missing_signed_header": (
        "SignedHeaders does not match the headers that were signed or sent: {detail}. It must list"
        " content-type and host, and every header in it must be sent.",
        "SignedHeaders 与实际签名或发送的头不一致：{detail}。其中必须有 content-type 和 host，且每个头都必须发送。",
    ),
    "query_not_as_sent": (
        "The query was signed in another form ({detail}) than it was sent. Encode it once, and sign what"
        " is sent.",
        "签名时的查询字符串与发送的写法不同（{detail}）。请只编码一次，并对实际发送的内容签名。",
    ),
    "query_sorted": (
        "The query was sorted for signing, but sent in another order. Sign it in the order in which it is"
        " sent.",
        "签名时对查询参数排了序，但发送时是另一种顺序。请按实际发送的顺序签名。",
    ),
    "date_not_utc": (
        "The signature uses the date {detail}, a local date. It must be the UTC date of X-TC-Timestamp.",
        "签名使用的日期是 {detail}，这是本地日期。必须使用 X-TC-Timestamp 对应的 UTC 日期。",
    ),
    "date_differs_from_timestamp": (
        "The signature uses the date {detail}, not that of X-TC-Timestamp. Compute both from the same time, and"
        " write the date as YYYY-MM-DD.",
        "签名使用的日期是 {detail}，与 X-TC-Timestamp 不一致。两者必须取自同一时刻，日期写作 YYYY-MM-DD。",
    ),
    "timestamp_differs": (
        "The timestamp that was signed is {detail}, not X-TC-Timestamp. Read the time once, and use it for"
        " both.",
        "签名使用的时间戳是 {detail}，与 X-TC-Timestamp 不同。请只取一次时间并用于两处。",
    ),
    "wrong_service": (
        "The signature uses the service {detail}. It must be the service in the credential scope, and `ocr`"
        " for the real host name.",
        "签名使用的 service 是 {detail}。它必须与 Credential 中的一致；对真实域名必须是 `ocr`。",
    ),
    "scope_terminator": (
        "The credential scope must end with `tc3_request`, and the last step of the signing key must use it;"
        " here it was {detail}.",
        "Credential 和派生密钥的最后一步都必须是 `tc3_request`；这里是 {detail}。",
    ),
    "hex_case_or_length": (
        "The signature is written wrongly ({detail}). It must be 64 lower-case hexadecimal digits.",
        "签名的写法不对（{detail}）。必须是 64 位小写十六进制。",
    ),
    "v1_signature_in_tc3": (
        "This is a legacy signature (Base64 of an HMAC with the SecretKey itself). TC3 derives a key from"
        " date, service and `tc3_request`, and sends hexadecimal digits.",
        "该签名是旧版签名（直接用 SecretKey 计算 HMAC 并做 Base64）。TC3 需要由日期、service 和 `tc3_request` "
        "派生密钥，并发送十六进制。",
    ),
    "unsigned_payload_literal": (
        "With X-TC-Content-SHA256: UNSIGNED-PAYLOAD, the SHA-256 of that word must be signed; here, {detail}.",
        "使用 X-TC-Content-SHA256: UNSIGNED-PAYLOAD 时，应对该字符串的 SHA-256 签名；这里{detail}。",
    ),
    "payload_hash_of_empty": (
        "The signature is for an empty payload, but a body was sent. Hash the body that is sent.",
        "签名时的请求体为空，但实际发送了请求体。请对实际发送的请求体计算哈希。",
    ),
    "secret_key_missing": (
        "The signature was made with {detail} as the SecretKey. The variable or setting that should"
        " hold the key is probably not set.",
        "签名时使用的 SecretKey 是{detail}。保存密钥的变量或配置可能没有设置。",
    ),
    "secret_id_and_key_swapped": (
        "SecretId and SecretKey are swapped: {detail}. Exchange the two settings, and replace this"
        " key if the SecretId was written to a log.",
        "SecretId 与 SecretKey 用反了：{detail}。请对调两个配置；如果 SecretId 曾写入日志，请更换该密钥。",
    ),
    "signing_key_derivation": (
        "The signing key or the last HMAC was computed wrongly: {detail}. The key is"
        ' HMAC(HMAC(HMAC("TC3" + SecretKey, date), service), "tc3_request"), and each step passes'
        " on 32 bytes, not hexadecimal digits.",
        '签名密钥或最后一步 HMAC 的计算方式不对：{detail}。签名密钥是 HMAC(HMAC(HMAC("TC3" + SecretKey, date), service), "tc3_request")，'
        "每一步向下传递 32 个字节，而不是十六进制文本。",
    ),
    "canonical_request_layout": (
        "The canonical request was built wrongly: {detail}. Its lines are: method, path `/`, query, one line"
        " for each header, a blank line, header names, payload hash.",
        "规范请求串的拼接方式不对：{detail}。它依次是：请求方法、路径 `/`、查询字符串、每个头一行、空行、头名称、请求体哈希。",
    ),
    "canonical_request_not_hashed": (
        "The canonical request itself was used instead of its hash: {detail}. The last line of the string to"
        " sign must be the hexadecimal SHA-256 of the canonical request.",
        "待签名字符串中使用了规范请求串本身：{detail}。最后一行应是规范请求串的 SHA-256（十六进制）。",
    ),
    "payload_hash": (
        "The last line of the canonical request is not the hash of the body: {detail}. It"
        " must be the SHA-256 of the bytes that are sent, as 64 lower-case hexadecimal digits.",
        "规范请求串最后一行不是请求体的哈希：{detail}。应对实际发送的字节计算 SHA-256，写成 64 位小写十六进制。",
    ),
    "string_to_sign_layout": (
        "The string to sign was built wrongly: {detail}. It has four lines and no line end after the last"
        " one: TC3-HMAC-SHA256, the timestamp in seconds, the credential scope, the hash of the canonical"
        " request.",
        "待签名字符串的拼接方式不对：{detail}。它有四行，末尾没有换行符：TC3-HMAC-SHA256、以秒为单位的时间戳、CredentialScope、规范请求串的哈希。",
    ),
    "signature_encoding": (
        "The signature is right, but it is encoded wrongly: {detail}. TC3 sends 64 lower-case hexadecimal"
        " digits; the legacy method sends Base64, percent-encoded in a query or form.",
        "签名的值正确，但编码方式不对：{detail}。TC3 使用 64 位小写十六进制；旧版签名使用 Base64，放入查询字符串或表单时要做百分号编码。",
    ),
    "body_encoding": (
        "The body was signed in another character encoding ({detail}). Encode it once as UTF-8, sign those"
        " bytes, and send those bytes.",
        "签名时请求体的字符编码不同（{detail}）。请只做一次 UTF-8 编码，对同一份字节签名并发送。",
    ),
    "legacy_layout": (
        "The text of the legacy signature was built wrongly: {detail}. It consists of the method, the host,"
        " `/?`, and all parameters except Signature. These are sorted by name, written as name=value with"
        " values that are not percent-encoded, and joined by `&`. The result is Base64.",
        "旧版签名的签名原文拼接方式不对：{detail}。它由请求方法、主机、`/?` 以及除 Signature 外的全部参数组成：参数按名称排序，以 名称=值 的形式用 `&` 连接，"
        "值不做百分号编码；结果做 Base64。",
    ),
    "clock_skew": (
        "The time of the signature differs from the account's time by {detail}; at most 300 are allowed. Set"
        " the client's clock, or the account's (PUT /__admin/clock).",
        "签名时间与账号时间相差 {detail}，最多允许 300 秒。请校正客户端时间，或设置账号的时钟（PUT /__admin/clock）。",
    ),
    "token_missing_or_wrong": (
        "This account needs one of its STS tokens in X-TC-Token (legacy: Token); {detail}.",
        "该账号要求在 X-TC-Token（旧版：Token）中提供其 STS token；{detail}。",
    ),
}
