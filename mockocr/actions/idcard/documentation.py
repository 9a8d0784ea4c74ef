"""The documented sentence of each parameter and Config flag of IDCardOCR, for forms: API page §2,
and for newer ones the published definition. `contract.py` has their types and days."""

from collections.abc import Iterator, Mapping
from typing import get_args

from mockocr.actions.action import ParameterDocumentation
from mockocr.actions.idcard.contract import CHANGES
from mockocr.actions.idcard.query import CardSide, CardWarnType

_PICTURES = frozenset({"ImageBase64", "ImageUrl"})
"""A call needs one of them."""

_VALUES: Mapping[str, tuple[str, ...]] = {
    "CardSide": get_args(CardSide),
    "CardWarnType": get_args(CardWarnType),
}

SENTENCES: Mapping[str, tuple[str, str]] = {
    "ImageBase64": (
        "Base64 of a picture: at most 7M, PNG, JPG, JPEG or BMP, best 500*800 pixels or more, with"
        " the card over two thirds of it. ImageUrl or ImageBase64 must be given; if both are, only"
        " ImageUrl is used.",
        "图片的 Base64 值。要求图片经Base64编码后不超过 7M，分辨率建议500*800以上，支持PNG、JPG、"
        "JPEG、BMP格式。建议卡片部分占据图片2/3以上。图片的 ImageUrl、ImageBase64 必须提供一个，"
        "如果都提供，只使用 ImageUrl。",
    ),
    "ImageUrl": (
        "URL of a picture, with the limits of ImageBase64. A picture that is stored in Tencent"
        " Cloud is downloaded faster.",
        "图片的 Url 地址。要求图片经Base64编码后不超过 7M，分辨率建议500*800以上，支持PNG、JPG、"
        "JPEG、BMP格式。建议图片存储于腾讯云，可保障更高的下载速度和稳定性。",
    ),
    "CardSide": (
        "FRONT: the side with the portrait. BACK: the side with the national emblem. If it is not"
        " given, the side is detected.",
        "FRONT：身份证有照片的一面（人像面），BACK：身份证有国徽的一面（国徽面），该参数如果不填，"
        "将为您自动判断身份证正反面。",
    ),
    "Config": (
        "The following optional fields are all bool, false by default.",
        "以下可选字段均为bool 类型，默认false。",
    ),
    "EnableRecognitionRectify": (
        "Default: true. Number, birth and sex are corrected so that they agree; false returns them"
        " as they are printed.",
        "默认值为true，打开识别结果纠正开关。开关开启后，身份证号、出生日期、性别，三个字段会进行"
        "矫正补齐，统一结果输出；若关闭此开关，以上三个字段不会进行矫正补齐，保持原始识别结果输出，"
        "若原图出现篡改情况，这三个字段的识别结果可能会不统一。",
    ),
    "EnableReflectDetail": (
        "Default: false. Returns the regions that reflections cover; it needs ReflectWarn in"
        " Config.",
        "默认值为false。此开关需要在反光检测开关开启下才会生效（即此开关生效的前提是config入参里的"
        '"ReflectWarn":true），若EnableReflectDetail设置为true，则会返回反光点覆盖区域详情。',
    ),
    "EnableDateVerify": (
        "Default: false. It has no effect in mockocr.",
        "默认值为false。在 mockocr 中没有作用。",
    ),
    "CardWarnType": (
        "Basic (default) or Advanced. Advanced with DetectPsWarn also warns of electronic cards and"
        " watermarks.",
        "默认 Basic。参数为 Advanced 且开启 DetectPsWarn 时，同时开启电子身份证、水印告警。",
    ),
    "CropIdCard": (
        "Crop the card: without margins, upright",
        "身份证照片裁剪（去掉证件外多余的边缘、自动矫正拍摄角度）",
    ),
    "CropPortrait": ("Crop the portrait", "人像照片裁剪（自动抠取身份证头像区域）"),
    "CopyWarn": ("Warn of a copy", "复印件告警"),
    "BorderCheckWarn": (
        "Warn of an incomplete border, or of something that covers the card",
        "边框和框内遮挡告警",
    ),
    "ReshootWarn": ("Warn of a picture of a picture", "翻拍告警"),
    "DetectPsWarn": ("Warn of traces of editing", "疑似存在PS痕迹告警"),
    "TempIdWarn": ("Warn of a temporary card", "临时身份证告警"),
    "InvalidDateWarn": ("Warn of an invalid period of validity", "身份证有效日期不合法告警"),
    "Quality": ("The score of how blurred the picture is", "图片质量分数（评价图片的模糊程度）"),
    "MultiCardDetect": (
        "Read both sides in one picture",
        "是否开启正反面同框识别（仅支持二代身份证正反页同框识别或临时身份证正反页同框识别）",
    ),
    "ReflectWarn": ("Detect reflections", "是否开启反光检测"),
    "KeyCheck": ("Return IsKeyValid", "返回 IsKeyValid"),
    "ValueCheck": ("Return IsValueValid", "返回 IsValueValid"),
}
"""English, Chinese."""


def documentation() -> Iterator[ParameterDocumentation]:
    for change in CHANGES:
        flags = [(name, "bool", "Config") for name in change.flags]
        for name, kind, part_of in (*((*each, None) for each in change.parameters.items()), *flags):
            en, zh = SENTENCES[name]
            yield ParameterDocumentation(
                name=name,
                type=kind,
                since=change.day,
                sentence={"en": en, "zh": zh},
                values=_VALUES.get(name, ()),
                part_of=part_of,
                is_required=name in _PICTURES,
            )
