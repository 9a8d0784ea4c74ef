"""The errors of the gateway, in the order of docs/fidelity.md#the-order-of-checks.

Messages are from real replies if one was seen, otherwise from the page of common error codes
(docs/fidelity.md#words-gateway). They are English unless the client asks for zh-CN
(docs/fidelity.md#language-gateway).
"""

from collections.abc import Mapping

from mockocr.protocol.errors import Evidence, Refusal

UNSUPPORTED_PROTOCOL = Refusal(
    "UnsupportedProtocol",
    "HTTP(S) request protocol error; only GET and POST requests are supported.",
    "http(s)请求协议错误，只支持GET和POST请求。",
    Evidence.DOCUMENTED,
)
V1_SIZE_LIMIT = Refusal(
    "AuthFailure.SignatureFailure",
    "The provided credentials could not be validated because of exceeding request size limit,"
    " please use new signature method `TC3-HMAC-SHA256`.",
    "请求签名验证失败，请求包超过限制大小，请使用新的签名方法 `TC3-HMAC-SHA256`。",
    Evidence.OBSERVED,
)
REQUEST_SIZE_LIMIT_EXCEEDED = Refusal(
    "RequestSizeLimitExceeded",
    "The request size exceeds the upper limit.",
    "请求包超过限制大小。",
    Evidence.DOCUMENTED,
)
NOT_KEY_AND_VALUE = Refusal(
    "InvalidParameter",
    "Url key and value should be splited by `=`.",
    "参数错误（包括参数格式、类型等错误）。",
    Evidence.OBSERVED,
)
MISSING_PARAMETER = Refusal(
    "MissingParameter",
    "The request is missing a required parameter `{name}`.",
    "请求缺少必选参数 `{name}`。",
    Evidence.OBSERVED,
)
COMMON_PARAMETER_TYPE = Refusal(
    "InvalidParameter",
    "Parameter `{name}` type error.",
    "参数 `{name}` 取值类型错误。",
    Evidence.OBSERVED,
)
INVALID_AUTHORIZATION = Refusal(
    "AuthFailure.InvalidAuthorization",
    "The request `Authorization` header does not conform to tencentcloud standards: {what}",
    "请求头部的 `Authorization` 不符合腾讯云标准: {what}",
    Evidence.OBSERVED,
)
SIGNATURE_EXPIRE = Refusal(
    "AuthFailure.SignatureExpire",
    "The signature is expired, please request again.",
    "签名过期，请重新请求。",
    Evidence.OBSERVED,
)
SECRET_ID_NOT_FOUND = Refusal(
    "AuthFailure.SecretIdNotFound",
    "The SecretId is not found, please ensure that your SecretId is correct.",
    "SecretId不存在，请输入正确的密钥。",
    Evidence.OBSERVED,
)
TOKEN_FAILURE = Refusal(
    "AuthFailure.TokenFailure",
    "Token verification failed. Please check your Token is correct.",
    "token错误。",
    Evidence.OBSERVED,
)
SIGNATURE_FAILURE = Refusal(
    "AuthFailure.SignatureFailure",
    "The provided credentials could not be validated. Please check your signature is correct.",
    "请求签名验证失败，请检查您的签名计算是否正确。",
    Evidence.OBSERVED,
)
NO_SUCH_PRODUCT = Refusal(
    "NoSuchProduct", "The product does not exist.", "产品不存在。", Evidence.DOCUMENTED
)
NO_SUCH_VERSION = Refusal(
    "NoSuchVersion",
    "The specified api version=`{version}` does not exist in service=`{service}`.",
    "接口版本不存在。",
    Evidence.OBSERVED,
)
INVALID_ACTION = Refusal(
    "InvalidAction",
    "The request `Action` is invalid or not found.",
    "接口不存在。",
    Evidence.OBSERVED,
)
UNSUPPORTED_REGION = Refusal(
    "UnsupportedRegion",
    "The action not support this region.",
    "接口不支持所传地域。",
    Evidence.OBSERVED,
)
INVALID_REGION = Refusal(
    "InvalidParameterValue",
    "A value specified in `Region` is not valid, is unsupported, or cannot be used.",
    "参数取值错误。",
    Evidence.OBSERVED,
)
UNSUPPORTED_CONTENT_TYPE = Refusal(
    "InvalidParameter",
    "this action not support Content-Type=`{content_type}`",
    "this action not support Content-Type=`{content_type}`",
    Evidence.OBSERVED,
)
REQUEST_LIMIT_EXCEEDED = Refusal(
    "RequestLimitExceeded",
    "Your current request times equals to `{times}` in a second, which exceeds the frequency limit"
    " `{limit}` for a second. Please reduce the frequency of calls.",
    "您当前每秒请求 `{times}` 次，超过了每秒频率上限 `{limit}`，请稍后重试。",
    Evidence.OBSERVED,
)
UNAUTHORIZED_OPERATION = Refusal(
    "AuthFailure.UnauthorizedOperation",
    "You are not authorized to perform this operation. Check your CAM policies, and ensure that"
    " you are using the correct access keys. [[request id:{request_id}]you are not authorized to"
    " perform operation ({operation})\nresource (*) has no permission\n]",
    "操作未授权，请检查CAM策略。[[request id:{request_id}]you are not authorized to perform"
    " operation ({operation})\nresource (*) has no permission\n]",
    Evidence.OBSERVED,
)
NOT_JSON = Refusal(
    "InvalidParameter",
    "The request content not valid json format for specified content-type=application/json.",
    "对于指定content-type=application/json协议下，请求内容不是合法的Json格式。",
    Evidence.OBSERVED,
)
MALFORMED_PARAMETERS = Refusal(
    "InvalidParameter",
    "Incorrect parameter.",
    "参数错误（包括参数格式、类型等错误）。",
    Evidence.ASSUMED,
)
UNKNOWN_PARAMETER = Refusal(
    "UnknownParameter",
    "The parameter `{name}` is not recognized.",
    "未定义参数 {name}",
    Evidence.OBSERVED,
)
PARAMETER_TYPE = Refusal(
    "InvalidParameter",
    "The value type of parameter `{name}` is not valid, input type should be `{wanted}`",
    "参数 `{name}` 取值类型错误。参数类型应为 `{wanted}`",
    Evidence.OBSERVED,
)
INTERNAL_ERROR = Refusal(
    "InternalError",
    "An internal error has occurred. Retry your request, but if the problem persists, contact us.",
    "内部服务错误，请稍后重试。",
    Evidence.OBSERVED,
)

