"""Reading and writing of one connection, paused and resumed."""

import asyncio
from enum import Enum, auto


class Pause(Enum):
    """Why nothing is read."""

    BODY = auto()
    """The application has not read the body that was received."""
    BEHIND = auto()
    """Enough bytes wait behind a request that is not answered yet."""
    MEMORY = auto()
    """Other long bodies take all of the memory for them."""
    TURN = auto()
    """It is the turn of other connections."""


class Flow:
    """Reads while there is no reason to pause. uvicorn uses `write_paused`, `drain` and
    `resume_reading`, as of its own FlowControl."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._pauses: set[Pause] = set()
        self._writable = asyncio.Event()
        self._writable.set()
        self.write_paused = False

    def pause(self, reason: Pause) -> None:
        if not self._pauses:
            self._transport.pause_reading()
        self._pauses.add(reason)

    def is_paused_for(self, reason: Pause) -> bool:
        return reason in self._pauses

    def resume(self, reason: Pause) -> None:
        if reason not in self._pauses:
            return
        self._pauses.remove(reason)
        if not self._pauses and not self._transport.is_closing():
            self._transport.resume_reading()

    def resume_reading(self) -> None:
        """Called when the application asks for more of the body."""
        self.resume(Pause.BODY)

    def pause_writing(self) -> None:
        self.write_paused = True
        self._writable.clear()

    def resume_writing(self) -> None:
        self.write_paused = False
        self._writable.set()

    async def drain(self) -> None:
        """Waits until the client has read enough of the output, or has left."""
        await self._writable.wait()
