"""Card data that tests draw and read."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from mockocr.people.person import invent
from mockocr.specimens.card_data import DEFECTS, TEXTS_OF, CardData, Kind, card_data_of

TODAY = date(2026, 11, 22)
SIDES = (Kind.FRONT, Kind.BACK, Kind.TEMPORARY)
"""The kinds that show one card."""


def some_card_data(kind: Kind = Kind.FRONT, seed: int = 0) -> CardData:
    return card_data_of(invent(f"test {seed}".encode(), TODAY), kind)


LI_MING = CardData(
    Kind.FRONT,
    name="李明",
    sex="男",
    nation="汉",
    birth="1987/1/1",
    address="北京市石景山区高新技术园腾讯大楼",
    id_num="440524198701010014",
)
"""The example of the API page. Its address is in another county than its number."""

LONGEST = {
    "name": "阿不都热合曼·阿不都热依木江买买提艾力",
    "sex": "女",
    "nation": "柯尔克孜",
    "birth": "1987/12/31",
    "address": "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县孙扎齐牛录镇东方红街一百二十三号",
    "id_num": "65402219871231002X",
    "authority": "双江拉祜族佤族布朗族傣族自治县公安局",
    "valid_date": "2010.07.21-2020.07.21",
}


def the_longest(kind: Kind) -> CardData:
    return CardData.of(kind, LONGEST)


def any_card_data(texts: st.SearchStrategy[str]) -> st.SearchStrategy[CardData]:
    """Any card data of one card, with texts of this strategy and any recorded defects."""

    def of(kind: Kind) -> st.SearchStrategy[CardData]:
        shown: dict[str, Any] = dict.fromkeys(TEXTS_OF[kind], texts)
        defects = st.sets(st.sampled_from(DEFECTS)).map(
            lambda names: tuple(name for name in DEFECTS if name in names)
        )
        return st.builds(CardData, st.just(kind), defects=defects, **shown)

    return st.sampled_from(SIDES).flatmap(of)


LINES = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\u2028\u2029"), max_size=12
)
HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=9)
