import pytest

from mockocr.people.divisions import LONGEST_HEAD, County, area_of_address, counties_in

EVERYWHERE = counties_in("")


def county(code: str) -> County:
    (only,) = counties_in(code)
    return only


def test_the_whole_mainland_is_there() -> None:
    assert len({county.province for county in EVERYWHERE}) == 31
    assert len(EVERYWHERE) > 2800


def test_codes_and_heads_are_unique_and_in_order_of_code() -> None:
    codes = [county.code for county in EVERYWHERE]

    assert codes == sorted(set(codes))
    assert len({county.head for county in EVERYWHERE}) == len(codes)


def test_every_county_is_found_by_its_code_and_by_its_head() -> None:
    for each in EVERYWHERE:
        assert county(each.code) == each
        assert area_of_address(each.head + "人民路1号") == each.code


def test_an_area_holds_the_counties_whose_codes_it_begins() -> None:
    assert county("130133") in counties_in("13")
    assert county("130133") in counties_in("1301")
    assert all(each.code.startswith("1301") for each in counties_in("1301"))


@pytest.mark.parametrize("unknown", ["440524", "9", "99", "000000"])
def test_an_unknown_area_has_no_counties(unknown: str) -> None:
    assert not counties_in(unknown)


@pytest.mark.parametrize(
    ("code", "head"),
    [
        ("110107", "北京市石景山区"),
        ("500229", "重庆市城口县"),
        ("130133", "河北省石家庄市赵县"),
        ("429004", "湖北省仙桃市"),
        ("659001", "新疆维吾尔自治区石河子市"),
        ("441900", "广东省东莞市"),
        ("620200", "甘肃省嘉峪关市"),
    ],
)
def test_an_address_begins_with_places_only_and_each_once(code: str, head: str) -> None:
    assert county(code).head == head


def test_no_statistical_area_is_left() -> None:
    heads = "".join(each.head for each in EVERYWHERE)

    assert not any(word in heads for word in ("市辖区", "直辖县级", "开发区", "委员会", "群岛"))


@pytest.mark.parametrize(
    ("code", "authority"),
    [
        ("130133", "赵县公安局"),
        ("152527", "太仆寺旗公安局"),
        ("451081", "靖西市公安局"),
        ("441900", "东莞市公安局"),
        ("110107", "北京市公安局石景山分局"),
        ("440305", "深圳市公安局南山分局"),
        ("310115", "上海市公安局浦东分局"),
        ("441803", "清远市公安局清新分局"),
        ("510402", "攀枝花市公安局东区分局"),
        ("520203", "六盘水市公安局六枝分局"),
        ("429021", "神农架林区公安局"),
    ],
)
def test_the_authority_is_the_office_of_the_region(code: str, authority: str) -> None:
    assert county(code).authority == authority


@pytest.mark.parametrize(
    ("address", "area"),
    [
        ("北京市石景山区高新技术园腾讯大楼", "110107"),
        ("河北省赵县城关镇1号", "130133"),
        ("石家庄市赵县城关镇1号", "130133"),
        ("仙桃市1号", "429004"),
        ("深圳市福强路1号", "4403"),
        ("广东省深圳市福强路1号", "4403"),
        ("河北省桥西区1号", "13"),
        ("山东省市中区1号", "37"),
        ("河北省", "13"),
    ],
)
def test_the_smallest_sure_area_at_the_head_of_an_address_counts(address: str, area: str) -> None:
    assert area_of_address(address) == area


@pytest.mark.parametrize(
    "address", ["", "城关镇1号", "住北京市石景山区", "神农架林区1号", "x" * 99]
)
def test_an_address_that_begins_with_no_known_area_has_none(address: str) -> None:
    assert area_of_address(address) == ""


def test_the_longest_head_has_its_documented_length() -> None:
    assert max(len(each.head) for each in EVERYWHERE) == LONGEST_HEAD


def test_the_unused_code_ends_in_00_and_no_county_has_it() -> None:
    taken = {each.code for each in EVERYWHERE}

    for each in EVERYWHERE:
        assert each.unused_code.endswith("00")
        assert each.unused_code not in taken
        assert each.unused_code[:2] == each.code[:2]


@pytest.mark.parametrize(
    ("code", "unused"), [("110107", "110100"), ("500229", "500200"), ("441900", "440000")]
)
def test_the_unused_code_is_that_of_the_surrounding_area(code: str, unused: str) -> None:
    assert county(code).unused_code == unused
