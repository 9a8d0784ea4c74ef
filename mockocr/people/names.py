"""Chinese names from Faker's zh_CN person provider.

Import this module late: importing Faker takes 60 ms, more than all else for the first person.
"""

from random import Random

from faker.generator import Generator
from faker.providers.person.zh_CN import Provider

MISFILED = frozenset({"红霞"})
"""Women's given names that Faker 40.54 lists as men's. A test finds them in both of Faker's tables
by this rule: every character of the name occurs in names of the other table, and none in another
name of its own table. Assumed: Faker lists unisex names correctly (平, 玉)."""

_MENS = [name for name in Provider.first_names_male if name not in MISFILED]
_WOMENS = Provider.first_names_female + [
    name for name in Provider.first_names_male if name in MISFILED
]


class ChineseNames(Provider):
    """Surnames with Faker's frequencies, and given names that match the sex."""

    __use_weighting__ = True
    first_names_male = _MENS
    first_names_female = _WOMENS


def full_name(random: Random, sex: str) -> str:
    """A surname and a given name, of a man for 男, of a woman for any other sex."""
    generator = Generator()
    generator.random = random
    names = ChineseNames(generator)
    surname = names.last_name()
    return surname + (names.first_name_male() if sex == "男" else names.first_name_female())
