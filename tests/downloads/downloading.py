"""Builders of downloads."""

from collections.abc import Iterable
from typing import Any

import pytest

from mockocr.downloads.downloads import Downloads, Limits
from mockocr.downloads.policy import read_policy
from tests.downloads.servers import has_ipv6

MOST = 1000
TINY = Limits(seconds=0.05)
"""For servers that never answer."""

needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no ::1")


def no_lookup(name: str) -> Iterable[str]:
    raise AssertionError(f"{name} was asked for")


def downloads(*words: str, **more: Any) -> Downloads:
    """Downloads, by default from this machine only, and without name lookups."""
    return Downloads(read_policy(words or ["loopback"]), **{"resolve": no_lookup, **more})


def resolving(*addresses: str) -> Any:
    """Resolves a name to the first of these addresses, then to the second, and so on."""
    left = list(addresses)
    return lambda _: [left.pop(0)]
