"""The tables of a run, in Markdown. Every number in them comes from `Results`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median

from bench import chinese
from bench.figure import Figure, Results, ratios
from bench.goals import GOALS, OURS, Goal
from bench.measures.growth import ACCOUNTS, JOURNAL, RULES
from bench.measures.memory import AFTER, CALLS, IDLE, PEAK
from bench.measures.pictures import CPU, P99_BESIDE
from bench.measures.sessions import FIRST_TEST, SESSION
from bench.measures.speed import CELLS, p99_of, rate_of
from bench.measures.starts import START, STOP
from bench.measures.steadiness import P99_AT_RATE
from bench.peers import PEERS
from bench.servers import BASELINE, FLOOR

NOTHING = "–"


def number(value: float) -> str:
    """With three digits, or all digits before the point."""
    decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{decimals}f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> str:
    """A table with `texts` columns of text, then columns of numbers."""
    line = ["---"] * texts + ["--:"] * (len(head) - texts)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, line, *rows))


def conditions(results: Results) -> str:
    return "\n".join(f"- {name}: {words}" for name, words in results.conditions.items())


def goals(results: Results) -> str:
    """The value by wrk, and the value by our own client."""
    head = (
        *("figure", "goal", "measured", "least - greatest", "", "own client", "mockocr"),
        "compared with",
    )
    return table(head, (_goal(goal, results.figures) for goal in GOALS))


def short(results: Results) -> str:
    shown = [_goal(goal, results.figures) for goal in GOALS if goal.short]
    rows = ((what, bound, found, verdict) for what, bound, found, _, verdict, *_ in shown)
    when = results.conditions["date"]
    head = ("figure", "goal", "measured", "")
    return f"{table(head, rows)}\n\nMeasured {when}, side by side in one run."


def short_zh(results: Results) -> str:
    """The same in Chinese."""
    rows = (_goal_zh(goal, results.figures) for goal in GOALS if goal.short)
    when = chinese.MEASURED.format(results.conditions["date"])
    return f"{table(chinese.HEAD, rows)}\n\n{when}"


def _goal_zh(goal: Goal, figures: Mapping[str, Figure]) -> Sequence[str]:
    values = goal.values(figures)
    what, bound = (
        chinese.GOALS[goal.what],
        f"{_sign(goal)} {chinese.BOUNDS[goal.unit].format(goal.bound)}",
    )
    if not values:
        return what, bound, NOTHING, chinese.NOT_MEASURED
    return (
        what,
        bound,
        f"**{number(median(values))}**",
        chinese.MET if goal.is_met(values) else chinese.MISSED,
    )


def _sign(goal: Goal) -> str:
    return "≥" if goal.at_least else "≤"


def _goal(goal: Goal, figures: Mapping[str, Figure]) -> Sequence[str]:
    values = goal.values(figures)
    what, bound = goal.what, f"{_sign(goal)} {goal.bound:g}{goal.unit}"
    if not values:
        return what, bound, NOTHING, NOTHING, "not measured", NOTHING, NOTHING, NOTHING
    return (
        what,
        bound,
        f"**{number(median(values))}**",
        f"{number(min(values))} - {number(max(values))}",
        "met" if goal.is_met(values) else "**missed**",
        _again(median(values), goal.values_again(figures)),
        _absolute(figures, *goal.found),
        _absolute(figures, *goal.against) if goal.against else "",
    )


AGREEMENT = 0.25
"""If two clients differ by more, they measure themselves or the machine."""


def _again(by_wrk: float, values: Sequence[float]) -> str:
    if not values:
        return ""
    typical = median(values)
    difference = typical / by_wrk - 1
    flag = f" (**differs by {difference:+.0%}**)" if abs(difference) > AGREEMENT else ""
    return f"{number(typical)}{flag}"


def _absolute(figures: Mapping[str, Figure], name: str, of: str) -> str:
    figure = figures[name]
    typical = figure.typical(of)
    return NOTHING if typical is None else f"{number(typical)}{figure.unit}"


def peers(results: Results) -> str:
    """Peers as multiples of the baseline in the same rounds; the p99 in milliseconds."""
    cells = ("240 B", 32), ("1 MB", 1)
    names = (START, STOP, IDLE, AFTER, PEAK, *map(rate_of, cells))
    head = ("server", *names, P99_AT_RATE, CALLS)
    lines = [
        (
            server,
            *(_multiple(results.figures[name], server) for name in names),
            _absolute(results.figures, P99_AT_RATE, server),
            _absolute(results.figures, CALLS, server),
        )
        for server in (OURS, BASELINE.name, *results.peers)
    ]
    return "\n\n".join([table(head, lines), *_reasons(results)])


def _multiple(figure: Figure, server: str) -> str:
    found = figure.found
    if server not in found:
        return NOTHING
    return number(median(ratios(found[server], found[BASELINE.name])))


def _reasons(results: Results) -> Sequence[str]:
    """The reasons for missing values, each once."""
    figures_by_reason = {f"{name}: {why}": ["all"] for name, why in results.absent.items()}
    for figure in results.figures.values():
        for server, why in figure.failed.items():
            text = why if why.startswith(server) else f"{server}: {why}"
            figures_by_reason.setdefault(text, []).append(figure.name)
    lines = [f"- {why} ({_some(names)})" for why, names in figures_by_reason.items()]
    return ["Not measured:\n\n" + "\n".join(lines)] if lines else []


def _some(names: Sequence[str]) -> str:
    return "; ".join(names) if len(names) <= 4 else f"{len(names)} figures"


def peers_setup(results: Results) -> str:
    remarks = {peer.name: peer.remark for peer in PEERS}
    rows = ((name, results.peers[name], remarks[name]) for name in results.peers)
    return table(("peer", "version", "how it answers"), rows, texts=3)


def requests(results: Results) -> str:
    return _by_size(results, rate_of)


def p99(results: Results) -> str:
    return _by_size(results, p99_of)


def _by_size(results: Results, name_of: Callable[[tuple[str, int]], str]) -> str:
    servers = (OURS, BASELINE.name, FLOOR.name, *results.peers)
    rows = []
    for size, connections in CELLS:
        figure = results.figures[name_of((size, connections))]
        found = (figure.typical(server) for server in servers)
        values = (NOTHING if value is None else number(value) for value in found)
        rows.append((f"{size} x {connections}", *values))
    return table(("body x connections", *servers), rows)


def pictures(results: Results) -> str:
    return "\n\n".join(
        [
            _typical(results.figures[CPU], CPU),
            _typical(results.figures[P99_BESIDE], P99_BESIDE),
        ]
    )


def growth(results: Results) -> str:
    figures = (results.figures[name] for name in (ACCOUNTS, RULES, JOURNAL))
    rows = (
        (f"{figure.name}: {of}", _spread(figure, of)) for figure in figures for of in figure.found
    )
    return table(("with", "µs a call"), rows)


def sessions(results: Results) -> str:
    return _typical(results.figures[SESSION], "in a thread of the tests")


def first_test(results: Results) -> str:
    if FIRST_TEST not in results.figures:
        return "Not measured in this run."
    return _typical(
        results.figures[FIRST_TEST], "CPU of a run of pytest, without that of pytest itself"
    )


def _typical(figure: Figure, what: str) -> str:
    rows = ((of, _spread(figure, of)) for of in figure.found)
    return table((what, figure.unit.strip()), rows)


def _spread(figure: Figure, of: str) -> str:
    values = figure.found[of]
    return f"{number(median(values))} ({number(min(values))} - {number(max(values))})"


BLOCKS: Mapping[str, Callable[[Results], str]] = {
    "conditions": conditions,
    "short": short,
    "short-zh": short_zh,
    "goals": goals,
    "peers": peers,
    "peers-setup": peers_setup,
    "requests": requests,
    "p99": p99,
    "pictures": pictures,
    "growth": growth,
    "sessions": sessions,
    "first-test": first_test,
}
"""By the name in a page's marker (`bench/pages.py`)."""
