"""Watches scenario files for changes while a server runs."""

import contextlib
import logging
from collections.abc import Callable, Iterator
from threading import Event, Thread

from mockocr.scenario.files import Files
from mockocr.scenario.registry import ScenarioRegistry
from mockocr.scenario.scenario import Scenario

logger = logging.getLogger("mockocr.scenarios")

POLL_SECONDS = 0.5
"""Polling also works for mounted folders and for editors that save by renaming. It takes less than
0.3 ms (docs/fidelity.md#server-polling)."""


def follow(files: Files, registry: ScenarioRegistry) -> bool:
    """Makes the scenarios in the files the active ones. Returns whether anything changed."""
    refused, editions = registry.refused, {each.edition for each in registry.from_files}
    is_changed, changes = files.look_again(), files.changes_of(registry.used())
    if not (is_changed or changes or files.errors() != refused):
        return False
    registry.set_from_files(files.scenarios(), files.errors())
    for old, new in changes:
        registry.replace(old, new)
    active = [*registry.from_files, *registry.used()]
    for source, error in registry.refused.items():
        if refused.get(source) != error:
            is_active = any(scenario.source == source for scenario in active)
            state = "its last good version stays active" if is_active else "it is not active"
            logger.warning("a scenario is refused, %s:\n%s", state, error)
    loaded = [each for each in registry.from_files if each.edition not in editions]
    for scenario in (*loaded, *(new for _, new in changes)):
        logger.info("the scenario %r is active, from %s", scenario.name, scenario.source)
        _log_warnings(scenario)
    return True


def _log_warnings(scenario: Scenario) -> None:
    for problem in scenario.warnings:
        logger.warning("%s%s: %s", scenario.source, problem.where(), problem.text)


@contextlib.contextmanager
def watching(
    files: Files, registry: ScenarioRegistry, changed: Callable[[], None]
) -> Iterator[None]:
    """Follows the files while the block runs, and calls `changed` after each change."""
    for scenario in registry.from_files:
        _log_warnings(scenario)
    stop = Event()

    def run() -> None:
        while not stop.wait(POLL_SECONDS):
            try:
                if follow(files, registry):
                    changed()
            except Exception:
                logger.exception("bug in mockocr: scenario files are not followed")

    thread = Thread(target=run, name="mockocr scenarios", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
