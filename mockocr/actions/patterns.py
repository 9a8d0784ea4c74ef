"""The size of a regular expression. It bounds the time that a search can take."""

import re

MAX_SIZE = 1000
"""A character is one step of a pattern, and a repetition counts as often as it may repeat."""
MAX_CHARACTERS = 65_536
"""A longer text matches no pattern. A request target and a header are shorter."""
MAX_SEARCH = 4_000_000
"""The limit of steps times characters, and so of the time of a search: about a nanosecond for each.
A text that is too long for a pattern does not match it: a pattern of 61 steps is searched in any
text, one of 1,000 steps in 4,000 characters."""
UNICODE_STEPS = 30
"""The steps of a character class such as `\\w`."""

_TOKEN = re.compile(
    r"""
    (?P<class_>\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\])
    | (?P<open>\((?:\?(?:P?<\w+>|[a-zA-Z-]*:))?)
    | (?P<close>\))
    | (?P<count>\{[^}]*\})
    | (?P<escape>\\(?:[pPxuU]\{[^}]*\}|.))
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)

_NUMBER = re.compile(r"\d{1,9}")
_HAS_UNICODE_CLASS = re.compile(r"\\[bBdDpPwW]")
_HAS_COMMENTS = re.compile(r"\(\?[a-zA-Z]*x")


def search_steps(pattern: str) -> int:
    """The most steps that a search takes for each character of a text."""
    return size(pattern) * (UNICODE_STEPS if _HAS_UNICODE_CLASS.search(pattern) else 1)


def max_characters(pattern: str) -> int:
    """The length of the longest text that a pattern is searched in."""
    return min(MAX_CHARACTERS, MAX_SEARCH // max(1, search_steps(pattern)))


def has_comments(pattern: str) -> bool:
    """Whether the pattern has the flag x, which lets a comment hide a repetition from `size`."""
    return _HAS_COMMENTS.search(pattern) is not None


def size(pattern: str) -> int:
    """An upper bound of the steps of a valid pattern; any number for an invalid one."""
    open_groups: list[int] = []
    total = last = 0
    for token in _TOKEN.finditer(pattern):
        match token.lastgroup:
            case "open":
                open_groups.append(total)
                total, last = 0, 0
            case "close" if open_groups:
                last = max(1, total)
                total = open_groups.pop() + last
            case "count":
                times = max(1, *map(int, _NUMBER.findall(token["count"])), 0)
                total += last * (times - 1)
                last *= times
            case "other" if token["other"] in "*+?|^$":
                pass
            case _:
                last = 1
                total += last
        if max(total, last) > MAX_SIZE:
            return max(total, last)
    return total + sum(open_groups)
