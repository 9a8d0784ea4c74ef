"""The business errors of IDCardOCR: nineteen from §6 of the API page, and two from the product's
list.

The English messages are those of the vendor's international SDK (docs/fidelity.md#words-english).
If the Chinese message in a real reply differs from the page, the one in the reply is used.
"""

from collections.abc import Mapping

from mockocr.actions.refusals import ACCOUNT_REFUSALS, business_refusals
from mockocr.protocol.errors import ApiError, Refusal
from mockocr.protocol.reasons import Reason

_OBSERVED = {
    "FailedOperation.ImageDecodeFailed": "图片解码失败。",
    "FailedOperation.ImageNoIdCard": "照片未检测到身份证",
    "FailedOperation.OcrFailed": "Ocr识别失败",
}

_PAGE = {
    "FailedOperation.CardSideError": (
        "身份证CardSide类型错误",
        "The CardSide type of the ID card is incorrect.",
    ),
    "FailedOperation.DownLoadError": ("文件下载失败。", "File download failed."),
    "FailedOperation.EmptyImageError": ("图片内容为空。", "The image is empty."),
    "FailedOperation.IdCardInfoIllegal": (
        "第二代身份证信息不合法或缺失(身份证号、姓名字段校验非法等)",
        "The ID card information (ID number, name, etc.) is invalid.",
    ),
    "FailedOperation.IdCardTooSmall": (
        "图片分辨率过小或身份证在原图中的占比过小",
        "The resolution of the image is too low or the proportion of the ID card in the image is"
        " too small.",
    ),
    "FailedOperation.ImageBlur": ("图片模糊。", "The image is blurry."),
    "FailedOperation.ImageDecodeFailed": ("图片解码失败。", "Image decoding failed."),
    "FailedOperation.ImageNoIdCard": (
        "图片中未检测到第二代身份证或临时身份证。",
        "No ID card is detected in the image.",
    ),
    "FailedOperation.ImageSizeTooLarge": (
        "图片尺寸过大,请参考输入参数中关于图片大小限制的说明。",
        "The image is too large. Please see the input parameters for the image size limit.",
    ),
    "FailedOperation.MultiCardError": (
        "图片中存在两张及以上同面卡证,请上传卡证单面图片或一正一反双面图片。",
        "There are multiple cards in the photo.",
    ),
    "FailedOperation.OcrFailed": ("OCR识别失败。", "OCR failed."),
    "FailedOperation.UnKnowError": ("未知错误。", "Unknown error."),
    "InvalidParameter.ConfigFormatError": (
        "Config不是有效的JSON格式。",
        "Config is not in valid JSON format",
    ),
    "InvalidParameterValue.InvalidParameterValueLimit": (
        "参数值错误。",
        "Wrong parameter value",
    ),
    "LimitExceeded.TooLargeFileError": ("文件内容太大。", "The file is too large"),
}

_PRODUCT_LIST = {
    "FailedOperation.EngineRecognizeTimeout": (
        "引擎识别超时。",
        "Recognition by the engine timed out.",
    ),
    "FailedOperation.WarningServiceFailed": (
        "通用告警服务异常",
        "The general warning service encountered an exception.",
    ),
}
"""Returned only if a scenario names them (docs/fidelity.md#product-list-codes)."""

REFUSALS: Mapping[str, Refusal] = dict(
    sorted({**business_refusals(_PAGE | _PRODUCT_LIST, _OBSERVED), **ACCOUNT_REFUSALS}.items())
)


def refused(code: str, reason: Reason) -> ApiError:
    return REFUSALS[code].error(reason)
