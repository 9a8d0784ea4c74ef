"""Looks at the files of scenarios again and again while a server runs."""

import contextlib
import logging
from collections.abc import Callable, Iterator
from threading import Event, Thread

from mockocr.scenario.files import Files
from mockocr.scenario.registry import ScenarioRegistry

logger = logging.getLogger("mockocr.scenarios")

POLL_SECONDS = 0.5
"""Polling sees mounted folders, and editors that save by renaming; it costs under 0.3 ms
(docs/fidelity.md#server-polling)."""


def follow(files: Files, registry: ScenarioRegistry) -> bool:
    """Plays what is in the files now; whether anything has changed."""
    known, playing = registry.refused, {it.edition for it in registry.from_files}
    if not files.look_again():
        return False
    registry.set_from_files(files.scenarios(), files.errors())
    for source, error in registry.refused.items():
        if known.get(source) != error:
            plays = any(it.source == source for it in registry.from_files)
            left = "what played goes on" if plays else "nothing of it plays"
            logger.warning("a scenario is refused, %s:\n%s", left, error)
    for scenario in registry.from_files:
        if scenario.edition not in playing:
            logger.info("the scenario %r plays, from %s", scenario.name, scenario.source)
    return True


@contextlib.contextmanager
def watching(
    files: Files, registry: ScenarioRegistry, changed: Callable[[], None]
) -> Iterator[None]:
    """Follows the files while the block runs; `changed` is called after each change."""
    stop = Event()

    def run() -> None:
        while not stop.wait(POLL_SECONDS):
            try:
                if follow(files, registry):
                    changed()
            except Exception:
                logger.exception("a bug of mockocr: the scenarios could not be followed")

    thread = Thread(target=run, name="mockocr scenarios", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
