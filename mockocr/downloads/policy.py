"""Which ImageUrls are downloaded (--fetch): the hosts and ports, and the addresses that a host may
have. Pure.

- `none`: no URL.
- `loopback`: this machine, on any port: its addresses, `localhost` and names below `.localhost`.
  No name is looked up; `localhost` needs no lookup (RFC 6761, 6.3).
- `cards.example.com`, `192.168.1.7`, `[fd00::7]`: this host. The user knows it, so it may have
  private and loopback addresses too.
- `*.example.com`: hosts of this form. The single `*` is followed by a dot, and stands for one or
  more characters. Their addresses must be public, because others may control the names.
- `*`: every host with public addresses, written as a name or as an address.

Hosts are allowed on the ports 80 and 443, `cards.example.com:9000` on port 9000, `cards.test:*` on
any port. A URL that no word covers is not fetched; this is not a failure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mockocr.downloads.addresses import Kind, kind
from mockocr.downloads.urls import DEFAULT_PORTS, Host, Url, read_host

Reach = frozenset[Kind]
"""The kinds of addresses that a host may have."""

NOWHERE = Reach()
_THIS_MACHINE = frozenset({Kind.LOOPBACK})
_PUBLIC = frozenset({Kind.PUBLIC})
_ANYWHERE = frozenset({Kind.LOOPBACK, Kind.PRIVATE, Kind.PUBLIC})

_EXPECTED = "expected none, loopback, or host patterns such as *.example.com"
_WORD = re.compile(r"(\[[^\]]*\]|[^:\[\]]+)(?::([0-9]{1,5}|\*))?")
_USUAL_PORTS = frozenset(DEFAULT_PORTS.values())


@dataclass(frozen=True, slots=True)
class ThisMachine:
    def reach(self, url: Url) -> Reach:
        return _THIS_MACHINE if is_this_machine(url.host) else NOWHERE


@dataclass(frozen=True, slots=True)
class Named:
    host: Host
    ports: frozenset[int] | None
    """None: any."""

    def reach(self, url: Url) -> Reach:
        return _ANYWHERE if url.host == self.host and _is_in(url, self.ports) else NOWHERE


@dataclass(frozen=True, slots=True)
class Wildcard:
    before: str
    after: str
    ports: frozenset[int] | None
    """None: any."""

    def reach(self, url: Url) -> Reach:
        return _PUBLIC if self._covers(url.host) and _is_in(url, self.ports) else NOWHERE

    def _covers(self, host: Host) -> bool:
        if not self.before and not self.after:
            return True
        return (
            isinstance(host, str)
            and len(host) > len(self.before) + len(self.after)
            and host.startswith(self.before)
            and host.endswith(self.after)
        )


@dataclass(frozen=True, slots=True)
class Policy:
    words: tuple[ThisMachine | Named | Wildcard, ...] = ()
    """Empty: `none`."""

    def reach(self, url: Url) -> Reach:
        """The kinds of addresses that the host of the URL may have; empty if no word covers it."""
        return NOWHERE.union(*(word.reach(url) for word in self.words))


NONE = Policy()


def read_policy(texts: Iterable[str]) -> Policy:
    """The policy of the words of --fetch. Raises ValueError for an invalid word."""
    texts = list(texts)
    if texts == ["none"]:
        return NONE
    return Policy(tuple(map(_read_word, texts)))


def is_this_machine(host: Host) -> bool:
    """Whether a host is this machine by its name or address. Does not look up names."""
    if isinstance(host, str):
        return host == "localhost" or host.endswith(".localhost")
    return kind(host) is Kind.LOOPBACK


def _read_word(text: str) -> ThisMachine | Named | Wildcard:
    if text == "none":
        raise ValueError(f"{_EXPECTED}, got none and others: use none alone")
    if text == "loopback":
        return ThisMachine()
    found = _WORD.fullmatch(text)
    if not found:
        raise ValueError(f"{_EXPECTED}, got {text!r} (write IPv6 addresses in brackets)")
    host, ports = found[1], _read_ports(found[2])
    try:
        if "*" not in host:
            return Named(read_host(host), ports)
        return Wildcard(*_read_wildcard(host), ports)
    except ValueError:
        raise ValueError(f"{_EXPECTED}, got {text!r}") from None


def _read_wildcard(host: str) -> tuple[str, str]:
    """The texts before and after the `*`."""
    if host == "*":
        return "", ""
    at = host.index("*")
    name = read_host(f"{host[:at]}0{host[at + 1 :]}")
    if not isinstance(name, str) or name[: at + 1] != f"{host[:at]}0".lower():
        raise ValueError("the * is in an address, or in a label that is not ASCII")
    if "." not in name[at:]:
        raise ValueError("no dot after the *: 10.* would cover names such as 10.example.com")
    return name[:at], name[at + 1 :]


def _read_ports(text: str | None) -> frozenset[int] | None:
    match text:
        case None:
            return _USUAL_PORTS
        case "*":
            return None
        case _ if 0 < int(text) < 65536:
            return frozenset({int(text)})
        case _:
            raise ValueError(f"{_EXPECTED}, got the port {text}")


def _is_in(url: Url, ports: frozenset[int] | None) -> bool:
    return ports is None or url.port in ports