_PAGE_OF_COMMON_ERRORS = {
    "ActionOffline": ("This API has been deprecated.", "接口已下线。"),
    "AuthFailure.InvalidAuthorization": (
        "`Authorization` in the request header is invalid.",
        "请求头部的 Authorization 不符合腾讯云标准。",
    ),
    "AuthFailure.InvalidSecretId": (
        "Invalid key (not a TencentCloud API key type).",
        "密钥非法（不是云API密钥类型）。",
    ),
    "AuthFailure.MFAFailure": ("MFA failed.", "MFA错误。"),
    "AuthFailure.UnauthorizedOperation": (
        "You are not authorized to perform this operation. Check your CAM policies, and ensure"
        " that you are using the correct access keys.",
        "操作未授权，请检查CAM策略。",
    ),
    "DryRunOperation": (
        "The request would have succeeded, but the DryRun parameter was used.",
        "DryRun操作，代表请求将会是成功的，只是多传了DryRun参数。",
    ),
    "FailedOperation": ("Operation failed.", "操作失败。"),
    "InvalidParameter": ("Incorrect parameter.", "参数错误（包括参数格式、类型等错误）。"),
    "InvalidParameterValue": ("Invalid parameter value.", "参数取值错误。"),
    "InvalidRequest": (
        "The multipart format of the request body is incorrect.",
        "请求body的multipart格式错误。",
    ),
    "IpInBlacklist": ("Your IP is in uin IP blacklist.", "IP地址在黑名单中。"),
    "IpNotInWhitelist": ("Your IP is not in uin IP whitelist.", "IP地址不在白名单中。"),
    "LimitExceeded": ("Quota limit exceeded.", "超过配额限制。"),
    "MissingParameter": ("A parameter is missing.", "缺少参数。"),
    "NoSuchVersion": ("The API version does not exist.", "接口版本不存在。"),
    "RequestLimitExceeded": (
        "The number of requests exceeds the frequency limit.",
        "请求的次数超过了频率限制。",
    ),
    "RequestLimitExceeded.GlobalRegionUinLimitExceeded": (
        "Uin exceeds the frequency limit.",
        "主账号超过频率限制。",
    ),
    "RequestLimitExceeded.IPLimitExceeded": (
        "The number of ip requests exceeds the frequency limit.",
        "IP限频。",
    ),
    "RequestLimitExceeded.UinLimitExceeded": (
        "The number of uin requests exceeds the frequency limit.",
        "主账号限频。",
    ),
    "ResourceInUse": ("Resource is in use.", "资源被占用。"),
    "ResourceInsufficient": ("Insufficient resource.", "资源不足。"),
    "ResourceNotFound": ("The resource does not exist.", "资源不存在。"),
    "ResourceUnavailable": ("Resource is unavailable.", "资源不可用。"),
    "ResponseSizeLimitExceeded": (
        "The response size exceeds the upper limit.",
        "返回包超过限制大小。",
    ),
    "ServiceUnavailable": ("Service is unavailable now.", "当前服务暂时不可用。"),
    "UnauthorizedOperation": ("Unauthorized operation.", "未授权操作。"),
    "UnknownParameter": (
        "Unknown parameter.",
        "未知参数错误，用户多传未定义的参数会导致错误。",
    ),
    "UnsupportedOperation": ("Operation not supported.", "操作不支持。"),
}

COMMON_ERRORS: Mapping[str, Refusal] = {
    code: Refusal(code, en, zh, Evidence.DOCUMENTED)
    for code, (en, zh) in _PAGE_OF_COMMON_ERRORS.items()
} | {
    refusal.code: refusal
    for refusal in (
        UNSUPPORTED_PROTOCOL,
        REQUEST_SIZE_LIMIT_EXCEEDED,
        SIGNATURE_EXPIRE,
        SECRET_ID_NOT_FOUND,
        TOKEN_FAILURE,
        SIGNATURE_FAILURE,
        NO_SUCH_PRODUCT,
        INVALID_ACTION,
        UNSUPPORTED_REGION,
        INTERNAL_ERROR,
    )
}
"""The gateway errors that a scenario can name, by code. Their messages contain no values."""
