"""Hints for calls that IDCardOCR refuses, and for parameters and flags without effect."""

# ruff: noqa: E501 - a Chinese character counts as two columns

from mockocr.protocol.reasons import Hint

ONE_OF = Hint(
    "{parameter} is case-sensitive: send one of {expected}, or omit it.",
    "{parameter} 区分大小写：请发送 {expected} 之一，或不传。",
)
CONFIG_NOT_JSON = Hint(
    'Config is a string that contains JSON: names in double quotes, true and false in lower case, no trailing comma. Let a JSON library serialize it, as in JSON.stringify({{"CopyWarn": true}}).',
    'Config 是 JSON 字符串：键名用双引号，true 和 false 小写，末尾不能有逗号。请用 JSON 库序列化，例如 JSON.stringify({{"CopyWarn": true}})。',
)
CONFIG_NOT_AN_OBJECT = Hint(
    'Config is a JSON object of flags, as in {{"CopyWarn": true}}. Serialize it once, not twice.',
    'Config 是由开关组成的 JSON 对象，例如 {{"CopyWarn": true}}。请只序列化一次。',
)
FLAG_NOT_A_BOOL = Hint(
    "Set the flag to true or false, without quotes.",
    "请把该开关设为 true 或 false，不要加引号。",
)
NO_PICTURE = Hint(
    "Send ImageBase64 or ImageUrl. An empty variable or file results in an empty picture.",
    "请发送 ImageBase64 或 ImageUrl。变量或文件为空时图片也为空。",
)
TOO_LARGE = Hint(
    "Make the picture smaller: scale it to about 2,000 pixels, or save it as JPEG. White space does not count.",
    "请缩小图片：缩放到约 2000 像素，或保存为 JPEG。空白字符不计入。",
)
NO_CARD = Hint(
    "The picture is not a specimen of mockocr, and --unknown-pictures refuse is set. Draw one with `mockocr card`, or set --unknown-pictures invent.",
    "图片不是 mockocr 的样本，且设置了 --unknown-pictures refuse。请用 `mockocr card` 生成样本，或设置 --unknown-pictures invent。",
)
BLURRED = Hint(
    "The picture looks like a specimen, but its code cannot be read: it is blurred or compressed too much. Send a sharper picture.",
    "图片像是样本，但其编码无法读取：过于模糊或压缩过度。请发送更清晰的图片。",
)
CARD_TOO_SMALL = Hint(
    "The picture looks like a specimen, but it has too few pixels to be read. Send a larger picture.",
    "图片像是样本，但像素太少，无法读取。请发送更大的图片。",
)
COVERED = Hint(
    "There is a specimen in the picture, but its code is covered. Uncover it.",
    "图片中有样本，但其编码被遮挡。请去掉遮挡。",
)
SEVERAL = Hint(
    "The picture shows the same side of several cards. Send one card, or one front with one back and Config.MultiCardDetect.",
    "图片中有多张同一面的卡证。请只发送一张，或一正一反并设置 Config.MultiCardDetect。",
)
OTHER_SIDE = Hint(
    "The picture shows the other side. Send CardSide {expected}, or omit it; mockocr then detects the side.",
    "图片是另一面。请发送 CardSide {expected}；不传时自动判断。",
)
ILLEGAL = Hint(
    "{parameter} of the specimen is empty or invalid: the check digit of IdNum must be correct, and dates must exist.",
    "样本的 {parameter} 为空或不合法：身份证号的校验码必须正确，日期必须存在。",
)

UNKNOWN_FLAG = Hint(
    "{parameter} is ignored: Config has no such flag, and the API ignores unknown flags.",
    "{parameter} 被忽略：Config 没有这个开关，接口会忽略未知的开关。",
)
NEWER_FLAG = Hint(
    "{parameter} is ignored: it was added after the contract of this call. Set --contract to {expected} or later.",
    "{parameter} 被忽略：它在当前接口版本日期之后新增。请将 --contract 设为 {expected} 或更晚。",
)
BASE64_IGNORED = Hint(
    "Both pictures are given: ImageUrl is used, and ImageBase64 is ignored.",
    "同时提供了两张图片：使用 ImageUrl，忽略 ImageBase64。",
)
WITHOUT_EFFECT = Hint(
    "{parameter} has no effect without {expected}.",
    "{parameter} 只在 {expected} 时生效。",
)
NEVER_AN_EFFECT = Hint(
    "mockocr accepts {parameter} and ignores it, because its effect is not documented.",
    "mockocr 接受但忽略 {parameter}：文档没有说明其作用。",
)
WITHHELD = Hint(
    "The card has {value}, which is returned only with {expected}.",
    "卡证有 {value}，但仅在设置 {expected} 时返回。",
)
RECTIFIED = Hint(
    "EnableRecognitionRectify is on (the default), so {parameter} was derived from IdNum. Use consistent values, or send EnableRecognitionRectify: false.",
    "EnableRecognitionRectify 默认开启，{parameter} 由 IdNum 推出。请提供一致的值，或发送 EnableRecognitionRectify: false。",
)
