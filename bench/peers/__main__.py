"""`python -m bench.peers`: installs all peers, or the named ones, into bench/.peers."""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Sequence

from bench.peers import PEERS
from bench.peers.peer import NotThereError, Peer


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    parser.add_argument("names", nargs="*", help=", ".join(peer.name for peer in PEERS))
    args = parser.parse_args()
    unknown = set(args.names) - {peer.name for peer in PEERS}
    if unknown:
        parser.error(f"no peers: {', '.join(sorted(unknown))}")
    missing = False
    for peer in PEERS:
        if peer.name not in (args.names or [peer.name]):
            continue
        try:
            install(peer)
            print(f"{peer.name}: {peer.installed}", flush=True)
        except NotThereError as error:
            missing = True
            peer.failure.write_text(str(error))
            print(f"{peer.name}: {error}", file=sys.stderr, flush=True)
    return int(missing)


def install(peer: Peer) -> None:
    """Installs a peer again, even if it is installed. Raises NotThereError with the reason if
    that fails."""
    shutil.rmtree(peer.folder, ignore_errors=True)
    peer.folder.mkdir(parents=True)
    if peer.registry == "npm":
        _run("npm", "install", "--no-audit", "--no-fund", *_npm(peer))
    else:
        venv = peer.folder / "venv"
        _run(sys.executable, "-m", "venv", str(venv))
        wanted = f"{peer.package}{peer.extra}=={peer.version}"
        _run(str(venv / "bin" / "python"), "-m", "pip", "install", "-q", wanted)
    if peer.needs and shutil.which(peer.needs) is None:
        raise NotThereError(f"{peer.needs} is not on this machine")
    peer.stamp.write_text(peer.installed)


def _npm(peer: Peer) -> Sequence[str]:
    return "--prefix", str(peer.folder), f"{peer.package}@{peer.version}"


def _run(*command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise NotThereError(f"{command[0]} cannot be run: {error.strerror}") from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["without a word"])[-1]
        raise NotThereError(f"{command[0]} fails: {last}")


if __name__ == "__main__":
    sys.exit(main())
