"""Chinese names, drawn by Faker's zh_CN person provider.

Importing Faker takes most of the time of the first generated person: import this module late.
"""

from random import Random

from faker.generator import Generator
from faker.providers.person.zh_CN import Provider

MISFILED = frozenset({"红霞"})
"""Given names that Faker 40.54 lists as men's and that are women's. The rule, which a test applies
to both of Faker's tables: every character of the name is in names of the other table, and none is
in another name of its own. Assumed: the unisex names are right where Faker has them (平, 玉)."""

_MENS = [name for name in Provider.first_names_male if name not in MISFILED]
_WOMENS = Provider.first_names_female + [
    name for name in Provider.first_names_male if name in MISFILED
]


class ChineseNames(Provider):
    """Surnames as frequent as Faker says, given names that agree with the sex."""

    __use_weighting__ = True
    first_names_male = _MENS
    first_names_female = _WOMENS


def full_name(chance: Random, sex: str) -> str:
    """A surname and a given name of a man (男) or a woman (anything else)."""
    generator = Generator()
    generator.random = chance
    names = ChineseNames(generator)
    surname = names.last_name()
    return surname + (names.first_name_male() if sex == "男" else names.first_name_female())
