"""names.txt."""

from faker.providers.person.zh_CN import Provider

from mockocr.people.names import NAMES


def test_names_are_those_of_faker_in_its_order() -> None:
    """What they are drawn from: with another table everybody would become somebody else."""
    assert list(NAMES.surnames.items()) == list(Provider.last_names.items())
    assert list(NAMES.sons) == list(Provider.first_names_male)
    assert list(NAMES.daughters) == list(Provider.first_names_female)
