from mockocr.people import tables
from mockocr.people.divisions import counties_in


def test_there_are_56_nations_printed_without_their_suffix() -> None:
    assert len(tables.NATIONS) == 56
    assert not any(nation.endswith("族") for nation in tables.NATIONS)
    assert max(tables.NATIONS, key=tables.NATIONS.__getitem__) == "汉"


def test_homes_and_own_names_are_of_nations_and_provinces_there_are() -> None:
    assert tables.HOMES.keys() | tables.OWN_NAMES.keys() <= tables.NATIONS.keys()
    assert all(counties_in(province) for province in tables.HOMES.values())


def test_no_person_has_the_same_name_as_the_father() -> None:
    assert not any(
        {*own.sons, *own.daughters} & {*own.fathers} for own in tables.OWN_NAMES.values()
    )
