"""A target that is a server. After many inputs it must still answer a good call, and must not
have grown."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from random import Random

from fuzz.calls import KEYS_FILE, a_good_call
from fuzz.memory import Bound
from fuzz.server import Server, serving
from fuzz.target import Target

MOST_GROWTH = 100 << 20


@contextmanager
def served(
    seeds: Sequence[bytes],
    changed: Callable[[Sequence[bytes], Random], bytes],
    tried: Callable[[Server, bytes], str],
) -> Iterator[Target]:
    flags = ("--tls-port=off", "--keys-file=keys.yaml", "--journal-calls=500")
    with serving(*flags, files={"keys.yaml": KEYS_FILE}) as server:
        memory = Bound(MOST_GROWTH, server.process.pid)

        def settled() -> None:
            server.insist_on(a_good_call())
            memory.look()

        yield Target(seeds, changed, partial(tried, server), settled)
