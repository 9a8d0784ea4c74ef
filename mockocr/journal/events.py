"""Events for clients of the admin API: calls, and changes of scenarios and accounts."""

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

Listener = Callable[[str, Mapping[str, Any]], None]
"""Receives the kind of an event and its data, in the thread that publishes it."""


class Events:
    """Passes events to the current listeners. Stores none."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listeners: tuple[Listener, ...] = ()

    @property
    def has_listeners(self) -> bool:
        return bool(self._listeners)

    def listen(self, listener: Listener) -> None:
        with self._lock:
            self._listeners = (*self._listeners, listener)

    def stop(self, listener: Listener) -> None:
        with self._lock:
            self._listeners = tuple(other for other in self._listeners if other is not listener)

    def publish(self, kind: str, describe: Callable[[], Mapping[str, Any]]) -> None:
        """`describe` returns the data of the event. It is called only if there are listeners."""
        if self._listeners:
            data = describe()
            for listener in self._listeners:
                listener(kind, data)
