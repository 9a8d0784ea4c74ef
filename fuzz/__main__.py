"""`python -m fuzz NAME`: fuzzes for some time, and prints the number of inputs and how to replay
a bug."""

import argparse
import hashlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from fuzz import authorization, bodies, containers, files, http, pictures, scalars
from fuzz.loop import Run, attempt, fuzz
from fuzz.target import FoundError, OpenTarget

TARGETS: dict[str, OpenTarget] = {
    "http": http.target,
    "bodies": bodies.target,
    "authorization": authorization.target,
    "files": files.target,
    "pictures": pictures.target,
    "containers": containers.target,
    "scalars": scalars.target,
}
ALL = "all"


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 if no bug was found, 1 if one was."""
    args = _parser().parse_args(arguments)
    args.folder.mkdir(parents=True, exist_ok=True)
    if args.name == ALL:
        return _all(args)
    if args.replay is not None:
        return _replayed(args.name, args.replay)
    last = args.folder / f"{args.name}-last-{args.seed}"
    try:
        with TARGETS[args.name]() as target:
            run = fuzz(target, args.seconds, args.seed, last)
    except FoundError as error:
        run = Run(found=str(error))
    _tell(args.name, run)
    if run.found is None:
        return 0
    digest = hashlib.sha256(run.input).hexdigest()[:12]
    finding = args.folder / f"{args.name}-{digest}"
    finding.write_bytes(run.input)
    for place, content in enumerate(reversed(run.before), start=1):
        finding.with_name(f"{finding.name}-before-{place}").write_bytes(content)
    print(f"found: {run.found}\nreplay: python -m fuzz {args.name} --replay {finding}")
    print("where that finds nothing, the cause is in one of the inputs before, kept beside it")
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("name", choices=[*TARGETS, ALL])
    parser.add_argument("--seconds", type=float, default=60, help="default: 60, each")
    parser.add_argument("--seed", type=int, default=0, help="another one makes other inputs")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="try just this input")
    parser.add_argument(
        "--folder", type=Path, default=Path("fuzz-findings"), help="default: fuzz-findings"
    )
    return parser


def _all(args: argparse.Namespace) -> int:
    """Fuzzes all targets in parallel, each in its own process, because one may crash."""
    more = (f"--seconds={args.seconds}", f"--seed={args.seed}", f"--folder={args.folder}")
    commands = {name: (sys.executable, "-m", "fuzz", name, *more) for name in TARGETS}
    running = {name: subprocess.Popen(command) for name, command in commands.items()}
    codes = {name: process.wait() for name, process in running.items()}
    for name, code in codes.items():
        if code not in (0, 1):
            last = args.folder / f"{name}-last-{args.seed}"
            print(f"{name}: died with {code}; replay: python -m fuzz {name} --replay {last}")
    return int(any(codes.values()))


def _replayed(name: str, file: Path) -> int:
    try:
        with TARGETS[name]() as target:
            outcome = attempt(target, file.read_bytes())
            target.settled()
    except FoundError as error:
        print(f"found: {error}")
        return 1
    print(f"nothing was found: {outcome}")
    return 0


def _tell(name: str, run: Run) -> None:
    common = "; ".join(f"{count} {outcome}" for outcome, count in run.outcomes.most_common(5))
    print(
        f"{name}: {run.inputs} inputs, {len(run.outcomes)} outcomes, the slowest took"
        f" {run.slowest_seconds:.2f} s; most often {common}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
