"""The regions of Tencent Cloud: which names exist at all (docs/fidelity.md#region-unknown)."""

from collections.abc import Mapping

REGIONS = frozenset(
    {
        "ap-bangkok",
        "ap-beijing",
        "ap-beijing-fsi",
        "ap-chengdu",
        "ap-chongqing",
        "ap-guangzhou",
        "ap-guangzhou-open",
        "ap-hongkong",
        "ap-jakarta",
        "ap-mumbai",
        "ap-nanjing",
        "ap-seoul",
        "ap-shanghai",
        "ap-shanghai-fsi",
        "ap-shenzhen",
        "ap-shenzhen-fsi",
        "ap-singapore",
        "ap-taipei",
        "ap-tokyo",
        "eu-frankfurt",
        "eu-moscow",
        "na-ashburn",
        "na-siliconvalley",
        "na-toronto",
        "sa-saopaulo",
    }
)

OLD_NAMES: Mapping[str, str] = {
    "bj": "ap-beijing",
    "ca": "na-toronto",
    "gz": "ap-guangzhou",
    "hk": "ap-hongkong",
    "sg": "ap-singapore",
    "sh": "ap-shanghai",
}
"""The names of API 2.0 for regions that OCR has."""
