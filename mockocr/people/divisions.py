"""Provinces, prefectures and counties, read once from divisions.txt (scripts/make-divisions).

An *area* is the leading digits of a code: "" for the country, "13" for a province, "1301" for a
prefecture, "130133" for a county. Retired codes are missing: never refuse a number for an unknown
one.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

LONGEST_HEAD = 25
"""The number of characters in 新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县."""

_SUFFIX_OF_DISTRICT = re.compile("(?<=..)[新特]?区$")


@dataclass(frozen=True, slots=True)
class County:
    """A county, banner, city or district: a division with a six-digit code and inhabitants."""

    code: str
    province: str
    prefecture: str
    """Empty if addresses name none: for a county directly under a municipality (北京市石景山区) or
    a province (湖北省仙桃市), and for a prefecture without counties (东莞市)."""
    name: str

    @property
    def head(self) -> str:
        """The beginning of every address in the county."""
        return self.province + self.prefecture + self.name

    @property
    def authority(self) -> str:
        """The office that issues the cards: 赵县公安局, 北京市公安局石景山分局.

        The name of a branch omits 区, 新区 or 特区, but not in 东区 and 城区.
        """
        city = self.prefecture or self.province
        if self.name.endswith("区") and city.endswith("市"):
            return f"{city}公安局{_SUFFIX_OF_DISTRICT.sub('', self.name)}分局"
        return f"{self.name}公安局"

    @property
    def unused_code(self) -> str:
        """The code of the prefecture, which ends in 00: no person has it in a number. If it is also
        the code of the county (东莞市), the code of the province."""
        return self.code[:2] + "0000" if self.code.endswith("00") else self.code[:4] + "00"


class _Counties(Sequence[County]):
    """Creates each county on access: creating all of them takes 10 ms."""

    def __init__(self, codes: Sequence[str]) -> None:
        self._codes = codes

    def __len__(self) -> int:
        return len(self._codes)

    def __getitem__(self, index: Any) -> Any:
        code, names = self._codes[index], _names()
        return County(code, names[code[:2]], names.get(code[:4], ""), names[code])


def counties_in(area: str) -> Sequence[County]:
    """The counties of an area in the order of their codes; empty if the area is unknown."""
    codes = _codes()
    after = ":"  # the character after the digits
    return _Counties(codes[bisect_left(codes, area) : bisect_left(codes, area + after)])


def area_of_address(address: str) -> str:
    """The smallest area whose name begins the address; "" if there is none.

    The address may omit the province or the prefecture (河北省赵县, 石家庄市赵县), but not both.
    """
    for end in range(min(len(address), LONGEST_HEAD), 0, -1):
        if area := _areas_by_head().get(address[:end]):
            return area
    return ""


@cache
def _names() -> Mapping[str, str]:
    text = Path(__file__).with_name("divisions.txt").read_text(encoding="utf-8")
    return dict(line.split(" ") for line in text.splitlines())


@cache
def _codes() -> Sequence[str]:
    return sorted(code for code in _names() if len(code) == 6)


@cache
def _areas_by_head() -> Mapping[str, str]:
    areas: dict[str, str] = {}
    for county in counties_in(""):
        code, province, prefecture = county.code, county.province, county.prefecture
        areas[province] = code[:2]
        areas[county.head] = code
        if prefecture:
            areas[province + prefecture] = areas[prefecture] = code[:4]
            areas[prefecture + county.name] = code
            # 河北省桥西区 is in 石家庄市 and in 邢台市: only the province is certain.
            without = province + county.name
            areas[without] = code[:2] if without in areas else code
        elif county.name.endswith("市"):
            areas[county.name] = code
    return areas
