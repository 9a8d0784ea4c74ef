import pytest

from mockocr.actions.idcard.refusals import REFUSALS
from mockocr.protocol.errors import Evidence

DOCUMENTED = """
FailedOperation.CardSideError 身份证CardSide类型错误
FailedOperation.DownLoadError 文件下载失败。
FailedOperation.EmptyImageError 图片内容为空。
FailedOperation.IdCardInfoIllegal 第二代身份证信息不合法或缺失(身份证号、姓名字段校验非法等)
FailedOperation.IdCardTooSmall 图片分辨率过小或身份证在原图中的占比过小
FailedOperation.ImageBlur 图片模糊。
FailedOperation.ImageDecodeFailed 图片解码失败。
FailedOperation.ImageNoIdCard 图片中未检测到第二代身份证或临时身份证。
FailedOperation.ImageSizeTooLarge 图片尺寸过大,请参考输入参数中关于图片大小限制的说明。
FailedOperation.MultiCardError 图片中存在两张及以上同面卡证,请上传卡证单面图片或一正一反双面图片。
FailedOperation.OcrFailed OCR识别失败。
FailedOperation.UnKnowError 未知错误。
FailedOperation.UnOpenError 服务未开通。
InvalidParameter.ConfigFormatError Config不是有效的JSON格式。
InvalidParameterValue.InvalidParameterValueLimit 参数值错误。
LimitExceeded.TooLargeFileError 文件内容太大。
ResourceUnavailable.InArrears 帐号已欠费。
ResourceUnavailable.ResourcePackageRunOut 账号资源包耗尽。
ResourcesSoldOut.ChargeStatusException 计费状态异常。
"""
"""API page §6."""

PAGE = dict(line.split(" ", 1) for line in DOCUMENTED.split("\n") if line)
OBSERVED = {
    "FailedOperation.ImageDecodeFailed": "图片解码失败。",
    "FailedOperation.ImageNoIdCard": "照片未检测到身份证",
    "FailedOperation.OcrFailed": "Ocr识别失败",
}
"""docs/fidelity.md#words-chinese"""


PRODUCT_LIST = {
    "FailedOperation.EngineRecognizeTimeout": "引擎识别超时。",
    "FailedOperation.WarningServiceFailed": "通用告警服务异常",
}
"""docs/fidelity.md#product-list-codes"""


def test_the_business_errors_are_the_documented_nineteen_and_two_of_the_product() -> None:
    assert len(PAGE) == 19
    assert list(REFUSALS) == sorted({**PAGE, **PRODUCT_LIST})
    assert {code: REFUSALS[code].zh for code in PRODUCT_LIST} == PRODUCT_LIST


@pytest.mark.parametrize("code", PAGE)
def test_the_chinese_message_is_the_observed_one_or_that_of_the_page(code: str) -> None:
    refusal = REFUSALS[code]

    assert refusal.error().message("zh-CN") == (PAGE | OBSERVED)[code]
    assert (refusal.evidence is Evidence.OBSERVED) == (code in OBSERVED)


@pytest.mark.parametrize("code", PAGE)
def test_messages_are_chinese_unless_english_is_requested(code: str) -> None:
    error = REFUSALS[code].error()

    assert error.message(None) == error.message("zh-CN")
    assert error.message("en-US").isascii()
