"""The names of generated people."""

from random import Random

import pytest
from faker.providers.person.zh_CN import Provider

from mockocr.people.names import ChineseNames, full_name

MEN, WOMEN = ChineseNames.first_names_male, ChineseNames.first_names_female


def misfiled(own: list[str], other: list[str]) -> set[str]:
    """The names whose characters are all in the other sex's names, and in no other of their own."""
    return {
        name
        for name in own
        if set(name) <= set("".join(other))
        and set(name).isdisjoint("".join(one for one in own if one != name))
    }


def test_no_given_name_is_misfiled() -> None:
    assert misfiled(MEN, WOMEN) == misfiled(WOMEN, MEN) == set()


def test_every_name_of_faker_is_listed_once() -> None:
    assert sorted(MEN + WOMEN) == sorted(Provider.first_names)


@pytest.mark.parametrize(("sex", "given_names"), [("男", MEN), ("女", WOMEN)])
def test_a_name_is_a_surname_and_a_given_name_of_the_sex(sex: str, given_names: list[str]) -> None:
    chance = Random(7)  # noqa: S311 - no secret
    names = {full_name(chance, sex) for _ in range(500)}
    of_the_sex = {
        surname + given_name for surname in Provider.last_names for given_name in given_names
    }

    assert len(names) > 300
    assert names <= of_the_sex


def test_a_frequent_surname_is_drawn_often() -> None:
    chance = Random(7)  # noqa: S311 - no secret
    names = [full_name(chance, "女") for _ in range(1000)]

    assert sum(name.startswith(("王", "李", "张")) for name in names) > 150
