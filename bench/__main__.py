"""`python -m bench`: measures, and prints tables in Markdown. With --check, it exits with 1 if a
goal is missed."""

import argparse
import sys
import time
from collections.abc import Sequence

from bench.conditions import conditions
from bench.figure import Figure, Results
from bench.goals import GOALS
from bench.length import FULL, QUICK
from bench.load import NoWrkError, require_wrk
from bench.measures import measure
from bench.pages import MarkerError, keep, write
from bench.peers import PEERS
from bench.peers.peer import NotThereError
from bench.report import BLOCKS
from bench.servers import Server, WrongAnswerError


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--peers", action="store_true", help="other mock servers too")
    parser.add_argument("--check", action="store_true", help="exit with 1 where a goal is missed")
    parser.add_argument("--quick", action="store_true", help="shorter, and less sure")
    parser.add_argument(
        "--write", action="store_true", help="keep the results, and write them into the pages"
    )
    args = parser.parse_args()
    try:
        require_wrk()
        results = run(quick=args.quick, with_peers=args.peers)
        if args.write:
            keep(results)
            write(results)
    except (NoWrkError, WrongAnswerError, MarkerError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    print("\n\n".join(f"## {name}\n\n{block(results)}" for name, block in BLOCKS.items()))
    missed = [goal for goal in GOALS if not goal.is_met(goal.values(results.figures))]
    return int(args.check and bool(missed))


def run(*, quick: bool, with_peers: bool) -> Results:
    """Measures, with progress on stderr. Raises WrongAnswerError."""
    peers: list[Server] = []
    result, absent = {}, {}
    for peer in PEERS if with_peers else ():
        result[peer.name] = f"{peer.package} {peer.version}"
        try:
            peers.append(peer.server())
        except NotThereError as error:
            absent[peer.name] = str(error)
    here = conditions(quick=quick)
    begun = time.monotonic()
    figures: dict[str, Figure] = {}
    for figure in measure(QUICK if quick else FULL, peers):
        figures[figure.name] = figure
        print(_progress(time.monotonic() - begun, figure), file=sys.stderr, flush=True)
    took = f"{(time.monotonic() - begun) / 60:.0f} minutes"
    return Results({**here, "took": took}, result, absent, figures)


def _progress(seconds: float, figure: Figure) -> str:
    found = (f"{of} {figure.typical(of):,.1f}" for of in figure.found)
    failed: Sequence[str] = [f"{of}: {why}" for of, why in figure.failed.items()]
    return f"{seconds:4.0f} s  {figure.name}: {', '.join([*found, *failed])}{figure.unit}"


if __name__ == "__main__":
    sys.exit(main())
