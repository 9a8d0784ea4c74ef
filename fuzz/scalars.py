"""Scalars of YAML in scenarios: numbers of every base and length, dates, tags, quotes, aliases and
depth. Each is read, or refused with its location, within seconds."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random

from fuzz.corpus import corpus
from fuzz.memory import Bound
from fuzz.target import FoundError, Target
from mockocr.documents.document import DocumentError
from mockocr.documents.reading import parse_document
from mockocr.scenario.load import load

MOST_GROWTH = 200 << 20
MOST_CPU_SECONDS = 5

_DIGITS = ("0", "1", "7", "9", "59", "f", "_", "e", ".", ":", "-", "+", "00")
_HEADS = ("", "", "-", "+", "0x", "0b", "0o", "0", "-0x", "1:", "1.", ".", "1e", "1.0e+", "1.0e-")
_WORDS = (
    *(".inf", "-.INF", ".nan", "~", "null", "yes", "off", "y", "=", "<<", "2026-01-01", "", "?"),
    *(
        "2026-01-01T00:00:00.5+09:30",
        "true",
        "1_0",
        "0x_",
        "0b",
        "0x",
        "+",
        "--",
        "'a",
        '"\\ud800"',
    ),
    *('"\\x00"', "|", ">-", "&a 1", "*a", "!!int '9'", "!!float x", "!!bool 1", "!!null x"),
    *("!!binary =", "!!timestamp x", "!!omap []", "!!python/object:os.system x", "!x y"),
)
_PLACES = (
    "seed: {}",
    "account: {{rate: {}}}",
    "account: {{package: {}}}",
    "clock: {{freeze: {}}}",
    "clock: {{offset: {}}}",
    "contract: {}",
    "chaos: [{{error: InternalError, probability: {}}}]",
    "chaos: [{{error: InternalError, after_calls: {}, for: {}}}]",
    "rules: [{{name: {}, then: {{card: invented}}}}]",
    "rules: [{{name: a, priority: {}, then: {{card: invented, delay: {}}}}}]",
    "rules: [{{name: a, then: {{http: {}}}}}]",
    "rules: [{{name: a, then: {{card: invented, quality: {}, times: {}}}}}]",
    "rules: [{{name: a, then: {{card: invented, delay: {{uniform: [{}, {}]}}}}}}]",
    "rules: [{{name: a, when: {{picture: {{min_width: {}}}}}, then: {{card: invented}}}}]",
    "rules: [{{name: a, when: {{ImageUrl: {{regex: {}}}}}, then: {{card: invented}}}}]",
    "rules: [{{name: a, then: {{one_of: [{{card: invented, weight: {}}}]}}}}]",
    "expect: {{a: {}}}",
    "{}: {}",
    "a: [{}, {}]",
)


def _scalar(random: Random) -> str:
    if random.random() < 0.3:
        return random.choice(_WORDS)
    length = random.choice((1, 2, 5, 20, 99, 100, 101, 400, 5000))
    unit = random.choice(_DIGITS)
    digits = unit * length if random.random() < 0.6 else "".join(random.choices(_DIGITS, k=length))
    tag = random.choice(("", "", "", "!!int ", "!!float ", "!!bool ", "!!str "))
    return tag + random.choice(_HEADS) + digits


def changed(known: Sequence[bytes], random: Random) -> bytes:
    place = random.choice(_PLACES)
    text = place.format(*(_scalar(random) for _ in range(place.count("{}"))))
    match random.randrange(6):
        case 0:
            depth = random.choice((5, 31, 32, 33, 2000))
            text = "a: " + "[" * depth + text.replace("\n", " ") + "]" * depth
        case 1:
            text = "a0: &a0 [1]\n" + "".join(
                f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * random.choice((1, 9)))}]\n"
                for at in range(1, random.choice((3, 12, 40)))
            )
    return f"name: n\n{text}\n".encode(errors="surrogatepass")


def tried(content: bytes) -> str:
    begun = time.process_time()
    try:
        load(parse_document(content.decode(), "fuzzed"))
        outcome = "a scenario"
    except DocumentError as error:
        if not all(it.location and it.location.line >= 1 and it.text for it in error.problems):
            raise FoundError(f"no location, or no message: {error}") from None
        outcome = " ".join(error.problems[0].text.split()[:3])
    seconds = time.process_time() - begun
    if seconds > MOST_CPU_SECONDS:
        raise FoundError(f"it took {seconds:.1f} seconds")
    return outcome


@contextmanager
def target() -> Iterator[Target]:
    seeds: Iterator[bytes] = (changed((), Random(seed)) for seed in range(20))
    yield Target([*seeds, *corpus("scalars")], changed, tried, Bound(MOST_GROWTH).look)
