"""Accepts TLS connections, and counts them from then on. asyncio's own servers report a connection
only after its handshake, so they would not count silent clients."""

import asyncio
import socket
from collections.abc import Callable

from mockocr.server.limits import REFUSED_IN_WORDS
from mockocr.server.ports import Listener
from mockocr.server.state import ServerState

NO_FILES_PAUSE_SECONDS = 0.1
"""Before the next attempt, if the process may not open more files."""


class Handshakes:
    """Accepts connections on a port, and performs the handshake of each."""

    def __init__(
        self,
        listener: Listener,
        state: ServerState,
        connection: Callable[[], asyncio.BaseProtocol],
    ) -> None:
        self._listener = listener
        self._state = state
        self._connection = connection

    async def accept(self) -> None:
        loop, limits = asyncio.get_running_loop(), self._state.limits
        while True:
            try:
                accepted, _ = await loop.sock_accept(self._listener.socket)
            except OSError as error:
                self._state.limit_log.hit(f"cannot accept connections: {error.strerror}")
                await asyncio.sleep(NO_FILES_PAUSE_SECONDS)
                continue
            if self._state.handshakes >= limits.handshakes:
                self._state.limit_log.hit(f"more than {limits.handshakes} TLS handshakes at once")
                accepted.close()
            elif self._state.sockets() >= limits.connections + REFUSED_IN_WORDS:
                self._state.limit_log.hit(f"more than {limits.connections} connections at once")
                accepted.close()
            else:
                self._state.handshakes += 1
                self._state.start(loop.create_task(self._shake_hands(accepted)))
            # While clients keep connecting, accepting never waits: let other tasks run.
            await asyncio.sleep(0)

    async def _shake_hands(self, accepted: socket.socket) -> None:
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                self._connection,
                accepted,
                ssl=self._listener.tls,
                ssl_handshake_timeout=self._state.limits.handshake_seconds,
            )
        except ConnectionAbortedError:
            self._state.limit_log.hit("a TLS handshake was not complete in time")
        except OSError:
            # The client ended the handshake, or does not speak TLS.
            pass
        finally:
            self._state.handshakes -= 1
