"""What happens, told to whoever listens at that moment."""

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

Listener = Callable[[str, Mapping[str, Any]], None]
"""Takes a kind of event and what is told of it; called in whatever thread it happened."""


class Events:
    """Tells listeners. Forgets an event as soon as it is told."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listeners: tuple[Listener, ...] = ()

    @property
    def heard(self) -> bool:
        """Whether somebody listens."""
        return bool(self._listeners)

    def listen(self, listener: Listener) -> None:
        with self._lock:
            self._listeners = (*self._listeners, listener)

    def stop(self, listener: Listener) -> None:
        with self._lock:
            self._listeners = tuple(it for it in self._listeners if it is not listener)

    def publish(self, kind: str, told: Callable[[], Mapping[str, Any]]) -> None:
        """`told` is asked only where somebody listens."""
        if self._listeners:
            facts = told()
            for listener in self._listeners:
                listener(kind, facts)
